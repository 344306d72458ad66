// An assessment cut down to what some references are about: their sessions, agents, slots, locks and findings. Pure.
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {lockRef} from '../core/domain/reference.ts';
import {indexFleet, treeOf} from '../words/fleet-index.ts';
import type {Thing} from '../words/resolved-reference.ts';

/** Everything some things touch: references and identities to match records against. */
interface Scope {
  readonly refs: Set<string>;
  readonly findings: Set<string>;
  readonly rigs: Set<string>;
  readonly sessions: Set<string>;
  readonly pids: Set<number>;
  readonly ports: Set<number>;
}

const addTree = (scope: Scope, assessment: Assessment, pids: readonly number[]): void => {
  for (const process of treeOf(indexFleet(assessment), pids)) {
    scope.pids.add(process.pid);
  }
};

const addSession = (scope: Scope, assessment: Assessment, session: Session | undefined): void => {
  if (session !== undefined) {
    scope.sessions.add(sessionKey(session));
    addTree(
      scope,
      assessment,
      session.panes.filter(pane => !pane.dead).map(pane => pane.pid),
    );
  }
};

const addFinding = (scope: Scope, finding: Finding): void => {
  scope.findings.add(finding.id);
  scope.refs.add(finding.subject);
  for (const {pid} of finding.processes) {
    scope.pids.add(pid);
  }
};

const addThing = (scope: Scope, assessment: Assessment, thing: Thing): void => {
  const {sessions} = indexFleet(assessment);
  scope.refs.add(thing.ref);
  switch (thing.sort) {
    case 'session':
    case 'pane':
      addSession(scope, assessment, thing.session);
      return;
    case 'process':
      addTree(scope, assessment, [thing.process.pid]);
      return;
    case 'port':
      scope.ports.add(thing.port);
      return;
    case 'agent':
      addSession(scope, assessment, sessions.get(thing.agent.session ?? ''));
      addTree(scope, assessment, thing.agent.process === null ? [] : [thing.agent.process.pid]);
      return;
    case 'slot':
      for (const service of thing.services) {
        scope.refs.add(service.ref);
        scope.ports.add(service.port);
      }
      return;
    case 'rig':
      scope.rigs.add(thing.rig.name);
      for (const agent of assessment.fleet.agents.filter(agent => agent.rig === thing.rig.name)) {
        addSession(scope, assessment, sessions.get(agent.session ?? ''));
      }
      return;
    case 'finding':
      addFinding(scope, thing.finding);
      return;
    case 'lock':
    case 'record':
    case 'source':
      return;
  }
};

/** Sources stay whole: how far the look reached matters to any part of it. */
export const narrowTo = (assessment: Assessment, things: readonly Thing[]): Assessment => {
  const scope: Scope = {refs: new Set(), findings: new Set(), rigs: new Set(), sessions: new Set(), pids: new Set(), ports: new Set()};
  for (const thing of things) {
    addThing(scope, assessment, thing);
  }
  const {snapshot, fleet, services, locks, findings} = assessment;
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
    fleet: {...fleet, agents, rigs: fleet.rigs.filter(rig => rigNames.has(rig.name))},
    services: kept,
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
