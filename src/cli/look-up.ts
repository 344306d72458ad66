// Everything in a fleet that carries a bare word as its name. Pure.
import type {Rig} from '../core/domain/agent.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {sessionKey} from '../core/domain/multiplexer.ts';
import {refOfSession, rigRef, slotRef} from '../core/domain/reference.ts';
import type {Thing} from '../words/resolved-reference.ts';

/** `rig:NAME`; where two bear one name the path says which. */
export const refOfRig = (rigs: readonly Rig[], rig: Rig): string =>
  rigRef(rigs.some(other => other !== rig && other.name === rig.name) ? rig.path : rig.name);

/** An agent stands for its session: naming it twice is no ambiguity. */
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
