// Leaves the line of each look for `rigtop line`, while something runs that looks anyway: written when it changes, else touched now and then.
import {stateDirectory} from '../../core/act/state-directory.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import type {Engine} from '../../core/engine.ts';
import type {Host} from '../../core/os/host.ts';
import {readLeft} from '../../core/os/left-file.ts';
import {removeFile, replaceDocument, touchFile} from '../../core/os/state-files.ts';
import {statusLine} from '../../words/status-line.ts';
import type {Invocation} from '../command.ts';
import {formatLeftLine, leftLinePath, MOST_LEFT_BYTES, parseLeftLine, standingOf, TOUCH_MS} from './left-line.ts';

/** Where the line is written: the file alone, so that a test can count. */
export interface LineFile {
  read(): {readonly text: string; readonly at: number} | null;
  write(text: string): Promise<unknown>;
  touch(): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** Whoever shows all that `rigtop line` would look at by itself: not a demo, nor what was narrowed or widened on the command line. */
export const looksAtAll = ({flags, restrict}: Pick<Invocation, 'flags' | 'restrict'>): boolean =>
  restrict === undefined && flags.config === undefined && flags.towns.length + flags.repos.length + flags.sockets.length === 0;

export const lineFile = (host: Pick<Host, 'env' | 'home'>): LineFile => {
  const path = leftLinePath(stateDirectory(host.env, host.home));
  return {
    read: () => readLeft(path, MOST_LEFT_BYTES),
    write: text => replaceDocument(path, text, false),
    touch: () => touchFile(path),
    remove: () => removeFile(path),
  };
};

export interface LeavingParts {
  readonly host: Pick<Host, 'epochMs' | 'monotonicMs'>;
  readonly file: LineFile;
  readonly readsScreens: boolean;
}

const lookShown = ({fleet, findings, snapshot}: Assessment): readonly unknown[] => [fleet, findings, snapshot.sources];

/**
 * The same engine. That the line cannot be written is nobody's trouble: `rigtop line` looks for itself then. Where somebody reads screens
 * too and leaves what they say, one who does not read them leaves nothing.
 */
export const leavingLine = (engine: Engine, {host, file, readsScreens}: LeavingParts): Engine => {
  let shown: readonly unknown[] = [];
  let text = '';
  let touchedAt = Number.NEGATIVE_INFINITY;
  let working: Promise<unknown> = Promise.resolve();

  const isBetterLeft = (): boolean => {
    const found = readsScreens ? null : file.read();
    return found !== null && parseLeftLine(found.text)?.readsScreens === true && standingOf(host.epochMs() - found.at) === 'current';
  };
  const leave = (look: Assessment): void => {
    const next = lookShown(look);
    const isSame = next.every((part, at) => part === shown[at]);
    const blind = look.snapshot.sources.some(({state}) => state === 'unknown');
    const left = isSame ? text : formatLeftLine({line: statusLine(look), blind, readsScreens});
    shown = next;
    const isDue = host.monotonicMs() - touchedAt >= TOUCH_MS;
    if ((left === text && !isDue) || isBetterLeft()) {
      return;
    }
    // Another rigtop may have left its own meanwhile, or none may be there any more.
    const isThere = left === text && file.read()?.text === text;
    text = left;
    touchedAt = host.monotonicMs();
    working = working.then(() => (isThere ? file.touch() : file.write(left)));
  };
  const leaving = (refresh: Engine['refresh']) => async (): Promise<Assessment> => {
    const look = await refresh();
    leave(look);
    return look;
  };
  return {
    ...engine,
    refresh: leaving(engine.refresh),
    refreshUntilSettled: leaving(engine.refreshUntilSettled),
    close: async () => {
      await working;
      if (text !== '' && file.read()?.text === text) {
        await file.remove();
      }
      await engine.close();
    },
  };
};
