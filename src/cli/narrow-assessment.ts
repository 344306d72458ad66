// An assessment cut down to what some references are about: their sessions, agents, slots, locks and findings. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import {sessionKey} from '../core/domain/multiplexer.ts';
import {lockRef} from '../core/domain/reference.ts';
import type {Thing} from '../core/domain/thing.ts';
import {aboutOf} from '../words/about.ts';
import {type FleetIndex, indexFleet, treeOf} from '../words/fleet-index.ts';

/** Everything some things touch: references and identities to match records against. */
interface Scope {
  readonly refs: ReadonlySet<string>;
  readonly findings: ReadonlySet<string>;
  readonly rigs: ReadonlySet<string>;
  readonly sessions: ReadonlySet<string>;
  readonly pids: ReadonlySet<number>;
  readonly ports: ReadonlySet<number>;
}

/** A finding is meant alone, with its processes; a port or a slot with the records of it, not with whatever its holder does besides. */
const ALONE: ReadonlySet<Thing['sort']> = new Set(['finding', 'port', 'slot']);

const scopeOf = (index: FleetIndex, things: readonly Thing[]): Scope => {
  const abouts = things.map(thing => aboutOf(thing, index));
  const whole = things.filter(({sort}) => !ALONE.has(sort)).map(thing => aboutOf(thing, index));
  const findings = things.flatMap(thing => (thing.sort === 'finding' ? [thing.finding] : []));
  const trees = treeOf(
    index,
    whole.flatMap(({pids}) => pids),
  );
  return {
    refs: new Set([...things.map(({ref}) => ref), ...abouts.flatMap(({refs}) => refs)]),
    findings: new Set(findings.map(({id}) => id)),
    rigs: new Set(things.flatMap(thing => (thing.sort === 'rig' ? [thing.rig.name] : []))),
    sessions: new Set(whole.flatMap(({sessions}) => sessions.map(sessionKey))),
    pids: new Set([...trees, ...findings.flatMap(({processes}) => processes)].map(({pid}) => pid)),
    ports: new Set(abouts.flatMap(({ports}) => ports)),
  };
};

/** Sources stay whole: how far the look reached matters to any part of it. */
export const narrowTo = (assessment: Assessment, things: readonly Thing[]): Assessment => {
  const scope = scopeOf(indexFleet(assessment), things);
  const {snapshot, fleet, slots, services, ports, locks, findings, feeds, multiplexers} = assessment;
  const sessionIn = (key: string | null): boolean => key !== null && scope.sessions.has(key);
  const rigIn = (rig: string | null): boolean => rig !== null && scope.rigs.has(rig);
  const agents = fleet.agents.filter(
    agent => scope.refs.has(agent.ref) || rigIn(agent.rig) || sessionIn(agent.session) || scope.pids.has(agent.process?.pid ?? -1),
  );
  const agentRefs = new Set(agents.map(agent => agent.ref));
  const kept = services.filter(
    service =>
      scope.refs.has(service.ref) ||
      rigIn(service.rig) ||
      scope.ports.has(service.port) ||
      service.listeners.some(listener => scope.pids.has(listener.pid)),
  );
  const serviceRefs = new Set(kept.map(service => service.ref));
  const rigNames = new Set([...scope.rigs, ...agents.map(agent => agent.rig), ...kept.map(service => service.rig)]);
  return {
    snapshot: {
      ...snapshot,
      servers: snapshot.servers.map(server => ({...server, sessions: server.sessions.filter(session => sessionIn(sessionKey(session)))})),
    },
    feeds,
    multiplexers,
    fleet: {...fleet, agents, rigs: fleet.rigs.filter(rig => rigNames.has(rig.name))},
    slots,
    services: kept,
    ports: ports.filter(
      ({port, service, rig, pids}) =>
        scope.ports.has(port) || (service !== null && serviceRefs.has(service)) || rigIn(rig) || pids.some(pid => scope.pids.has(pid)),
    ),
    locks: locks.filter(lock => scope.refs.has(lockRef(lock.path)) || (lock.agent !== null && agentRefs.has(lock.agent))),
    findings: findings.filter(
      finding =>
        scope.findings.has(finding.id) ||
        scope.refs.has(finding.subject) ||
        agentRefs.has(finding.subject) ||
        serviceRefs.has(finding.subject) ||
        rigIn(finding.rig) ||
        sessionIn(finding.session) ||
        finding.holds.some(port => scope.ports.has(port)) ||
        finding.processes.some(({pid}) => scope.pids.has(pid)),
    ),
  };
};
