// One screen read after another: what it says, and since when. Pure.

import type {ScreenReading, ScreenSays} from '../domain/hint.ts';
import type {PaneScreen} from './multiplexer-source.ts';

/** A pane in which an agent runs. */
export interface WatchedPane {
  readonly socket: string;
  readonly paneId: string;
  /** Table key of its program; null where it could not be told. */
  readonly runtime: string | null;
}

/** What there is to read of one screen. */
export interface SeenScreen {
  readonly lines: readonly string[];
  readonly width: number;
  readonly runtime: string | null;
  /** How long it has stood still, as far as is known. */
  readonly unchangedMs: number;
}

/** What is remembered of a screen until it is read again. */
export interface ReadScreen {
  readonly reading: ScreenReading;
  readonly lines: readonly string[];
  /** Milliseconds since the epoch: since when the lines are these. */
  readonly still: number;
}

const TAIL_LINES = 40;
/** Attaching makes programs draw their screen anew: what was written this soon afterwards is no answer to anybody. */
const REDRAW_MS = 5000;

export const sameLines = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((line, at) => line === other[at]);

type Saying = Omit<ScreenSays, 'above'>;

const rests = (state: ScreenSays['state']): boolean => state === 'done' || state === 'idle';

/** Whether a screen still says the same: of a question its words count, of work and rest only that they go on. */
const goesOn = (before: ScreenReading, now: Saying): boolean =>
  (before.state === now.state || (rests(before.state) && rests(now.state))) && (now.state !== 'asks' || before.text === now.text);

/** What is finished and was looked at since is nothing that anybody waits for. */
const settled = (says: Saying, since: number, {attachedAt}: PaneScreen): Saying =>
  says.state === 'done' && attachedAt !== null && attachedAt * 1000 >= since - REDRAW_MS ? {...says, state: 'idle'} : says;

/** Since when the lines are these. At the first reading tmux knows it: nothing was written since. */
const stillSince = (before: ReadScreen | undefined, {lines, writtenAt}: PaneScreen, now: number): number => {
  if (before === undefined) {
    return writtenAt === null ? now : Math.min(now, writtenAt * 1000);
  }
  return sameLines(before.lines, lines) ? before.still : now;
};

/** `now` is in milliseconds since the epoch; `read` says what a screen says. */
export const readPaneScreen = (
  before: ReadScreen | undefined,
  {socket, paneId, runtime}: WatchedPane,
  screen: PaneScreen,
  {now, read}: {readonly now: number; readonly read: (screen: SeenScreen) => ScreenSays},
): ReadScreen => {
  const {lines, width} = screen;
  const still = stillSince(before, screen, now);
  const {above, ...said} = read({lines, width, runtime, unchangedMs: now - still});
  const since = before !== undefined && goesOn(before.reading, said) ? (before.reading.since ?? still) : still;
  const tail = lines
    .filter(line => line.trimEnd() !== '')
    .slice(0, above)
    .slice(-TAIL_LINES);
  return {reading: {socket, paneId, ...settled(said, since, screen), since, tail}, lines, still};
};
