// Everything in a fleet that carries a word as its name: rigs, places with slots, and what a bare word may mean. Pure.
import type {Rig} from '../../domain/agent.ts';
import type {Assessment, Fleet} from '../../domain/fleet.ts';
import {sessionKey} from '../../domain/multiplexer.ts';
import {refOfSession, rigRef, slotRef} from '../../domain/reference.ts';
import type {SlotPlace, Slots} from '../../domain/slot-place.ts';
import type {Thing} from '../../domain/thing.ts';

/** `rig:NAME`; where two bear one name the path says which. */
export const refOfRig = (rigs: readonly Rig[], rig: Rig): string =>
  rigRef(rigs.some(other => other !== rig && other.name === rig.name) ? rig.path : rig.name);

/** Rigs of that name or path. */
export const rigsCalled = ({rigs}: Fleet, name: string): readonly Rig[] =>
  rigs.filter(rig => rig.name === name || (rig.path !== '' && rig.path === name));

/** Places of that name that give slots, each once under whatever paths it is known: configured, or found in a repository. */
export const placesCalled = ({places}: Slots, name: string): readonly SlotPlace[] =>
  places
    .filter(place => place.name === name)
    .filter((place, at, all) => !all.slice(0, at).some(({path, paths}) => path === place.path || paths.includes(place.path)));

/** What a bare word may mean. An agent stands for its session: naming it twice is no ambiguity. */
export const lookUp = (word: string, assessment: Assessment): readonly Thing[] => {
  const {fleet, snapshot, services} = assessment;
  const agents = fleet.agents.filter(agent => agent.name === word || agent.ref === `agent:${word}`);
  const rigs = fleet.rigs.filter(rig => rig.name === word);
  const claimed = new Set(agents.flatMap(agent => agent.session ?? []));
  const sessions = snapshot.servers
    .flatMap(server => server.sessions)
    .filter(session => (session.name === word || refOfSession(session) === `session:${word}`) && !claimed.has(sessionKey(session)));
  const slots = [...new Set(services.filter(service => service.slug === word).map(service => slotRef(service.rig, service.slot)))];
  return [
    ...agents.map((agent): Thing => ({sort: 'agent', ref: agent.ref, agent})),
    ...rigs.map((rig): Thing => ({sort: 'rig', ref: refOfRig(rigs, rig), rig})),
    ...sessions.map((session): Thing => ({sort: 'session', ref: refOfSession(session), session})),
    ...slots.map((ref): Thing => ({sort: 'slot', ref, services: services.filter(one => slotRef(one.rig, one.slot) === ref)})),
  ];
};
