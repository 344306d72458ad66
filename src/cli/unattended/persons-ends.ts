// What people ended through rigtop, from the journal: a supervisor does not bring that back.
import {gatherEntries, type JournalEntry, readJournal} from '../../core/act/read-journal.ts';
import type {PersonsEnd} from '../../supervise/last-seen-places.ts';

/** Longer ago it does not matter: whatever was up since has been seen up since. */
const MEMORY_MS = 7 * 86_400_000;

const ENDINGS: ReadonlySet<JournalEntry['action']> = new Set(['kill', 'flush', 'cleanup']);

/** Endings of every rigtop but `own`, which starts again what it ends; none when the journal cannot be read. */
export const readPersonsEnds = async (directory: string, own: number, now: number): Promise<readonly PersonsEnd[]> => {
  try {
    return gatherEntries(await readJournal(directory, now - MEMORY_MS), () => false)
      .filter(({by, action, starts}) => by.pid !== own && ENDINGS.has(action) && starts.length === 0)
      .map(({asked, targets, startedAt}) => ({refs: [...asked, ...targets.map(({ref}) => ref)], at: Date.parse(startedAt)}));
  } catch {
    return [];
  }
};
