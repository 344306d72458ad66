// Texts for a person's clipboard: where they went is said only as far as it is known.
import {openOverlay} from '../store/overlays.ts';
import {topOverlay} from '../store/state.ts';
import {widthOf} from './format.ts';
import type {Outside} from './outside.ts';
import type {ScreenContext} from './screen-context.ts';

/** Set clipboard, of xterm's control sequences (OSC 52): no terminal answers whether it has. */
const setClipboard = (text: string): string => `\u001b]52;c;${Buffer.from(text, 'utf8').toString('base64')}\u0007`;

/** Multiplexers and consoles that do not pass the sequence on unless they were told to. */
const DEAF = /^(?:tmux|screen|linux|dumb|$)/;

export interface ClipboardParts {
  /** Where rigtop itself runs: in a pane of a multiplexer that keeps texts, or not. */
  readonly outside: Pick<Outside, 'keepText'> | null;
  readonly term: string | undefined;
  write(text: string): void;
  columns(): number;
}

const place = async (text: string, {outside, term, write}: ClipboardParts): Promise<string> => {
  const isKept = (await outside?.keepText(text)) ?? null;
  if (isKept !== null) {
    return isKept ? 'Copied' : 'To copy';
  }
  if (DEAF.test(term ?? '')) {
    return 'To copy';
  }
  write(setClipboard(text));
  return 'Sent to the terminal’s clipboard';
};

/** Puts a text there, and shows it: in the message line, which takes no key, where it has room; else by itself. */
export const copyText = async ({store, say}: Pick<ScreenContext, 'store' | 'say'>, text: string, parts: ClipboardParts): Promise<void> => {
  const title = await place(text, parts);
  const line = `${title}: ${text}`;
  // A dialog covers the message line.
  const isCovered = topOverlay(store.getState()) !== null;
  if (!isCovered && !text.includes('\n') && widthOf(line) < parts.columns()) {
    say(line);
  } else {
    store.change(openOverlay({kind: 'copy', title, text, scroll: 0}));
  }
};
