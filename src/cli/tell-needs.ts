// Tells of agents that need a person, and of commands that they were denied, as `[notify]` of the configuration asks for: by the bell, by a program, one notice at a time.
import type {NotifyConfig} from '../config/load.ts';
import type {JournalReader} from '../core/act/journal-reader.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import type {Engine} from '../core/engine.ts';
import type {Host} from '../core/os/host.ts';
import {type NeedNotice, noticeOfDenial, noticesBetween} from '../words/need-notices.ts';

const RUN_MS = 10_000;
/** A program that hangs must not be owed an endless list: the oldest are left away. */
const MOST_WAITING = 20;

export interface TellParts {
  readonly host: Pick<Host, 'run'>;
  readonly notify: NotifyConfig;
  readonly ring: () => void;
  /** In which the guard writes down what it denies. */
  readonly journal: JournalReader;
  /** Whether another rigtop runs the program for the same changes. */
  readonly isToldElsewhere: () => Promise<boolean>;
}

const createRunner = (host: Pick<Host, 'run'>, [file, ...args]: readonly string[]) => {
  const waiting: NeedNotice[] = [];
  let isRunning = false;
  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); file !== undefined && next !== undefined; next = waiting.shift()) {
      await host.run(file, args, {timeoutMs: RUN_MS, environment: 'whole', input: `${JSON.stringify(next)}\n`});
    }
    isRunning = false;
  };
  return (notices: readonly NeedNotice[]): void => {
    waiting.push(...notices);
    waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING));
    if (!isRunning) {
      isRunning = true;
      void drain();
    }
  };
};

/** Commands that were denied since the last call. A journal that cannot be read now is read at the next look. */
const denialsIn = async (journal: JournalReader, {snapshot}: Assessment): Promise<readonly NeedNotice[]> => {
  const lines = await journal.next().catch(() => []);
  return lines.flatMap(line => (line.type === 'refusal' && line.decision === 'deny' ? [noticeOfDenial(line, snapshot.hostname)] : []));
};

/** How much of the journal is read: what was denied since the last look. */
export const DENIALS_BYTES = 64 * 1024;

/** The same engine, each of whose looks is compared with the one before. It itself where nobody is to be told. */
export const tellingNeeds = (engine: Engine, {host, notify, ring, journal, isToldElsewhere}: TellParts): Engine => {
  const {bell, command} = notify;
  if (!bell && command === null) {
    return engine;
  }
  const run = command === null ? null : createRunner(host, command);
  let before: Assessment | null = null;
  const told = async (look: Assessment): Promise<Assessment> => {
    // What was denied before the first look is no news.
    const denials = await denialsIn(journal, look);
    const notices = [...(look === before ? [] : noticesBetween(before, look)), ...(before === null ? [] : denials)];
    before = look;
    if (notices.length > 0 && bell) {
      ring();
    }
    if (notices.length > 0 && run !== null && !(await isToldElsewhere())) {
      run(notices);
    }
    return look;
  };
  return {
    ...engine,
    refresh: async () => told(await engine.refresh()),
    refreshUntilSettled: async () => told(await engine.refreshUntilSettled()),
  };
};
