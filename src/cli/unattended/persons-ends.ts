// What people ended through rigtop, from the journal: a supervisor does not bring that back.
import type {IntentLine, JournalLine} from '../../core/act/journal-file.ts';
import {createJournalReader} from '../../core/act/journal-reader.ts';
import type {PersonsEnd} from '../../supervise/last-seen-places.ts';

/** Longer ago it does not matter: whatever was up since has been seen up since. */
const MEMORY_MS = 7 * 86_400_000;

const ENDINGS: ReadonlySet<IntentLine['action']> = new Set(['kill', 'flush', 'cleanup']);

const endsOf = (line: JournalLine, own: number): readonly PersonsEnd[] =>
  line.type === 'intent' && line.by.pid !== own && ENDINGS.has(line.action) && (line.starts ?? []).length === 0
    ? [{refs: [...line.asked, ...line.targets.map(({ref}) => ref)], at: Date.parse(line.at)}]
    : [];

/**
 * Endings of every rigtop but `own`, which starts again what it ends. Asked at each look while something kept is down, so only what has
 * been written to the journal since is read; while it cannot be read, what was known before.
 */
export const createPersonsEnds = (directory: string, own: number): ((now: number) => Promise<readonly PersonsEnd[]>) => {
  const reader = createJournalReader(directory);
  let ends: readonly PersonsEnd[] = [];
  return async now => {
    const lines = await reader.next().catch(() => []);
    const since = now - MEMORY_MS;
    ends = [...ends, ...lines.flatMap(line => endsOf(line, own))].filter(({at}) => at >= since);
    return ends;
  };
};
