// Tells a program of a person's choice what a supervisor notes, one note at a time. No round ever waits for it.
import type {Host} from '../../core/os/host.ts';
import type {RoundNote} from '../../supervise/record.ts';

const RUN_MS = 10_000;
/** A notifier that hangs must not be owed an endless list; what is left away is counted. */
const MOST_WAITING = 20;
/** How long the last words are waited for at the end. */
const LAST_WORDS_MS = 3_000;

export interface Notifier {
  send(note: RoundNote): void;
  /** Another program after a reload; null: nobody. */
  use(command: readonly string[] | null): void;
  /** Waits for what is under way, but not for long. */
  close(): Promise<void>;
}

export interface NotifierParts {
  readonly host: Host;
  readonly command: readonly string[] | null;
  /** Told when the program fails. */
  readonly complain: (because: string) => void;
}

/** What a supervisor says of itself: that it halted after a mass death, or acts no more. Left away only when nothing else waits. */
const isOfItself = ({what, ref}: RoundNote): boolean => what === 'said' && ref === null;

export const createNotifier = ({host, command: first, complain}: NotifierParts): Notifier => {
  let command = first;
  let waiting: RoundNote[] = [];
  let leftAway = 0;
  let running: Promise<void> | null = null;

  const runOne = async (note: RoundNote): Promise<void> => {
    const [file, ...args] = command ?? [];
    if (file === undefined) {
      return;
    }
    const input = `${JSON.stringify({schema: 'rigtop/note@1', host: host.hostname, ...note})}\n`;
    const {exitCode, trouble} = await host.run(file, args, {timeoutMs: RUN_MS, environment: 'whole', input});
    if (exitCode !== 0 && trouble !== 'aborted') {
      complain(trouble ?? `exit code ${exitCode ?? 'none, it was ended by a signal'}`);
    }
  };

  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await runOne(next);
      if (waiting.length === 0 && leftAway > 0) {
        const text = `${leftAway} more notes were left away: rigtop journal`;
        leftAway = 0;
        waiting.push({...next, what: 'said', text, ref: null});
      }
    }
    running = null;
  };

  return {
    send: note => {
      if (command === null) {
        return;
      }
      waiting.push(note);
      if (waiting.length > MOST_WAITING) {
        const lesser = waiting.findIndex(each => !isOfItself(each));
        waiting.splice(Math.max(0, lesser), 1);
        leftAway += 1;
      }
      running ??= drain();
    },
    use: next => {
      command = next;
    },
    close: async () => {
      const enough = new AbortController();
      await Promise.race([running, host.sleep(LAST_WORDS_MS, enough.signal).catch(() => undefined)]);
      enough.abort();
      waiting = [];
    },
  };
};
