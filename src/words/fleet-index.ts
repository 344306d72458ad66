// Lookups over one assessment, built once and shared by the rows and by Explain. Pure; memoised by the assessment's identity.
import type {Agent} from '../core/domain/agent.ts';
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {childrenByParent, descendantsOf} from '../core/domain/forest.ts';
import {type Server, type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {type Process, processKey} from '../core/domain/process.ts';

export interface FleetIndex {
  readonly assessment: Assessment;
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** By `sessionKey`. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly agentsBySession: ReadonlyMap<string, Agent>;
  readonly findingsBySubject: ReadonlyMap<string, readonly Finding[]>;
  readonly findingsBySession: ReadonlyMap<string, readonly Finding[]>;
  /** By `processKey`. */
  readonly findingsByProcess: ReadonlyMap<string, readonly Finding[]>;
  readonly portsByPid: ReadonlyMap<number, readonly number[]>;
  /** Servers that answered and hold sessions: above one, a session's name needs its server's. */
  readonly servers: readonly Server[];
}

const push = <K, V>(lists: Map<K, V[]>, key: K, value: V): void => {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [value]);
  } else {
    list.push(value);
  }
};

const build = (assessment: Assessment): FleetIndex => {
  const {snapshot, fleet, findings} = assessment;
  const bySubject = new Map<string, Finding[]>();
  const bySession = new Map<string, Finding[]>();
  const byProcess = new Map<string, Finding[]>();
  for (const finding of findings) {
    push(bySubject, finding.subject, finding);
    if (finding.session !== null) {
      push(bySession, finding.session, finding);
    }
    for (const process of finding.processes) {
      push(byProcess, processKey(process), finding);
    }
  }
  const ports = new Map<number, number[]>();
  for (const listener of snapshot.listeners) {
    for (const pid of listener.owners.known ? listener.owners.value : []) {
      if (!ports.get(pid)?.includes(listener.port)) {
        push(ports, pid, listener.port);
      }
    }
  }
  return {
    assessment,
    children: childrenByParent(snapshot.processes),
    sessions: new Map(snapshot.servers.flatMap(server => server.sessions.map(session => [sessionKey(session), session] as const))),
    agentsBySession: new Map(fleet.agents.flatMap(agent => (agent.session === null ? [] : [[agent.session, agent] as const]))),
    findingsBySubject: bySubject,
    findingsBySession: bySession,
    findingsByProcess: byProcess,
    portsByPid: ports,
    servers: snapshot.servers.filter(server => server.sessions.length > 0),
  };
};

const built = new WeakMap<Assessment, FleetIndex>();

export const indexFleet = (assessment: Assessment): FleetIndex => {
  const known = built.get(assessment);
  if (known !== undefined) {
    return known;
  }
  const index = build(assessment);
  built.set(assessment, index);
  return index;
};

/** A session's name, with its server's in front wherever more than one server holds sessions. */
export const placeOf = (index: FleetIndex, session: Session): string =>
  index.servers.length > 1 ? `${session.server}/${session.name}` : session.name;

/** A process and everything below it, itself first. Empty when it is not in the table. */
export const treeOf = (index: FleetIndex, pids: Iterable<number>): readonly Process[] => {
  const {processes} = index.assessment.snapshot;
  const members = new Set<number>();
  for (const pid of pids) {
    members.add(pid);
    for (const below of descendantsOf(index.children, pid)) {
      members.add(below.pid);
    }
  }
  return [...members].flatMap(pid => processes.get(pid) ?? []);
};

/** Findings about a session, an agent or one of these processes, each once. */
export const findingsAbout = (
  index: FleetIndex,
  about: {readonly refs: readonly string[]; readonly session: string | null; readonly processes: readonly Process[]},
): readonly Finding[] => [
  ...new Set([
    ...about.refs.flatMap(ref => index.findingsBySubject.get(ref) ?? []),
    ...(about.session === null ? [] : (index.findingsBySession.get(about.session) ?? [])),
    ...about.processes.flatMap(process => index.findingsByProcess.get(processKey(process)) ?? []),
  ]),
];
