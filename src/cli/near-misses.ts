// What somebody may have meant by a reference that names nothing: a few that are there and read alike. Pure.
import {nearWords} from '../config/spelling.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {lockRef, paneRef, refOfSession, rigRef, slotRef} from '../core/domain/reference.ts';

const HINT = 'rigtop status lists what there is';

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
 * The hint of a failure: `did you mean agent:shop/crew/max?`. A whole reference is compared with those of its own sort first, a bare
 * word with the names behind them.
 */
export const meantBy = (text: string, assessment: Assessment): string => {
  const known = references(assessment);
  const sort = sortOf(text);
  const named = known.map(ref => ({ref, name: ref.slice(sortOf(ref).length)}));
  const same = nearWords(text, sort === '' ? [] : known.filter(ref => sortOf(ref) === sort));
  const word = text.slice(sort.length);
  const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
  const close = nearWords(word, [...named.map(({name}) => name), ...named.map(({name}) => last(name))]);
  const others = close.flatMap(near => named.filter(({name}) => name === near || last(name) === near).map(({ref}) => ref));
  const found = [...new Set(same.length > 0 ? same : others)].slice(0, 3);
  return found.length === 0 ? HINT : `did you mean ${found.join(', ')}?`;
};
