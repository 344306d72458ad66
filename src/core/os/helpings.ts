// Lines on their way to whoever deals with them: in helpings with a rest behind each. What comes meanwhile waits together, up to a limit.

/** The least rest: whoever floods us waits for his pipe, and the screen goes on answering keys. */
const REST_MS = 10;
/** What may wait. Beyond it nothing is read: the pipe fills, and whoever writes into it waits. */
const MOST_WAITING_BYTES = 1024 * 1024;

export interface HelpingParts {
  /** Deals with lines; answers for how long the next ones are to wait, in milliseconds. */
  readonly hand: (lines: readonly string[]) => number;
  /** Read no more; read on. */
  readonly pause: () => void;
  readonly resume: () => void;
}

export interface Helpings {
  /** Whole lines as they came, joined by newlines, and how many bytes they were. */
  take(text: string, bytes: number): void;
  /** Nothing comes any more: what waits is handed over. */
  finish(): void;
  /** What waits is of no interest any more. */
  drop(): void;
}

export const createHelpings = ({hand, pause, resume}: HelpingParts): Helpings => {
  let waiting: string[] = [];
  let bytes = 0;
  let rest: NodeJS.Timeout | null = null;
  let isOver = false;
  const give = (): void => {
    rest = null;
    const lines = waiting.flatMap(text => text.split('\n'));
    waiting = [];
    bytes = 0;
    const restMs = lines.length === 0 ? null : hand(lines);
    if (isOver) {
      return;
    }
    rest = restMs === null ? null : setTimeout(give, Math.max(REST_MS, restMs));
    resume();
  };
  const drop = (): void => {
    isOver = true;
    waiting = [];
    if (rest !== null) {
      clearTimeout(rest);
    }
  };
  return {
    take: (text, more) => {
      waiting.push(text);
      bytes += more;
      if (rest === null) {
        give();
      } else if (bytes >= MOST_WAITING_BYTES) {
        pause();
      }
    },
    finish: () => {
      const last = waiting;
      drop();
      waiting = last;
      give();
    },
    drop,
  };
};
