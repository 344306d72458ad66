// Which agent asks: told by its lineage, or by the conversation that a shared daemon names, held against the daemon's own records. Pure.
import {commandLine, oneLine} from '../../domain/command-line.ts';
import {type Known, known, knownValue, unknown} from '../../domain/known.ts';
import {ownValue} from '../../domain/own-value.ts';
import {type Process, type ProcessId, placeOf, sameProcess} from '../../domain/process.ts';
import {processRef} from '../../domain/reference.ts';
import type {RuntimeRecord} from '../../domain/runtime-record.ts';
import {CONVERSATION_MARKS} from '../../look/index/origin.ts';
import {reaperName} from '../../look/index/program-kinds.ts';
import {agentBelow} from '../programs/launchers.ts';
import {hostedProgram, isCallingAgent, isServer, type OwnWorld, startersOf} from './own-world.ts';

/** Who asks. */
export interface Asking {
  /** The process that asks: rigtop itself, which the agent, or its hook, has started. */
  readonly process: ProcessId;
  /** Id of the session or thread that the runtime names on a channel of its own, such as a hook's input; missing where there is none. */
  readonly conversation?: string | undefined;
}

/** The agent on whose behalf something is asked. */
export interface Caller {
  /** Table key of its program: `claude`, `codex` … */
  readonly program: string;
  /** The agent program; of a conversation the daemon that it lives in. */
  readonly process: ProcessId;
  /** `lineage`: what asks runs below the agent. `conversation`: it runs below a daemon that holds this conversation open. */
  readonly proof: 'lineage' | 'conversation';
  /** Id of its conversation by its program's own records; null where none says it. */
  readonly conversation: string | null;
  /** Where it works, absolute and with links resolved; null where that is not known. */
  readonly directory: string | null;
  /** Reference of the agent in this look; null where it has none of its own (an agent that an agent started). */
  readonly ref: string | null;
  /** In words. */
  readonly because: string;
}

/** How a caller is called: by its reference, else by its program. */
export const callerName = ({ref, program, process, conversation, proof}: Caller): string =>
  ref ?? (proof === 'lineage' ? `${program} ${process.pid}` : oneLine(`${program} conversation ${conversation}`));

/** Whether two callers are one: what was planned for one is not carried out for another. */
export const sameCaller = (
  one: Pick<Caller, 'process' | 'proof' | 'conversation'>,
  other: Pick<Caller, 'process' | 'proof' | 'conversation'>,
): boolean =>
  sameProcess(one.process, other.process) &&
  one.proof === other.proof &&
  // A conversation may begin anew within one agent (`/clear`); in a daemon it is all that tells one from another.
  (one.proof === 'lineage' || one.conversation === other.conversation);

const called = (process: Process): string => `${commandLine(process, 40)} ${process.pid}`;

const sessionsOf = ({assessment: {fleet}}: OwnWorld, pid: number): readonly RuntimeRecord[] =>
  (fleet.records.get(pid) ?? []).map(({record}) => record).filter(({role}) => role === 'session');

/** The agent of the look that a process is: itself, or what launched it in the same process group. */
const agentOf = ({assessment: {fleet}, look}: OwnWorld, {pid}: Process) =>
  fleet.agents.find(({process}) => {
    const there = process === null ? undefined : look.processes.get(process.pid);
    return there !== undefined && (there.pid === pid || agentBelow(look, fleet.runtimes, there).pid === pid);
  });

const byLineage = (world: OwnWorld, agent: Process): Known<Caller> => {
  if (reaperName(agent) !== null) {
    return unknown(`${called(agent)} is handed whatever loses its parent here: what is below it may be anybody’s`);
  }
  const program = world.assessment.fleet.runtimes.get(agent.pid)?.runtime ?? agent.comm;
  const record = sessionsOf(world, agent.pid).find(({conversation}) => conversation !== null);
  return known({
    program,
    process: {pid: agent.pid, startTime: agent.startTime},
    proof: 'lineage',
    conversation: record?.conversation ?? null,
    directory: placeOf(agent) ?? record?.directory ?? null,
    ref: agentOf(world, agent)?.ref ?? null,
    because: `rigtop runs below ${called(agent)}`,
  });
};

/** The conversation of a program that the environment of a process names. */
const namedIn = (program: string, {env}: Process): string | null => {
  const words = knownValue(env) ?? {};
  return CONVERSATION_MARKS.flatMap(mark => (mark.program === program ? (ownValue(words, mark.name) ?? []) : []))[0] ?? null;
};

/** The conversation that a process belongs to below a daemon of its program, told by what the daemon started; or why it cannot be told. */
export const conversationBelow = (program: string, chain: readonly Process[]): Known<string> => {
  const started = chain.at(-1);
  const named = started === undefined ? null : namedIn(program, started);
  if (started === undefined || named === null) {
    return unknown(started === undefined ? 'nothing is above it' : `${called(started)} bears no mark of a conversation`);
  }
  const other = chain.find(each => (namedIn(program, each) ?? named) !== named);
  return other === undefined ? known(named) : unknown(`${called(other)} bears the mark of another conversation than ${called(started)}`);
};

/** `between`: from the process that asks up to what the daemon started. */
const byConversation = (world: OwnWorld, daemon: Process, between: readonly Process[], told: string | undefined): Known<Caller> => {
  const program = hostedProgram(world, daemon) ?? daemon.comm;
  const shared = `${called(daemon)} runs the tools of several sessions`;
  const marked = conversationBelow(program, between);
  if (!marked.known && told === undefined) {
    return unknown(`${shared}, and which one asks cannot be told: ${marked.because}`);
  }
  const conversation = told ?? (marked.known ? marked.value : '');
  // What the daemon gave to a tool goes before what is told of it.
  const other = between.map(each => namedIn(program, each)).find(named => named !== null && named !== conversation);
  if (other !== undefined) {
    return unknown(`${shared}, and two conversations are named of what asks`);
  }
  const record = sessionsOf(world, daemon.pid).find(each => each.program === program && each.conversation === conversation);
  if (record === undefined) {
    return unknown(`${shared}, and its records do not say that it holds conversation ${oneLine(conversation)} open`);
  }
  const ref = processRef(daemon.pid);
  return known({
    program,
    process: {pid: daemon.pid, startTime: daemon.startTime},
    proof: 'conversation',
    conversation,
    directory: record.directory,
    ref: world.assessment.fleet.agents.find(agent => agent.hosts === ref && agent.record?.conversation === conversation)?.ref ?? null,
    because: `${called(daemon)}, above rigtop, holds conversation ${oneLine(conversation)} open (${record.file})`,
  });
};

/**
 * The calling agent: the nearest agent program above the process that asks. Where that is below a daemon that several sessions work
 * through, ancestry says nothing, and the conversation counts that the daemon's own records and the marks of its children agree on.
 */
export const callerOf = (world: OwnWorld, asking: Asking): Known<Caller> => {
  const asker = world.look.processes.get(asking.process.pid);
  if (asker === undefined || !sameProcess(asker, asking.process)) {
    return unknown('the process that asks is not in the process table');
  }
  const above = startersOf(world, asker);
  const at = above.findIndex(each => isCallingAgent(world, each) || hostedProgram(world, each) !== null || isServer(world, each));
  const found = above[at];
  if (found === undefined || isServer(world, found)) {
    return unknown(`no agent program is above it${found === undefined ? '' : `, only ${called(found)}`}`);
  }
  return isCallingAgent(world, found)
    ? byLineage(world, found)
    : byConversation(world, found, [asker, ...above.slice(0, at)], asking.conversation);
};
