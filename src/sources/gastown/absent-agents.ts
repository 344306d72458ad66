// Agents that a town should have and of which nothing was seen: stopped, parked, crashed or unknown. Pure.
import type {Agent, AgentState} from '../../core/domain/agent.ts';
import type {Fleet} from '../../core/domain/fleet.ts';
import {startedAt} from '../../core/domain/process.ts';
import type {Snapshot} from '../../core/domain/snapshot.ts';
import type {TownHelper} from '../../core/domain/town.ts';
import type {Expecting} from '../../core/judge/owners/owning-source.ts';
import {createBlindness} from './absence.ts';
import {type ExpectedAgent, expectedAgents} from './expected-agents.ts';
import {workSignsOf} from './recorded-work.ts';
import {claimProcess} from './town-claims.ts';
import {operationOf} from './town-operation.ts';

/** A report this young may come from an agent that lives where nobody looked. */
const JUST_SPOKE_MS = 10_000;

/** A pid file is written by the process itself or right after its start. */
const PID_FILE_SLACK_MS = 5_000;

interface Verdict {
  readonly state: AgentState;
  readonly because: string;
  readonly evidence?: Agent['evidence'];
  readonly pid?: number;
}

/** The mayor outside tmux: the recorded pid, unless the process there is younger than the record. */
const livingHelper = (snapshot: Snapshot, helper: TownHelper | undefined): number | null => {
  const process = helper === undefined ? undefined : snapshot.processes.get(helper.pid);
  return helper === undefined ||
    process === undefined ||
    process.state === 'Z' ||
    startedAt(process, snapshot) > helper.writtenAt + PID_FILE_SLACK_MS
    ? null
    : process.pid;
};

/** Why an agent's absence is meant, or null when nothing of the kind is known. */
const deliberate = (agent: ExpectedAgent): Verdict | null => {
  const {records} = agent.town;
  const {estop, shutdown, deaconPaused} = records;
  if (estop.known && estop.value !== null) {
    return {state: 'parked', because: `emergency stop: ${estop.value.reason || estop.value.trigger}`};
  }
  if (shutdown.known && shutdown.value !== null) {
    return {state: 'stopped', because: `the town is being shut down by ${shutdown.value}`};
  }
  if (agent.role === 'deacon' && deaconPaused.known && deaconPaused.value !== null) {
    return {state: 'parked', because: `paused${deaconPaused.value.reason === null ? '' : `: ${deaconPaused.value.reason}`}`};
  }
  const operation = agent.rig === null ? null : operationOf(agent.town, agent.rig);
  return operation?.operational === false ? {state: 'parked', because: `its rig is not operational: ${operation.because}`} : null;
};

const unreadable = (agent: ExpectedAgent): string | null => {
  const {heartbeats, estop, shutdown} = agent.town.records;
  const blind = [heartbeats, estop, shutdown].find(fact => !fact.known);
  if (blind?.known === false) {
    return blind.because;
  }
  const operation = agent.rig === null ? null : operationOf(agent.town, agent.rig);
  return operation?.operational === null ? operation.because : null;
};

const judge = (snapshot: Snapshot, blind: string | null, loose: number | undefined, agent: ExpectedAgent): Verdict => {
  const acp =
    agent.role === 'mayor'
      ? livingHelper(
          snapshot,
          agent.town.records.helpers.find(helper => helper.kind === 'acp'),
        )
      : null;
  if (acp !== null) {
    return {state: 'running', because: `runs outside tmux as ${acp}`, pid: acp};
  }
  if (loose !== undefined) {
    return {state: 'unknown', because: `its session is gone, but its agent program ${loose} still runs`, pid: loose};
  }
  if (blind !== null) {
    return {state: 'unknown', because: `no session was seen, but ${blind}`};
  }
  const meant = deliberate(agent);
  if (meant !== null) {
    return meant;
  }
  const {working, spokeAgoMs} = workSignsOf(agent, snapshot.takenAt);
  if (working.length === 0) {
    return {state: 'stopped', because: 'no session, and nothing says it was at work'};
  }
  const obstacle = unreadable(agent) ?? (spokeAgoMs !== null && spokeAgoMs < JUST_SPOKE_MS ? 'it spoke a moment ago' : null);
  return obstacle === null
    ? {state: 'crashed', because: 'its session is gone while it was at work', evidence: working}
    : {state: 'unknown', because: `its session is gone, but ${obstacle}`, evidence: working};
};

const asAgent = (snapshot: Snapshot, agent: ExpectedAgent, {state, because, evidence = [], pid}: Verdict): Agent => {
  const process = pid === undefined ? undefined : snapshot.processes.get(pid);
  return {
    ref: agent.agentRef,
    rig: agent.rig?.name ?? agent.town.name,
    name: agent.name,
    role: agent.role,
    town: agent.town.name,
    runtime: null,
    state,
    because,
    session: null,
    sessionRef: null,
    process: process === undefined ? null : {pid: process.pid, startTime: process.startTime},
    slot: agent.worker.slot,
    evidence: [{fact: `${agent.worker.home} exists`, source: `town ${agent.town.name}`}, ...evidence],
  };
};

/** Living agent programs by the agent they belong to, wherever they are. */
const programsByAgent = (snapshot: Snapshot, runtimes: Fleet['runtimes']): ReadonlyMap<string, number> => {
  const programs = new Map<string, number>();
  for (const pid of snapshot.towns.length === 0 ? [] : runtimes.keys()) {
    const process = snapshot.processes.get(pid);
    const ref = process === undefined || process.state === 'Z' ? null : (claimProcess(snapshot.towns, process)?.agentRef ?? null);
    if (ref !== null) {
      programs.set(ref, pid);
    }
  }
  return programs;
};

/**
 * The expected agents that are not among those `present` (by reference). Crashed needs all of: every tmux server answered and
 * none has it, no agent program of it lives, its absence is not meant, and something says that it was at work. Boot comes and
 * goes by design and is left out.
 */
export const identifyAbsentAgents = ({snapshot, settings, runtimes, present}: Expecting): readonly Agent[] => {
  const blindness = createBlindness(snapshot, settings);
  const incomplete = snapshot.processesComplete ? null : 'the process table is incomplete';
  const programs = programsByAgent(snapshot, runtimes);
  return snapshot.towns.flatMap(town =>
    expectedAgents(town)
      .filter(agent => agent.role !== 'boot' && !present.has(agent.agentRef))
      .map(agent => asAgent(snapshot, agent, judge(snapshot, blindness.ofTown(town) ?? incomplete, programs.get(agent.agentRef), agent))),
  );
};
