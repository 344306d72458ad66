// Lookups over one assessment, built once and shared by the rows and by Explain. Pure; memoised by the assessment's identity.
import type {Agent} from '../core/domain/agent.ts';
import type {Finding} from '../core/domain/finding.ts';
import type {Assessment} from '../core/domain/fleet.ts';
import {type Server, type Session, sessionKey} from '../core/domain/multiplexer.ts';
import {type Process, processKey} from '../core/domain/process.ts';
import {remembered} from '../core/domain/remember.ts';
import type {Service} from '../core/domain/slot.ts';
import {groupBy, indexLook, type Look} from '../core/look/index/look.ts';

export interface FleetIndex {
  readonly assessment: Assessment;
  readonly look: Look;
  /** By `sessionKey`. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly agentsBySession: ReadonlyMap<string, Agent>;
  readonly servicesByRef: ReadonlyMap<string, readonly Service[]>;
  readonly findingsBySubject: ReadonlyMap<string, readonly Finding[]>;
  readonly findingsBySession: ReadonlyMap<string, readonly Finding[]>;
  /** By `processKey`. */
  readonly findingsByProcess: ReadonlyMap<string, readonly Finding[]>;
  /** Servers that answered and hold sessions: above one, a session's name needs its server's. */
  readonly servers: readonly Server[];
}

/** The lookups of an assessment: the same ones whenever they are asked for. */
export const indexFleet = remembered((assessment: Assessment): FleetIndex => {
  const {snapshot, fleet, services, findings} = assessment;
  const itself = (finding: Finding): Finding => finding;
  const involved = findings.flatMap(finding => finding.processes.map(process => ({finding, process})));
  return {
    assessment,
    look: indexLook(snapshot),
    sessions: new Map(snapshot.servers.flatMap(server => server.sessions.map(session => [sessionKey(session), session]))),
    agentsBySession: new Map(fleet.agents.flatMap(agent => (agent.session === null ? [] : [[agent.session, agent] as const]))),
    servicesByRef: groupBy(
      services,
      ({ref}) => ref,
      service => service,
    ),
    findingsBySubject: groupBy(findings, ({subject}) => subject, itself),
    findingsBySession: groupBy(findings, ({session}) => session, itself),
    findingsByProcess: groupBy(
      involved,
      ({process}) => processKey(process),
      ({finding}) => finding,
    ),
    servers: snapshot.servers.filter(server => server.sessions.length > 0),
  };
});

/** A session's name, with its server's in front wherever more than one server holds sessions. */
export const placeOf = (index: FleetIndex, session: Session): string =>
  index.servers.length > 1 ? `${session.server}/${session.name}` : session.name;

/** The branch of the work tree that an agent works in; null where it is in none, or that is not known. */
export const branchOf = ({assessment: {snapshot}}: FleetIndex, {process}: Pick<Agent, 'process'>): string | null => {
  const cwd = process === null ? undefined : snapshot.processes.get(process.pid)?.cwd;
  return cwd?.known === true ? (snapshot.checkouts.get(cwd.value)?.branch ?? null) : null;
};

/** Processes and everything below them, each once. */
export const treeOf = ({look}: FleetIndex, pids: Iterable<number>): readonly Process[] => [...new Set([...pids].flatMap(look.treeOf))];

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
