// What rigtop is about to do and what came of it, one JSON object per line. The intent is on disk before the first signal: rule 9 of
// docs/safety.md.
import type {Outcome} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';
import type {ProcessId} from '../domain/process.ts';
import type {Host} from '../os/host.ts';
import {type LockHolder, takeLock} from '../os/lock-file.ts';
import {appendLine, measure, renameFile, type Written} from '../os/state-files.ts';

export interface JournalTarget {
  readonly ref: string;
  readonly pid: number | null;
  readonly startTime: number | null;
  readonly command: string;
}

interface LineBase {
  readonly schema: 'rigtop/journal@1';
  /** Names one action; every line of it carries the same. */
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What is about to be signalled. A further one with `more` is written before anything that was found later. */
export interface IntentLine extends LineBase {
  readonly type: 'intent';
  readonly more: boolean;
  readonly plan: string;
  readonly action: Plan['action'];
  readonly asked: readonly string[];
  readonly force: boolean;
  readonly host: string;
  /** The rigtop that acts. */
  readonly by: LockHolder;
  readonly targets: readonly JournalTarget[];
  /** References of what is started again once they are gone. Missing in lines of rigtop before it wrote them. */
  readonly starts?: readonly string[];
}

/** How far an action got. Not waited for: a crash may lose the last ones. */
export interface StepLine extends LineBase {
  readonly type: 'step';
  readonly step: 'term' | 'kill' | 'gone';
  readonly refs: readonly string[];
}

export interface OutcomeLine extends LineBase {
  readonly type: 'outcome';
  readonly outcome: Outcome;
}

/** Something a supervisor did, held back or said; not part of an action's own lines. */
export interface NoteLine extends LineBase {
  readonly type: 'note';
  readonly what: string;
  readonly ref: string | null;
  readonly text: string;
}

/** A command of an agent that the guard has not let run by itself. */
export interface RefusalLine extends LineBase {
  readonly type: 'refusal';
  readonly decision: 'deny' | 'ask';
  /** The agent program whose hook asked; null where a person did. */
  readonly program: string | null;
  /** Where it would have run, absolute; null where that was not said. */
  readonly cwd: string | null;
  readonly command: string;
  /** Who would have been ended and is not, or may not be, the agent’s own. */
  readonly targets: readonly JournalTarget[];
  /** Why whom it would end could not be told. */
  readonly undecided: readonly string[];
}

export type JournalLine = IntentLine | StepLine | OutcomeLine | NoteLine | RefusalLine;

/** The lines of one action, in order. */
export interface JournalRun {
  intent(targets: readonly JournalTarget[], more: boolean): Promise<Written>;
  step(step: StepLine['step'], refs: readonly string[]): Promise<Written>;
  outcome(outcome: Outcome): Promise<Written>;
}

export interface Journal {
  readonly path: string;
  begin(run: string, plan: Plan): JournalRun;
}

/** A journal that takes notes beside actions. */
export interface Notebook extends Journal {
  /** A line of its own; `run` names who writes it. */
  note(run: string, note: Pick<NoteLine, 'what' | 'ref' | 'text'>): Promise<Written>;
  refusal(run: string, refusal: Omit<RefusalLine, keyof LineBase | 'type'>): Promise<Written>;
}

export interface JournalParts {
  readonly host: Pick<Host, 'epochMs' | 'bootId' | 'hostname'>;
  /** `$XDG_STATE_HOME/rigtop` (see state-directory.ts). */
  readonly directory: string;
  readonly own: ProcessId;
  /** False only when it is proven that this process is gone. */
  isAlive(holder: LockHolder): boolean;
  /** One file's size before it is set aside; two are kept. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 4 * 1024 * 1024;

export const journalPath = (directory: string): string => `${directory}/journal.jsonl`;
export const olderJournalPath = (directory: string): string => `${directory}/journal.1.jsonl`;

export const createJournal = ({host, directory, own, isAlive, maxBytes = MAX_BYTES}: JournalParts): Notebook => {
  const path = journalPath(directory);
  const by: LockHolder = {pid: own.pid, startTime: own.startTime, bootId: host.bootId};

  /** Set a full file aside. Who finds the lock taken leaves it to its holder; a line more does not matter. */
  const rotate = async (): Promise<void> => {
    const before = await measure(path);
    if (before === null || before.size < maxBytes) {
      return;
    }
    const lock = await takeLock(`${directory}/journal.lock`, {own: by, isAlive});
    if (lock.state !== 'held') {
      return;
    }
    try {
      const now = await measure(path);
      if (now !== null && now.inode === before.inode && now.size >= maxBytes) {
        await renameFile(path, olderJournalPath(directory));
      }
    } finally {
      await lock.release();
    }
  };

  const write = async (line: JournalLine, durable: boolean): Promise<Written> => {
    try {
      await rotate();
    } catch {
      // A file that cannot be set aside can still be written to; if not, the next line says so.
    }
    return appendLine(path, JSON.stringify(line), durable);
  };

  const baseOf = (run: string) => ({schema: 'rigtop/journal@1', run, at: new Date(host.epochMs()).toISOString()}) as const;

  return {
    path,
    note: (run, note) => write({...baseOf(run), type: 'note', ...note}, false),
    refusal: (run, refusal) => write({...baseOf(run), type: 'refusal', ...refusal}, false),
    begin: (run, plan) => {
      const base = () => baseOf(run);
      return {
        intent: (targets, more) =>
          write(
            {
              ...base(),
              type: 'intent',
              more,
              plan: plan.id,
              action: plan.action,
              asked: plan.asked,
              force: plan.force,
              host: host.hostname,
              by,
              targets,
              starts: plan.starts.map(({ref}) => ref),
            },
            true,
          ),
        step: (step, refs) => write({...base(), type: 'step', step, refs}, false),
        outcome: outcome => write({...base(), type: 'outcome', outcome}, true),
      };
    },
  };
};
