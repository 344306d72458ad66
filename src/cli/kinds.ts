// Kinds of findings as people write them: the kind's own name, or the word of its badge on the screen, which may mean several. Pure.

import {FINDING_KINDS, type FindingKind} from '../core/domain/finding.ts';
import {closestWord} from '../core/domain/spelling.ts';
import {suspicionWord} from '../words/badges.ts';
import {type Failure, wrongUsage} from './failure.ts';

const kindsOf = (word: string): readonly FindingKind[] => {
  const lower = word.toLowerCase();
  return FINDING_KINDS.filter(kind => kind === lower || suspicionWord(kind) === lower);
};

/** Words that mean a kind or several: `wrong-owner`, `orphan`, `ZOMBIE`. For completion, the kinds first. */
export const KIND_WORDS: readonly string[] = [...new Set([...FINDING_KINDS, ...FINDING_KINDS.map(suspicionWord)])];

/** The kinds that `words` mean, or a failure that names the nearest word. `flag` and `also` are for that failure. */
export const parseKinds = (words: readonly string[], flag: string, also: readonly string[] = []): readonly FindingKind[] | Failure => {
  const wrong = words.find(word => kindsOf(word).length === 0);
  if (wrong === undefined) {
    return [...new Set(words.flatMap(kindsOf))];
  }
  const known = [...also, ...KIND_WORDS];
  const close = closestWord(wrong.toLowerCase(), known);
  return wrongUsage(`${flag} knows no kind "${wrong}"`, close === null ? `it takes ${known.join(', ')}` : `did you mean ${close}?`);
};
