// Everything known about one thing, gathered once: what the words of an explanation and its JSON document are made of. Pure.
import type {Agent, Evidence, Owner} from '../core/domain/agent.ts';
import {commandLine} from '../core/domain/command-line.ts';
import type {Finding} from '../core/domain/finding.ts';
import {ancestorsOf, topmostOf} from '../core/domain/forest.ts';
import {type Known, known} from '../core/domain/known.ts';
import type {AgentLock} from '../core/domain/lock.ts';
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import type {PortUse} from '../core/domain/port.ts';
import {isKernelThread, type Process} from '../core/domain/process.ts';
import type {Register, RegisterRow} from '../core/domain/register.ts';
import type {Service} from '../core/domain/slot.ts';
import type {Thing} from '../core/domain/thing.ts';
import {type About, aboutOf} from './about.ts';
import {clockTime} from './ages.ts';
import {agentBadge, lockBadge, portBadge, serviceBadge, type Tone} from './badges.ts';
import {branchOf, type FleetIndex, findingsAbout, treeOf} from './fleet-index.ts';
import {describeDoing, doingBadge, doingRank, hintSource} from './hints.ts';
import {isoTime} from './iso-time.ts';
import {drawTree, type TreeLine} from './process-tree.ts';

export interface NamedProcess {
  readonly pid: number;
  readonly command: string;
}

/** What a thing says of itself: an agent's, a service's or a lock's state with its reason. */
export interface ExplainedState {
  readonly ref: string;
  readonly state: string;
  readonly tone: Tone;
  readonly because: string;
  readonly evidence: readonly Evidence[];
}

export interface ExplainedProcess extends NamedProcess {
  readonly process: Process;
  /** Nearest first. */
  readonly ancestors: readonly NamedProcess[];
  readonly owner: Owner | null;
}

export interface ExplainedPort {
  readonly port: number;
  /** Slots that claim it. */
  readonly declared: readonly Service[];
  readonly listeners: readonly {readonly address: string; readonly holders: Known<readonly NamedProcess[]>}[];
}

export interface Explanation {
  readonly ref: string;
  readonly sort: Thing['sort'];
  /** What it is, where that has no evidence of its own: `crew of rig shop`. */
  readonly facts: readonly string[];
  readonly states: readonly ExplainedState[];
  readonly findings: readonly Finding[];
  readonly owner: Owner | null;
  readonly sessions: readonly Session[];
  /** An agent's own program, and whatever stands at the top of what the thing stands for. */
  readonly processes: readonly ExplainedProcess[];
  readonly tree: readonly TreeLine[];
  /** Resident bytes of the whole tree. */
  readonly memory: number;
  readonly ports: readonly ExplainedPort[];
}

const named = (process: Process): NamedProcess => ({pid: process.pid, command: commandLine(process)});

const explainedProcess = (index: FleetIndex, process: Process): ExplainedProcess => {
  const {snapshot, fleet} = index.assessment;
  const above = ancestorsOf(snapshot.processes, process.pid).flatMap(pid => snapshot.processes.get(pid) ?? []);
  return {
    ...named(process),
    process,
    ancestors: above.filter(each => !isKernelThread(each)).map(named),
    owner: fleet.processOwners.get(process.pid) ?? null,
  };
};

const explainedPort = ({assessment: {snapshot, services}}: FleetIndex, port: number): ExplainedPort => {
  const nameOf = (pid: number): NamedProcess => {
    const process = snapshot.processes.get(pid);
    return process === undefined ? {pid, command: '(not in the process table)'} : named(process);
  };
  return {
    port,
    declared: services.filter(service => service.port === port),
    listeners: snapshot.listeners
      .filter(listener => listener.port === port)
      .map(({address, owners}) => ({address, holders: owners.known ? known(owners.value.map(nameOf)) : owners})),
  };
};

const describeLock = ({pid, session, host, acquiredAt}: AgentLock): string => {
  const when = acquiredAt === null ? '' : ` at ${isoTime(acquiredAt)}`;
  return `taken by ${pid === null ? 'an unknown pid' : `pid ${pid}`} in ${session ?? 'no session'} on ${host ?? 'an unknown host'}${when}`;
};

const rowState = (ref: string, {register, row}: {readonly register: Register; readonly row: RegisterRow}): ExplainedState => {
  const {seat, usedAt, worker, resumes} = row;
  const facts = [
    usedAt === null ? null : `last used ${isoTime(usedAt)}`,
    worker === null ? null : `served by worker ${worker}, as recorded`,
    resumes,
  ];
  return {
    ref,
    state: row.status,
    tone: 'plain',
    because: row.exempt ?? (seat === null ? 'it names no session' : `it says that it runs in ${seat.kind} session ${seat.session}`),
    evidence: facts.filter(fact => fact !== null).map(fact => ({fact, source: register.file})),
  };
};

/** What a running agent is doing, whose word that is, and since when. */
const doingState = (agent: Agent, takenAt: number): readonly ExplainedState[] => {
  const {ref, hint, state} = agent;
  if (hint === undefined || state !== 'running') {
    return [];
  }
  const since = hint.since === null ? '' : ` since ${clockTime(hint.since, takenAt)}`;
  const {word, tone} = doingBadge(agent);
  return [
    {
      ref,
      state: word,
      tone,
      because: hint.text ?? describeDoing(hint.state),
      evidence: [{fact: `it says so${since}`, source: hintSource(hint)}],
    },
  ];
};

/** Of an agent among others: what it does, else the state that it is in. */
const standingOf = (agent: Agent, takenAt: number): ExplainedState => {
  const {ref, state, because} = agent;
  const [doing = {ref, state, tone: agentBadge(state).tone, because, evidence: []}] = doingState(agent, takenAt);
  return {...doing, evidence: []};
};

