// What is said of what agents are doing: the word of each hint, its rank, and how many need a person. Pure.
import type {Agent} from '../core/domain/agent.ts';
import type {Hint, HintCounts, HintState} from '../core/domain/hint.ts';
import {agentBadge, type Badge, badgeRank} from './badges.ts';

const BADGES: Readonly<Record<HintState, Badge>> = {
  asks: {word: 'ASKS', tone: 'warning'},
  done: {word: 'DONE', tone: 'good'},
  stuck: {word: 'STUCK', tone: 'warning'},
  busy: {word: 'BUSY', tone: 'busy'},
  idle: {word: 'IDLE', tone: 'quiet'},
};

/** After every sure verdict, before the unsure ones: who needs a person comes first. */
const RANKS: Readonly<Record<HintState, number>> = {asks: 27, done: 28, stuck: 29, busy: 45, idle: 65};

export const hintBadge = (state: HintState): Badge => BADGES[state];

/** What an agent does, where that is known; else the state it is in. */
export const doingBadge = ({state, hint}: Pick<Agent, 'state' | 'hint'>): Badge =>
  state === 'running' && hint !== undefined ? BADGES[hint.state] : agentBadge(state);

export const doingRank = (agent: Pick<Agent, 'state' | 'hint'>): number =>
  agent.state === 'running' && agent.hint !== undefined ? RANKS[agent.hint.state] : badgeRank(agentBadge(agent.state));

/** The question, the last line of the answer, or what else there is to say; null where the word says it all. */
export const doingText = ({hint}: Pick<Agent, 'hint'>): string | null => hint?.text ?? null;

const DOING: Readonly<Record<HintState, string>> = {
  asks: 'it waits for an answer',
  done: 'it has finished, and nobody has looked since',
  stuck: 'it says that it works, and its screen stands still',
  busy: 'it works',
  idle: 'nothing new at its prompt',
};

/** For where there are no words of its own. */
export const describeDoing = (state: HintState): string => DOING[state];

/** `12 ask, 6 done`; empty where nobody needs a person. */
export const needWords = ({asks, done}: Pick<HintCounts, 'asks' | 'done'>): string =>
  [...(asks === 0 ? [] : [`${asks} ${asks === 1 ? 'asks' : 'ask'}`]), ...(done === 0 ? [] : [`${done} done`])].join(', ');

/** Whose word a hint is, for where it is explained. */
export const hintSource = ({source}: Pick<Hint, 'source'>): string => (source === 'record' ? 'its own record' : 'its screen');
