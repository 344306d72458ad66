// The words of the badges, for who meets them on the screen: what each means and what to do about it. Pure.
import {FINDING_KINDS} from '../core/domain/finding.ts';
import type {HintState} from '../core/domain/hint.ts';
import {ownValue} from '../core/domain/own-value.ts';
import {agentBadge, type Badge, findingBadge, type Tone} from './badges.ts';
import {type Remedies, withoutCommands} from './describe-briefly.ts';
import {describeDoing, hintBadge} from './hints.ts';

export interface LegendEntry {
  readonly word: string;
  readonly tone: Tone;
  readonly text: string;
}

const HINTS: readonly HintState[] = ['asks', 'done', 'busy', 'stuck', 'idle'];

const entry = ({word, tone}: Badge, text: string): LegendEntry => ({word, tone, text});

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

/** States of agents, and the words that stand beside a name without being a verdict. */
const STATES: readonly LegendEntry[] = [
  ...HINTS.map(state => entry(hintBadge(state), `${sentence(describeDoing(state))} A hint, never a reason to end it.`)),
  entry(agentBadge('running'), 'Its program runs; nothing more is known.'),
  entry(agentBadge('stopped'), 'It does not run, and nothing says that it was at work.'),
  entry(agentBadge('parked'), 'It does not run, and is not meant to.'),
  entry(agentBadge('unknown'), 'Something needed for the answer could not be observed: shown, and never acted on.'),
];

/** Every word that a badge can be, those in `shown` first. */
export const describeLegend = (
  {meanings, remedies}: {readonly meanings: Remedies; readonly remedies: Remedies},
  shown: ReadonlySet<string>,
): readonly LegendEntry[] => {
  const verdicts = FINDING_KINDS.flatMap((kind): readonly LegendEntry[] => {
    const meaning = ownValue(meanings, kind);
    return meaning === undefined
      ? []
      : [entry(findingBadge({kind, certainty: 'sure'}), `${meaning} ${withoutCommands(ownValue(remedies, kind) ?? '')}`.trim())];
  });
  const all = [...STATES, ...verdicts];
  return [...all.filter(({word}) => shown.has(word)), ...all.filter(({word}) => !shown.has(word))];
};
