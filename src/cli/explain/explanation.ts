// Everything known about one thing, gathered for `rigtop explain`. Pure.

import type {Owner} from '../../core/domain/agent.ts';
import {commandLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {ancestorsOf, type ProcessMap, topmostOf} from '../../core/domain/forest.ts';
import {known} from '../../core/domain/known.ts';
import type {AgentLock} from '../../core/domain/lock.ts';
import {sessionKey} from '../../core/domain/multiplexer.ts';
import {isRefusal, type Plan, type Refusal} from '../../core/domain/plan.ts';
import {type Process, startedAt} from '../../core/domain/process.ts';
import {refOfSession} from '../../core/domain/reference.ts';
import type {Register, RegisterRow} from '../../core/domain/register.ts';
import {type FleetIndex, findingsAbout, indexFleet, treeOf} from '../../words/fleet-index.ts';
import {drawTree} from '../../words/process-tree.ts';
import type {Thing} from '../../words/resolved-reference.ts';
import {findingDocument} from '../documents/status-document.ts';
import {isoCreated, isoTime} from '../documents/time.ts';
import {type About, aboutOf} from './about.ts';
import type {ExplainedPort, ExplainedProcess, Explanation, NamedProcess, Stopping} from './records.ts';

const named = (process: Process): NamedProcess => ({pid: process.pid, command: commandLine(process)});

const nameOf = (pid: number, processes: ProcessMap): NamedProcess => {
  const process = processes.get(pid);
  return process === undefined ? {pid, command: '(not in the process table)'} : named(process);
};

const explainedProcess = (process: Process, {snapshot, fleet}: Assessment): ExplainedProcess => ({
  ...named(process),
  startTime: process.startTime,
  startedAt: isoTime(startedAt(process, snapshot)),
  state: process.state,
  tty: process.tty,
  cwd: process.cwd.known ? process.cwd.value : null,
  cwdDeleted: process.cwdDeleted,
  cwdUnknown: process.cwd.known ? null : process.cwd.because,
  ancestors: ancestorsOf(snapshot.processes, process.pid).flatMap(pid => {
    const above = snapshot.processes.get(pid);
    return above === undefined ? [] : [named(above)];
  }),
  owner: fleet.processOwners.get(process.pid) ?? null,
});

const explainedPort = (port: number, {snapshot, services}: Assessment): ExplainedPort => ({
  port,
  declared: services
    .filter(service => service.port === port)
    .map(({ref, declaredBy, state, because, expected}) => ({ref, by: declaredBy, state, because, session: expected?.session ?? null})),
  listeners: snapshot.listeners
    .filter(listener => listener.port === port)
    .map(({address, owners}) => ({
      address,
      holders: owners.known ? known(owners.value.map(pid => nameOf(pid, snapshot.processes))) : owners,
    })),
});

const describeLock = ({pid, session, host, acquiredAt}: AgentLock): string =>
  `taken by ${pid === null ? 'an unknown pid' : `pid ${pid}`} in ${session ?? 'no session'} on ${host ?? 'an unknown host'}${acquiredAt === null ? '' : ` at ${isoTime(acquiredAt)}`}`;

const describeRow = (
  ref: string,
  {register, row}: {readonly register: Register; readonly row: RegisterRow},
): Explanation['states'][number] => {
  const {seat, usedAt, worker, resumes} = row;
  const facts = [
    usedAt === null ? null : `last used ${isoTime(usedAt)}`,
    worker === null ? null : `served by worker ${worker}, as recorded`,
    resumes,
  ];
  return {
    ref,
    state: row.status,
    because: row.exempt ?? (seat === null ? 'it names no session' : `it says that it runs in ${seat.kind} session ${seat.session}`),
    evidence: facts.filter(fact => fact !== null).map(fact => ({fact, source: register.file})),
  };
};

const statesOf = (thing: Thing): Explanation['states'] => {
  const {ref} = thing;
  switch (thing.sort) {
    case 'agent': {
      const {state, because, evidence} = thing.agent;
      return [{ref, state, because, evidence}];
    }
    case 'slot':
      return thing.services.map(({ref: own, state, because}) => ({ref: own, state, because, evidence: []}));
    case 'lock': {
      const {state, because, path} = thing.lock;
      return [{ref, state, because, evidence: [{fact: describeLock(thing.lock), source: path}]}];
    }
    case 'record':
      return thing.row === null ? [] : [describeRow(ref, thing.row)];
    case 'source': {
      const {state, detail, hint} = thing.status;
      return [{ref, state, because: hint === undefined ? detail : `${detail}; ${hint}`, evidence: []}];
    }
    default:
      return [];
  }
};

const ownerOf = (thing: Thing, about: About, {fleet}: Assessment): Owner | null => {
  const [session] = about.sessions;
  const [pid] = about.pids;
  return (
    (session === undefined || thing.sort === 'process' ? undefined : fleet.sessionOwners.get(sessionKey(session))) ??
    (pid === undefined ? undefined : fleet.processOwners.get(pid)) ??
    null
  );
};

/** What `plan` says of stopping the thing, shortened to what a reader decides by. The plan itself is not kept, so its id is of no use. */
export const describeStopping = (plan: Plan | Refusal, command: string): Stopping =>
  isRefusal(plan)
    ? {possible: false, rule: plan.rule, because: plan.because}
    : {
        possible: true,
        action: plan.action,
        processes: plan.targets.map(({pid, command}) => ({pid, command})),
        sessions: plan.sessions.map(({ref}) => ref),
        frees: plan.frees,
        leftOut: plan.leftOut.map(({ref, because}) => ({ref, because})),
        warnings: plan.warnings,
        irreversible: plan.irreversible,
        command,
      };

const topmost = (pids: readonly number[], {assessment}: FleetIndex): readonly number[] => {
  const all = [...new Set(pids)].filter(pid => assessment.snapshot.processes.has(pid));
  return topmostOf(assessment.snapshot.processes, all);
};

const portsHeld = (index: FleetIndex, tree: readonly Process[]): readonly number[] =>
  tree.flatMap(process => index.portsByPid.get(process.pid) ?? []);

export const explain = (thing: Thing, assessment: Assessment, stopping: Stopping | null): Explanation => {
  const index = indexFleet(assessment);
  const about = aboutOf(thing, assessment);
  const roots = topmost(about.pids, index);
  const tree = treeOf(index, roots);
  const [session] = about.sessions;
  const near = thing.sort === 'port' ? assessment.findings.filter(finding => finding.holds.includes(thing.port)) : [];
  const findings =
    thing.sort === 'finding'
      ? [thing.finding]
      : findingsAbout(index, {refs: about.refs, session: session === undefined ? null : sessionKey(session), processes: tree});
  return {
    schema: 'rigtop/explain@1',
    ref: thing.ref,
    sort: thing.sort,
    states: statesOf(thing),
    findings: [...new Set([...findings, ...near])].map(findingDocument),
    owner: ownerOf(thing, about, assessment),
    sessions: about.sessions.map(one => ({
      ref: refOfSession(one),
      id: one.id,
      createdAt: isoCreated(one.created),
      attached: one.attached,
      panes: one.panes.map(({id, pid, dead, exitStatus}) => ({id, pid, dead, exitStatus})),
    })),
    processes: roots.flatMap(pid => assessment.snapshot.processes.get(pid) ?? []).map(process => explainedProcess(process, assessment)),
    tree: roots.flatMap(root => drawTree(index, root)),
    ports: [...new Set([...about.ports, ...portsHeld(index, tree)])].map(port => explainedPort(port, assessment)),
    unseen: assessment.snapshot.sources.filter(source => source.state === 'unknown'),
    stopping,
  };
};
