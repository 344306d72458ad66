// Everything known about one thing, gathered for `rigtop explain`: also its JSON document. Pure.
import type {Evidence, Owner} from '../../core/domain/agent.ts';
import {commandLine} from '../../core/domain/command-line.ts';
import type {Assessment} from '../../core/domain/fleet.ts';
import {ancestorsOf, type ProcessMap} from '../../core/domain/forest.ts';
import {type Known, known} from '../../core/domain/known.ts';
import type {AgentLock} from '../../core/domain/lock.ts';
import {type Session, sessionKey} from '../../core/domain/multiplexer.ts';
import {isRefusal, type Plan, type Refusal} from '../../core/domain/plan.ts';
import {type Process, startedAt} from '../../core/domain/process.ts';
import {type FleetIndex, findingsAbout, indexFleet, refOfSession, treeOf} from '../../store/fleet-index.ts';
import {drawTree, type TreeLine} from '../../store/process-tree.ts';
import {findingDocument} from '../documents/status.ts';
import type {FindingDocument} from '../documents/status-schema.ts';
import {isoTime} from '../documents/time.ts';
import type {Thing} from '../resolve.ts';

interface NamedProcess {
  readonly pid: number;
  readonly command: string;
}

export interface ExplainedProcess extends NamedProcess {
  readonly startTime: number;
  readonly startedAt: string;
  readonly state: string;
  readonly tty: string | null;
  /** Null where it could not be read; `cwdUnknown` says why. */
  readonly cwd: string | null;
  readonly cwdDeleted: boolean;
  readonly cwdUnknown: string | null;
  /** Nearest first. */
  readonly ancestors: readonly NamedProcess[];
  readonly owner: Owner | null;
}

export interface ExplainedPort {
  readonly port: number;
  /** Slots that claim it. */
  readonly declared: readonly {
    readonly ref: string;
    readonly by: string;
    readonly state: string;
    readonly because: string;
    readonly session: string | null;
  }[];
  readonly listeners: readonly {readonly address: string; readonly holders: Known<readonly NamedProcess[]>}[];
}

export type Stopping =
  | {readonly possible: false; readonly rule: string; readonly because: string}
  | {
      readonly possible: true;
      readonly action: string;
      readonly processes: readonly NamedProcess[];
      readonly sessions: readonly string[];
      readonly frees: readonly number[];
      readonly leftOut: readonly {readonly ref: string; readonly because: string}[];
      readonly warnings: readonly string[];
      readonly irreversible: readonly string[];
      readonly command: string;
    };

export interface Explanation {
  readonly schema: 'rigtop/explain@1';
  readonly ref: string;
  readonly sort: Thing['sort'];
  /** What the thing says of itself: an agent's, a service's or a lock's state with its reason. */
  readonly states: readonly {
    readonly ref: string;
    readonly state: string;
    readonly because: string;
    readonly evidence: readonly Evidence[];
  }[];
  readonly findings: readonly FindingDocument[];
  readonly owner: Owner | null;
  readonly sessions: readonly {
    readonly ref: string;
    readonly id: string;
    readonly createdAt: string;
    readonly attached: number;
    readonly panes: readonly {readonly id: string; readonly pid: number; readonly dead: boolean; readonly exitStatus: number | null}[];
  }[];
  readonly processes: readonly ExplainedProcess[];
  readonly tree: readonly TreeLine[];
  readonly ports: readonly ExplainedPort[];
  /** What stopping it would end, or the rule that forbids it; null for things that cannot be stopped. */
  readonly stopping: Stopping | null;
}

const named = (process: Process): NamedProcess => ({pid: process.pid, command: commandLine(process)});

const nameOf = (pid: number, processes: ProcessMap): NamedProcess => {
  const process = processes.get(pid);
  return process === undefined ? {pid, command: '(not in the process table)'} : named(process);
};

interface About {
  readonly refs: readonly string[];
  readonly sessions: readonly Session[];
  /** Processes meant, whatever hangs below them. */
  readonly pids: readonly number[];
  readonly ports: readonly number[];
}

const holdersOf = (assessment: Assessment, port: number): readonly number[] =>
  assessment.snapshot.listeners.filter(listener => listener.port === port).flatMap(({owners}) => (owners.known ? owners.value : []));

const livePanes = (sessions: readonly Session[]): readonly number[] =>
  sessions.flatMap(session => session.panes.filter(pane => !pane.dead).map(pane => pane.pid));

const aboutOf = (thing: Thing, assessment: Assessment): About => {
  const {sessions} = indexFleet(assessment);
  const {processes} = assessment.snapshot;
  const sessionsOf = (key: string | null): readonly Session[] => [sessions.get(key ?? '') ?? []].flat();
  const about = (part: Partial<About>): About => ({
    refs: [thing.ref],
    sessions: [],
    pids: livePanes(part.sessions ?? []),
    ports: [],
    ...part,
  });
  switch (thing.sort) {
    case 'session':
      return about({sessions: [thing.session]});
    case 'pane':
      return about({sessions: [thing.session], pids: thing.pane.dead ? [] : [thing.pane.pid]});
    case 'process':
      return about({pids: [thing.process.pid]});
    case 'port':
      return about({ports: [thing.port], pids: holdersOf(assessment, thing.port)});
    case 'agent': {
      const own = sessionsOf(thing.agent.session);
      const alone = thing.agent.process === null ? [] : [thing.agent.process.pid];
      return about({sessions: own, pids: own.length > 0 ? livePanes(own) : alone});
    }
    case 'slot': {
      const listeners = thing.services.flatMap(service => service.listeners);
      return about({
        refs: [thing.ref, ...thing.services.map(service => service.ref)],
        ports: thing.services.map(service => service.port),
        pids: listeners.map(listener => listener.pid),
      });
    }
    case 'rig': {
      const agents = assessment.fleet.agents.filter(agent => agent.rig === thing.rig.name);
      return about({refs: [thing.ref, ...agents.map(agent => agent.ref)], sessions: agents.flatMap(agent => sessionsOf(agent.session))});
    }
    case 'finding': {
      const {finding} = thing;
      const same = finding.processes.filter(({pid, startTime}) => processes.get(pid)?.startTime === startTime);
      return about({refs: [finding.subject], sessions: sessionsOf(finding.session), pids: same.map(({pid}) => pid)});
    }
    default:
      return about({});
  }
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
  return all.filter(pid => !ancestorsOf(assessment.snapshot.processes, pid).some(above => all.includes(above)));
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
      createdAt: isoTime(one.created * 1000),
      attached: one.attached,
      panes: one.panes.map(({id, pid, dead, exitStatus}) => ({id, pid, dead, exitStatus})),
    })),
    processes: roots.flatMap(pid => assessment.snapshot.processes.get(pid) ?? []).map(process => explainedProcess(process, assessment)),
    tree: roots.flatMap(root => drawTree(index, root)),
    ports: [...new Set([...about.ports, ...portsHeld(index, tree)])].map(port => explainedPort(port, assessment)),
    stopping,
  };
};
