// What has changed from one look to the next, a line each: what agents do, and what is found. Pure.
import type {Agent} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {type Badge, findingBadge} from './badges.ts';
import {suspicionOf, titleAfter} from './describe-finding.ts';
import {doingBadge, doingText} from './hints.ts';

/** `was` is the word before, in lower case; null where it was not there. */
export type FleetChange =
  | {readonly what: 'agent'; readonly agent: Agent; readonly was: string | null}
  /** It is not there any more, in no state. */
  | {readonly what: 'gone'; readonly agent: Agent; readonly was: string}
  | {readonly what: 'found' | 'cleared'; readonly finding: Finding};

/** What an agent does, or else the state it is in, in one word: `asks`, `busy`, `zombie`. */
export const doingWord = (agent: Agent): string => doingBadge(agent).word.toLowerCase();

/** Another question is a change, another answer at the end of the same turn is none. */
const says = (agent: Agent): string => `${doingWord(agent)} ${agent.hint?.state === 'asks' ? (doingText(agent) ?? '') : ''}`;

const keyOf = (finding: Finding): string => `${finding.id} ${finding.certainty}`;

const agentChanges = (before: readonly Agent[], after: readonly Agent[]): readonly FleetChange[] => {
  const known = new Map(before.map(agent => [agent.ref, agent]));
  const present = new Set(after.map(({ref}) => ref));
  return [
    ...after.flatMap((agent): readonly FleetChange[] => {
      const old = known.get(agent.ref);
      const same = old !== undefined && says(old) === says(agent);
      return same ? [] : [{what: 'agent', agent, was: old === undefined ? null : doingWord(old)}];
    }),
    ...before.filter(({ref}) => !present.has(ref)).map((agent): FleetChange => ({what: 'gone', agent, was: doingWord(agent)})),
  ];
};

const findingChanges = (before: readonly Finding[], after: readonly Finding[]): readonly FleetChange[] => {
  const known = new Set(before.map(keyOf));
  const present = new Set(after.map(({id}) => id));
  return [
    ...after.filter(finding => !known.has(keyOf(finding))).map((finding): FleetChange => ({what: 'found', finding})),
    ...before.filter(({id}) => !present.has(id)).map((finding): FleetChange => ({what: 'cleared', finding})),
  ];
};

/** Without a look before, everything that is there. */
export const changesBetween = (before: Assessment | null, after: Assessment): readonly FleetChange[] => [
  ...findingChanges(before?.findings ?? [], after.findings),
  ...agentChanges(before?.fleet.agents ?? [], after.fleet.agents),
];

export interface ChangeWords {
  readonly badge: Badge;
  readonly words: string;
}

const GONE: Badge = {word: 'GONE', tone: 'quiet'};
const CLEARED: Badge = {word: 'CLEARED', tone: 'good'};

const namely = (words: string | null): string => (words === null || words === '' ? '' : `: ${oneLine(words)}`);

/** A change as a badge and a sentence, without the time. */
export const describeChange = (change: FleetChange): ChangeWords => {
  switch (change.what) {
    case 'agent': {
      const {agent} = change;
      const text = doingText(agent) ?? (agent.state === 'running' ? null : agent.because);
      return {badge: doingBadge(agent), words: `${oneLine(agent.ref)}${namely(text)}`};
    }
    case 'gone':
      return {badge: GONE, words: `${oneLine(change.agent.ref)}, was ${change.was}`};
    case 'found': {
      const {finding} = change;
      const suspicion = suspicionOf(finding);
      const perhaps = suspicion === null ? '' : ` perhaps ${suspicion}`;
      return {
        badge: findingBadge(finding),
        words: `${oneLine(finding.subject)}${perhaps}${namely(titleAfter(finding.title, finding.subject))}`,
      };
    }
    case 'cleared':
      return {
        badge: CLEARED,
        words: `${oneLine(change.finding.subject)}, was ${findingBadge(change.finding).word}${namely(titleAfter(change.finding.title, change.finding.subject))}`,
      };
  }
};
