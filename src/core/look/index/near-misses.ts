// What somebody may have meant by a reference that names nothing: what is there and reads alike. Pure.
import type {Assessment} from '../../domain/fleet.ts';
import {lockRef, paneRef, refOfSession, rigRef, slotRef} from '../../domain/reference.ts';
import {nearWords} from '../../domain/spelling.ts';

const references = ({fleet, snapshot, services, locks}: Assessment): readonly string[] => [
  ...fleet.agents.map(({ref}) => ref),
  ...snapshot.servers.flatMap(({sessions}) => sessions.map(refOfSession)),
  ...snapshot.servers.flatMap(({sessions}) => sessions.flatMap(({server, panes}) => panes.map(({id}) => paneRef(server, id)))),
  ...fleet.rigs.map(({name}) => rigRef(name)),
  ...services.flatMap(({ref, rig, slot, slug}) => [ref, slotRef(rig, slot), ...(slug === null ? [] : [`slot:${rig}/${slug}`])]),
  ...locks.map(({path}) => lockRef(path)),
];

const sortOf = (ref: string): string => ref.slice(0, ref.indexOf(':') + 1);

/**
 * References that are there and read like `text`, the nearest first. A whole reference is compared with those of its own sort first, a
 * bare word with the names behind them: an agent stands for its session. No number reads like another.
 */
export const nearMisses = (text: string, assessment: Assessment): readonly string[] => {
  const known = references(assessment);
  const sort = sortOf(text);
  const named = known.map(ref => ({ref, name: ref.slice(sortOf(ref).length)}));
  const word = text.slice(sort.length);
  if (/^\d+$/.test(word)) {
    return [];
  }
  const same = nearWords(text, sort === '' ? [] : known.filter(ref => sortOf(ref) === sort));
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const close = nearWords(word, [...named.map(({name}) => name), ...named.map(({name}) => last(name))]);
  const others = close.flatMap(near => named.filter(({name}) => name === near || last(name) === near).map(({ref}) => ref));
  const meant = new Set(same.length > 0 ? same : others);
  const theirs = new Set(assessment.fleet.agents.flatMap(({ref, sessionRef}) => (meant.has(ref) ? (sessionRef ?? []) : [])));
  return [...meant].filter(ref => !theirs.has(ref));
};
