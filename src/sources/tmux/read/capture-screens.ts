// The screens of several panes of one tmux server in one call, with what tmux knows of each. Reads only.
import type {PaneScreen} from '../../../core/look/multiplexer-source.ts';
import type {Host} from '../../../core/os/host.ts';
import {randomHex} from '../../../core/os/random-hex.ts';
import {distrustSocket} from './tmux-door.ts';

/** Nine words for each; tmux takes a thousand in one command from 3.8 on. */
const PANES_PER_CALL = 100;

const wholeOf = (text: string | undefined): number | null => (/^\d+$/.test(text ?? '') ? Number(text) : null);

/** The commands that print each pane under its mark, with what tmux knows of it; a line that the terminal has wrapped is one. */
export const captureWords = (mark: string, paneIds: readonly string[]): readonly string[] => {
  // display-message runs its text through strftime(3) before its formats are filled in, so that an id comes through as a format only.
  const head = `${mark}#{pane_id}|#{pane_width}|#{window_activity}|#{session_last_attached}`;
  return paneIds.flatMap(id => ['display-message', '-p', '-t', id, head, ';', 'capture-pane', '-p', '-J', '-t', id, ';']).slice(0, -1);
};

const parseScreen = (part: string): PaneScreen => {
  const [head = '', ...text] = part.split('\n');
  const [paneId = '', width, writtenAt, attachedAt] = head.split('|');
  const lines = text.map(line => line.trimEnd());
  const last = lines.findLastIndex(line => line !== '');
  return {
    paneId,
    width: wholeOf(width) ?? 0,
    writtenAt: wholeOf(writtenAt),
    attachedAt: wholeOf(attachedAt),
    lines: lines.slice(0, last + 1),
  };
};

/** What was printed → the screens of these panes, in the order of the question. */
export const parseScreens = (text: string, mark: string, paneIds: readonly string[]): readonly PaneScreen[] =>
  text
    .split(mark)
    .slice(1)
    .map(parseScreen)
    .filter(({paneId}) => paneIds.includes(paneId));

const captureSome = async (
  host: Pick<Host, 'run'>,
  socket: string,
  paneIds: readonly string[],
  timeoutMs: number,
): Promise<readonly PaneScreen[]> => {
  // Random, so that no text in a pane can pretend to be the next pane.
  const mark = `=${randomHex(8)}=`;
  const {stdout, exitCode} = await host.run('tmux', ['-u', '-S', socket, ...captureWords(mark, paneIds)], {timeoutMs});
  const screens = parseScreens(stdout, mark, paneIds);
  // tmux stops at the first command that fails, at a pane that has ended for example: what was printed before is good.
  return exitCode === 0 ? screens : screens.filter(({lines}) => lines.length > 0);
};

/** A pane that is gone has no entry; nor has any, where the server does not answer or is not to be spoken to. */
export const captureScreens = async (
  host: Pick<Host, 'run' | 'files' | 'uid'>,
  socket: string,
  paneIds: readonly string[],
  timeoutMs: number,
): Promise<readonly PaneScreen[]> => {
  if (paneIds.length === 0 || (await distrustSocket(host, socket)) !== null) {
    return [];
  }
  const screens: PaneScreen[] = [];
  for (let from = 0; from < paneIds.length; from += PANES_PER_CALL) {
    screens.push(...(await captureSome(host, socket, paneIds.slice(from, from + PANES_PER_CALL), timeoutMs)));
  }
  return screens;
};
