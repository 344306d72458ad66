// Reads the journal back: lines, and what each action came to. Half-written lines are skipped.
import type {Outcome} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';
import {codeOf} from '../os/files.ts';
import type {LockHolder} from '../os/lock-file.ts';
import {readRows} from '../os/state-files.ts';
import {asJournalLine} from './check-line.ts';
import {type IntentLine, type JournalLine, type JournalTarget, journalPath, olderJournalPath} from './journal-file.ts';

/** One action as the journal tells it. `interrupted`: rigtop ended before it could write what came of it. */
export interface JournalEntry {
  readonly run: string;
  readonly plan: string;
  readonly action: Plan['action'];
  readonly asked: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** When it was last heard of. ISO 8601. */
  readonly lastAt: string;
  readonly state: 'done' | 'running' | 'interrupted';
  readonly by: LockHolder;
  readonly targets: readonly JournalTarget[];
  /** References of what it starts again. */
  readonly starts: readonly string[];
  /** Targets that the journal does not show to be gone: of an interrupted action, what may still be there. */
  readonly left: readonly JournalTarget[];
  readonly outcome: Outcome | null;
}

/** One row; null where it is no line of a journal (a crash in the middle of a write, another version's or program's line). */
export const parseRow = (row: string): JournalLine | null => {
  try {
    return asJournalLine(JSON.parse(row));
  } catch {
    return null;
  }
};

/** Every whole line; what is none is left away, by itself. */
export const parseJournal = (text: string): readonly JournalLine[] => text.split('\n').flatMap(row => parseRow(row) ?? []);

const readWhole = async (path: string, since = Number.NEGATIVE_INFINITY): Promise<readonly JournalLine[]> => {
  const lines: JournalLine[] = [];
  const take = (row: string): void => {
    const line = parseRow(row);
    if (line !== null && Date.parse(line.at) >= since) {
      lines.push(line);
    }
  };
  try {
    take((await readRows(path, 0, take)).rest);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') {
      throw error;
    }
  }
  return lines;
};

/** Lines of both files, oldest first; `since` is milliseconds since the epoch. Throws when a file is there and cannot be read. */
export const readJournal = async (directory: string, since?: number): Promise<readonly JournalLine[]> => [
  ...(await readWhole(olderJournalPath(directory), since)),
  ...(await readWhole(journalPath(directory), since)),
];

const DONE: ReadonlySet<string> = new Set(['gone', 'already-gone']);

/** Lines → actions, oldest first. `isAlive` says whether the rigtop that wrote an unfinished one still runs. */
export const gatherEntries = (lines: readonly JournalLine[], isAlive: (holder: LockHolder) => boolean): readonly JournalEntry[] => {
  const runs = new Map<string, JournalLine[]>();
  for (const line of lines) {
    const run = runs.get(line.run);
    if (run === undefined) {
      runs.set(line.run, [line]);
    } else {
      run.push(line);
    }
  }
  return [...runs.values()].flatMap(run => {
    const intents = run.filter((line): line is IntentLine => line.type === 'intent');
    const first = intents[0];
    if (first === undefined) {
      return [];
    }
    const end = run.find(line => line.type === 'outcome');
    const outcome = end?.type === 'outcome' ? end.outcome : null;
    const unfinished = isAlive(first.by) ? 'running' : 'interrupted';
    const targets = intents.flatMap(intent => intent.targets);
    const gone = new Set([
      ...run.flatMap(line => (line.type === 'step' && line.step === 'gone' ? line.refs : [])),
      ...[...(outcome?.targets ?? []), ...(outcome?.late ?? []), ...(outcome?.escaped ?? [])].flatMap(({ref, result}) =>
        DONE.has(result) ? [ref] : [],
      ),
    ]);
    return [
      {
        run: first.run,
        plan: first.plan,
        action: first.action,
        asked: first.asked,
        startedAt: first.at,
        endedAt: end?.at ?? null,
        lastAt: run.at(-1)?.at ?? first.at,
        state: outcome !== null ? 'done' : unfinished,
        by: first.by,
        targets,
        starts: first.starts ?? [],
        left: targets.filter(({ref}) => !gone.has(ref)),
        outcome,
      },
    ];
  });
};

/**
 * Actions that began before `run` did, in the order of the journal, to which every rigtop appends. The newer file is read first: what
 * is set aside in between is then read twice, not missed. Where the intent of `run` is not in it, the file was set aside as that was
 * written, and who came first is not known: everybody counts. Throws when a file is there and cannot be read.
 */
export const readAhead = async (
  directory: string,
  run: string,
  isAlive: (holder: LockHolder) => boolean,
): Promise<readonly JournalEntry[]> => {
  const newer = await readWhole(journalPath(directory));
  const older = await readWhole(olderJournalPath(directory));
  const entries = gatherEntries([...older, ...newer], isAlive);
  return newer.some(line => line.run === run)
    ? entries.slice(
        0,
        entries.findIndex(entry => entry.run === run),
      )
    : entries.filter(entry => entry.run !== run);
};
