// Words that may stand behind a command now, for completion: what is there, each with what it is. Pure.
import {compareWords} from '../core/domain/compare-words.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {refOfSession, rigRef} from '../core/domain/reference.ts';
import {findingBadge, serviceBadge} from '../words/badges.ts';
import {doingBadge} from '../words/hints.ts';

export interface LiveWord {
  readonly word: string;
  readonly about: string;
}

/** What a shell reads as itself: every other name would have to be quoted, and is typed by whoever means it. */
const PLAIN = /^[\w:./@%+,=-]+$/;

const unique = (words: readonly LiveWord[]): readonly LiveWord[] => {
  const seen = new Map(words.filter(({word}) => PLAIN.test(word)).map(each => [each.word, each]));
  return [...seen.values()].toSorted((one, other) => compareWords(one.word, other.word));
};

/** Agents, sessions, services, rigs, ports and findings. */
export const referenceWords = ({snapshot, fleet, services, findings}: Assessment): readonly LiveWord[] =>
  unique([
    ...fleet.agents.map(agent => ({word: agent.ref, about: doingBadge(agent).word})),
    ...snapshot.servers.flatMap(({sessions}) => sessions.map(session => ({word: refOfSession(session), about: 'session'}))),
    ...services.map(({ref, state}) => ({word: ref, about: serviceBadge(state).word})),
    ...services.map(({port, state}) => ({word: `port:${port}`, about: serviceBadge(state).word})),
    ...fleet.rigs.map(({name}) => ({word: rigRef(name), about: 'rig'})),
    ...findings.map(finding => ({word: `finding:${finding.id}`, about: `${findingBadge(finding).word} ${finding.title}`})),
  ]);

/** What a flush may be about: slots and rigs. */
export const scopeWords = ({fleet, services}: Assessment): readonly LiveWord[] =>
  unique([
    ...fleet.rigs.map(({name}) => ({word: rigRef(name), about: 'rig'})),
    ...services.map(({ref}) => ({word: ref.split('/').slice(0, 2).join('/'), about: 'slot'})),
  ]);
