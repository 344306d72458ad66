// The journal on the screen follows its file: what another shell or a supervisor does stands there too.
import {addJournal} from '../store/overlays.ts';
import type {JournalLine} from '../store/state.ts';
import type {ScreenContext} from './screen-context.ts';

const EVERY_MS = 2000;

/** Reads once what was written since. That it cannot be read is said once, until it can be. */
export const journalInto = (
  {store, say}: Pick<ScreenContext, 'store' | 'say'>,
  read: () => Promise<readonly JournalLine[]>,
): (() => Promise<void>) => {
  let isBroken = false;
  return async () => {
    try {
      const lines = await read();
      isBroken = false;
      if (lines.length > 0) {
        store.change(addJournal(lines));
      }
    } catch (error) {
      if (!isBroken) {
        say(`The journal cannot be read: ${error instanceof Error ? error.message : String(error)}`, 'error');
      }
      isBroken = true;
    }
  };
};

/** Follow until the screen ends. */
export const followJournal = ({readJournal, later}: Pick<ScreenContext, 'readJournal' | 'later'>): void => {
  const turn = (): void => {
    void readJournal?.().then(() => later(EVERY_MS, turn));
  };
  turn();
};
