// What is said of a verdict besides its title: what it suspects, what protects, how often it was given. Pure.
import {compareWords} from '../core/domain/compare-words.ts';
import type {Finding, Protection} from '../core/domain/finding.ts';
import {type Badge, findingBadge, suspicionWord} from './badges.ts';

/** What an unsure verdict suspects: `orphan`; null where it is sure, or says itself what is unknown. */
export const suspicionOf = (finding: Pick<Finding, 'kind' | 'certainty'>): string | null =>
  findingBadge(finding).word === 'UNKNOWN' ? suspicionWord(finding.kind) : null;

/** `protected (crew): max is crew`. */
export const describeProtection = ({rule, because}: Pick<Protection, 'rule' | 'because'>): string => `protected (${rule}): ${because}`;

/** How a protection is lifted on a command line; empty where it cannot be. */
export const howToLift = (unlock: string | null): string => (unlock === null ? '' : `; --unlock ${unlock} lifts this`);

export interface BadgeCount extends Badge {
  readonly count: number;
}

const WEIGHTS: ReadonlyMap<string, number> = new Map(Object.entries({danger: 0, warning: 1, quiet: 2, unknown: 3}));

const weightOf = ({tone}: Badge): number => WEIGHTS.get(tone) ?? 4;

/** The worst first, then the most frequent. */
export const byWeight = (one: BadgeCount, other: BadgeCount): number =>
  weightOf(one) - weightOf(other) || other.count - one.count || compareWords(one.word, other.word);

/** How often each verdict was given: the worst first, then the most frequent. */
export const countVerdicts = (findings: readonly Finding[]): readonly BadgeCount[] => {
  const counts = new Map<string, BadgeCount>();
  for (const badge of findings.map(findingBadge)) {
    counts.set(badge.word, {...badge, count: (counts.get(badge.word)?.count ?? 0) + 1});
  }
  return [...counts.values()].toSorted(byWeight);
};

/** A title behind its subject, which it may begin with. */
export const titleAfter = (title: string, subject: string): string =>
  title.startsWith(`${subject} `) ? title.slice(subject.length + 1) : title;

/** What a title says in the row of `ref`, which is named there already. */
export const titleBeside = (title: string, ref: string): string => titleAfter(title, ref).replaceAll(ref, 'its agent');