/** What is known of a port that nobody declares, and who else wants it. */
const portState = (ref: string, {state, because, conflict}: PortUse): ExplainedState => ({
  ref,
  state,
  tone: conflict === null ? portBadge(state).tone : 'warning',
  because,
  evidence: conflict === null ? [] : [{fact: conflict.because, source: 'listening sockets and process table'}],
});

const statesOf = (thing: Thing, {assessment}: FleetIndex): readonly ExplainedState[] => {
  const {ref} = thing;
  switch (thing.sort) {
    case 'agent': {
      const {state, because, evidence} = thing.agent;
      return [...doingState(thing.agent, assessment.snapshot.takenAt), {ref, state, tone: agentBadge(state).tone, because, evidence}];
    }
    case 'rig':
      return assessment.fleet.agents
        .filter(({rig, town}) => rig === thing.rig.name && town === thing.rig.town)
        .toSorted((one, other) => doingRank(one) - doingRank(other))
        .map(agent => standingOf(agent, assessment.snapshot.takenAt));
    case 'slot':
      return thing.services.map(({ref: own, state, because}) => ({
        ref: own,
        state,
        tone: serviceBadge(state).tone,
        because,
        evidence: [],
      }));
    case 'port': {
      const isDeclared = assessment.services.some(({port}) => port === thing.port);
      return isDeclared ? [] : assessment.ports.filter(({port}) => port === thing.port).map(use => portState(ref, use));
    }
    case 'lock': {
      const {state, because, path} = thing.lock;
      return [{ref, state, tone: lockBadge(state).tone, because, evidence: [{fact: describeLock(thing.lock), source: path}]}];
    }
    case 'record':
      return thing.row === null ? [] : [rowState(ref, thing.row)];
    case 'source': {
      const {state, detail, hint} = thing.status;
      const tone = state === 'unknown' ? 'unknown' : 'plain';
      return [{ref, state, tone, because: hint === undefined ? detail : `${detail}; ${hint}`, evidence: []}];
    }
    default:
      return [];
  }
};

const factsOf = (thing: Thing, index: FleetIndex): readonly string[] => {
  switch (thing.sort) {
    case 'agent': {
      const {role, rig, town} = thing.agent;
      const branch = branchOf(index, thing.agent);
      return [
        `${role} of rig ${rig}${town === null || town === rig ? '' : ` in town ${town}`}`,
        ...(branch === null ? [] : [`on branch ${branch}`]),
      ];
    }
    case 'slot':
      return [...new Set(thing.services.flatMap(({worktree}) => worktree ?? []))].map(path => `work tree ${path}`);
    case 'rig': {
      const {origin, path, operational, because} = thing.rig;
      const state = because ?? 'cannot tell whether it is operational';
      return [`${origin} rig in ${path}`, ...(operational === true ? [] : [state])];
    }
    default:
      return [];
  }
};

const findingsOf = (thing: Thing, about: About, tree: readonly Process[], index: FleetIndex): readonly Finding[] => {
  const {findings} = index.assessment;
  const near = (): readonly Finding[] => [
    ...about.sessions.flatMap(session => findingsAbout(index, {refs: [], session: sessionKey(session), processes: []})),
    ...findingsAbout(index, {refs: about.refs, session: null, processes: tree}),
  ];
  switch (thing.sort) {
    case 'finding':
      return [thing.finding];
    case 'rig':
      return [...findings.filter(({rig}) => rig === thing.rig.name), ...near()];
    case 'port':
      return [...near(), ...findings.filter(({holds}) => holds.includes(thing.port))];
    default:
      return near();
  }
};

const ownerOf = (thing: Thing, about: About, {assessment: {fleet}}: FleetIndex): Owner | null => {
  const [session] = about.sessions;
  const [pid] = about.pids;
  return (
    (session === undefined || thing.sort === 'process' ? undefined : fleet.sessionOwners.get(sessionKey(session))) ??
    (pid === undefined ? undefined : fleet.processOwners.get(pid)) ??
    null
  );
};

/** The program of an agent rather than the shell that it was started from, which the tree shows. */
const shownProcesses = (thing: Thing, roots: readonly number[], {assessment}: FleetIndex): readonly Process[] => {
  const {processes} = assessment.snapshot;
  const main = thing.sort === 'agent' ? (thing.agent.process?.pid ?? null) : null;
  const above = main === null ? [] : [main, ...ancestorsOf(processes, main)];
  return [...(main === null ? [] : [main]), ...roots.filter(root => !above.includes(root))].flatMap(pid => processes.get(pid) ?? []);
};

/** What `index` knows of `thing`. */
export const explain = (thing: Thing, index: FleetIndex): Explanation => {
  const {processes} = index.assessment.snapshot;
  const about = aboutOf(thing, index);
  const roots = topmostOf(
    processes,
    [...new Set(about.pids)].filter(pid => processes.has(pid)),
  );
  const tree = treeOf(index, roots);
  const held = tree.flatMap(({pid}) => index.look.portsOf(pid));
  return {
    ref: thing.ref,
    sort: thing.sort,
    facts: factsOf(thing, index),
    states: statesOf(thing, index),
    findings: [...new Set(findingsOf(thing, about, tree, index))],
    owner: ownerOf(thing, about, index),
    sessions: about.sessions,
    processes: shownProcesses(thing, roots, index).map(process => explainedProcess(index, process)),
    tree: roots.flatMap(root => drawTree(index, root)),
    memory: tree.reduce((total, {rss}) => total + rss, 0),
    ports: [...new Set([...about.ports, ...held])].map(port => explainedPort(index, port)),
  };
};
