// The title of the terminal says who needs a person, so that a tab, tmux and a phone show it.
import {type HintCounts, needYou} from '../core/domain/hint.ts';
import type {ScreenStore} from '../store/store.ts';
import {needWords} from '../words/hints.ts';

/** `rigtop: 12 ask, 6 done`. */
const titleOf = (doing: HintCounts): string => (needYou(doing) === 0 ? 'rigtop' : `rigtop: ${needWords(doing)}`);

/** Set the title (OSC 2), on the stack of titles where the terminal has one (XTWINOPS 22 and 23). The Linux console has no title. */
const PUSH = '\u001b[22;2t';
const POP = '\u001b[23;2t';
const hasTitle = (term: string | undefined): boolean => term !== undefined && term !== '' && !/^(?:dumb|linux)/.test(term);

/** Keep the title until the returned function is called. Writes only where it changes. */
export const keepTitle = (store: ScreenStore, write: (text: string) => void, term: string | undefined): (() => void) => {
  if (!hasTitle(term)) {
    return () => undefined;
  }
  let shown = '';
  const show = (): void => {
    const title = titleOf(store.getState().view.header.doing);
    if (title !== shown) {
      shown = title;
      write(`\u001b]2;${title}\u0007`);
    }
  };
  write(PUSH);
  show();
  const forget = store.subscribe(show);
  return () => {
    forget();
    write(POP);
  };
};
