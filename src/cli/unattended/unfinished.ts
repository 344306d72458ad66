// What somebody began and never finished: found in the journal, checked against the processes of now, reported once.

import {isUnderWay} from '../../core/act/concurrent-actions.ts';
import {gatherEntries, type JournalEntry, readJournal} from '../../core/act/read-journal.ts';
import {epochNow} from '../../core/os/clock.ts';
import {isHolderAlive} from '../../core/os/holder.ts';

/** What a supervisor says of an interrupted action; `ref` marks in the journal that it has been said. */
export interface Unfinished {
  readonly text: string;
  readonly ref: string;
  readonly began: {readonly starts: readonly string[]; readonly at: number};
}

const runRef = (run: string): string => `run:${run}`;

const stateOf = ({left, by}: JournalEntry, bootId: string | null): string => {
  const processes = left.filter(({pid, startTime}) => pid !== null && startTime !== null);
  const alive = processes.filter(({pid, startTime}) =>
    isHolderAlive({pid: pid ?? 0, startTime: startTime ?? 0, bootId: by.bootId}, bootId),
  );
  const others = left.filter(({pid}) => pid === null);
  const names = (some: JournalEntry['left']): string => some.map(({ref}) => ref).join(', ');
  return [
    alive.length === 0 ? 'nothing of its processes is left' : `still there: ${names(alive)}`,
    ...(others.length === 0 ? [] : [`not shown to be gone: ${names(others)}`]),
  ].join('; ');
};

/** Interrupted actions of the journal that no supervisor has reported yet, oldest first. Throws when the journal cannot be read. */
export const findUnfinished = async (directory: string, bootId: string | null): Promise<readonly Unfinished[]> => {
  const lines = await readJournal(directory);
  const reported = new Set(lines.flatMap(line => (line.type === 'note' && line.ref !== null ? [line.ref] : [])));
  return gatherEntries(lines, holder => isHolderAlive(holder, bootId))
    .filter(({state, run}) => state === 'interrupted' && !reported.has(runRef(run)))
    .map(entry => ({
      ref: runRef(entry.run),
      began: {starts: entry.starts, at: Date.parse(entry.startedAt)},
      text: `an action was interrupted: ${entry.action} ${entry.asked.join(' ')} of ${entry.startedAt}; ${stateOf(entry, bootId)}. It is looked at anew, as if it had been tried`,
    }));
};

/** Somebody else who carries out something right now, a person at the screen or another supervisor; null when nobody does. */
export const findActing = async (directory: string, own: number, bootId: string | null): Promise<string | null> => {
  try {
    const entries = gatherEntries(await readJournal(directory), holder => isHolderAlive(holder, bootId));
    const now = epochNow();
    const other = entries.find(entry => isUnderWay(entry, now) && entry.by.pid !== own);
    return other === undefined ? null : `process ${other.by.pid} carries out ${other.action} ${other.asked.join(' ')} just now`;
  } catch (error) {
    return `whether somebody else acts is unknown: the journal cannot be read (${String(error)})`;
  }
};
