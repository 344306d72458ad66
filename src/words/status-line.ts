// The fleet in one short line, for the status bar of a terminal multiplexer: who needs a person, who works, what is wrong. Pure.
import type {Agent} from '../core/domain/agent.ts';
import {oneLine} from '../core/domain/command-line.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {countHints} from '../core/domain/hint.ts';
import {exactAge} from './ages.ts';
import {countOf, firstOf} from './counts.ts';
import {countVerdicts} from './describe-finding.ts';

/** Names of those who ask, verdicts, blind sources: as many as a glance takes in. */
const MOST_NAMES = 2;
const MOST_VERDICTS = 3;
const LONGEST_NAME = 20;
const LONGEST_LINE = 120;

const clipped = (text: string, most: number): string => [...oneLine(text)].slice(0, most).join('');

const askWords = (agents: readonly Agent[], asks: number): readonly string[] => {
  const names = agents.filter(({hint}) => hint?.state === 'asks').map(({name}) => clipped(name, LONGEST_NAME));
  return asks === 0 ? [] : [`${asks} ${asks === 1 ? 'asks' : 'ask'}: ${firstOf(names, MOST_NAMES)}`];
};

/** `2 ask: max, joe | 1 done | 5 busy | 3 ORPHAN, 1 WRONG-OWNER | BLIND tmux`; `9 agents` where there is nothing else to say. */
export const statusLine = ({fleet, findings, snapshot}: Pick<Assessment, 'fleet' | 'findings' | 'snapshot'>): string => {
  const {asks, done, busy, stuck} = countHints(fleet.agents);
  const numbers = [
    [done, 'done'],
    [stuck, 'stuck'],
    [busy, 'busy'],
  ] as const;
  const verdicts = countVerdicts(findings.filter(({kind}) => kind !== 'blind-spot')).map(({count, word}) => `${count} ${word}`);
  const blind = new Set(snapshot.sources.filter(({state}) => state === 'unknown').map(({source}) => source));
  const parts = [
    ...askWords(fleet.agents, asks),
    ...numbers.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
    ...(verdicts.length === 0 ? [] : [firstOf(verdicts, MOST_VERDICTS)]),
    ...(blind.size === 0 ? [] : [`BLIND ${firstOf([...blind], MOST_NAMES)}`]),
  ];
  return clipped(parts.length === 0 ? countOf(fleet.agents.length, 'agent') : parts.join(' | '), LONGEST_LINE);
};

/** So that tmux shows it as it is: a `#` begins a format (tmux(1), FORMATS), in what `#()` prints too. */
export const forStatusBar = (line: string): string => line.replaceAll('#', '##');

/** The line with how old it is. */
export const withAge = (line: string, ageMs: number): string => `${line} (${exactAge(ageMs)} old)`;
