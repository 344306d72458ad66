// A command of an agent, judged: read, played, and where it would end something, held against what is the agent's own. Runs nothing of it.
import type {Known} from '../../core/domain/known.ts';
import type {Process} from '../../core/domain/process.ts';
import type {TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Own} from '../../core/judge/own/ownership.ts';
import {monotonicNow} from '../../core/os/clock.ts';
import {readLightTable, readWithAncestors} from '../../core/os/light-table.ts';
import {readSocketUses} from '../../core/os/socket-uses.ts';
import {withinDeadline} from '../../core/os/within-deadline.ts';
import type {ContainerEnding} from '../../guard/call.ts';
import {decisionIn} from '../../guard/hooks/hook-answer.ts';
import type {HookProgram} from '../../guard/hooks/hook-input.ts';
import {mayEnd} from '../../guard/shell/quick-scan.ts';
import {type Weighed, type Whose, weigh} from '../../guard/weigh.ts';
import {readCaller} from './guard-caller.ts';
import {type Resolved, resolveCommand} from './resolve.ts';

export interface Question {
  readonly command: string;
  readonly cwd: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The agent program whose hook asks; null where a person does. */
  readonly program: HookProgram | null;
  readonly conversation: string | null;
}

const NOTHING: Weighed = {verdict: {decision: 'allow'}, others: [], own: [], undecided: []};

const PORTS_MS = 300;

/** Ports that these processes listen on, for people to know them by. */
const portsOf = (pids: readonly number[]): ReadonlyMap<number, readonly number[]> => {
  const sockets = readSocketUses(null, PORTS_MS, pids);
  const ports = new Map<number, Set<number>>();
  for (const {listening, localPort, pids: holders} of sockets.known ? sockets.value : []) {
    for (const pid of listening ? holders : []) {
      ports.set(pid, (ports.get(pid) ?? new Set()).add(localPort));
    }
  }
  return new Map([...ports].map(([pid, held]) => [pid, [...held]]));
};

type Table = ReadonlyMap<number, TerminalProcess>;

const NOT_LOOKED_FOR: Own = {own: 'unknown', because: 'whose it is was not looked for'};

/** By lineage alone, where that decides: everything is below the agent, or something is beyond doubt another agent’s. */
const byLineage = async (table: Table, resolved: Resolved, {program}: Question): Promise<Whose | null> => {
  if (program === null || resolved.containers.length > 0) {
    return null;
  }
  const {lineageOf} = await import('./lineage.ts');
  const own = lineageOf(
    table,
    program,
    resolved.endings.map(({pid}) => pid),
  );
  const answers = resolved.endings.map(({pid}) => own?.get(pid) ?? null);
  const isDecided =
    answers.some(answer => answer?.own === 'no') || (answers.every(answer => answer !== null) && resolved.undecided.length === 0);
  return own !== null && isDecided
    ? {of: process => own.get(process.pid) ?? NOT_LOOKED_FOR, ofContainer: () => NOT_LOOKED_FOR, trouble: null}
    : null;
};

/** Where nothing is known to end there is nobody to look for. */
const NOBODY: Whose = {of: () => NOT_LOOKED_FOR, ofContainer: () => NOT_LOOKED_FOR, trouble: null};

/** What nobody could find out is not the caller’s. */
const nobodys = (because: string): Whose => {
  const of = (): Own => ({own: 'unknown', because});
  return {of, ofContainer: of, trouble: because};
};

const ofContainer =
  (tree: Known<string>) =>
  ({directory}: ContainerEnding): Own => {
    if (directory === '') {
      return {own: 'unknown', because: 'whose container it is cannot be told: no compose project has started it'};
    }
    const isOwn = tree.known && (directory === tree.value || directory.startsWith(`${tree.value}/`));
    return isOwn
      ? {own: 'yes', by: 'tree', because: `compose has started it from ${directory}`}
      : {own: 'no', because: `compose has started it from ${directory}`};
  };

/** The whole rule of ownership, over a look at everything that bears on it. */
const byLook = async (
  resolved: Resolved,
  question: Question,
  withinMs: number,
): Promise<{readonly whose: Whose; readonly whenUndecided: 'ask' | 'deny'}> => {
  const {lookForOwn, guardConfig} = await import('./own-look.ts');
  const config = await guardConfig(question);
  const {undecided} = config.guard;
  const whenUndecided = question.program === null ? undecided : decisionIn(question.program, undecided);
  const pids = resolved.endings.map(({pid}) => pid);
  if (pids.length + resolved.containers.length === 0) {
    return {whose: NOBODY, whenUndecided};
  }
  const everybody = resolved.facts.processes ?? readLightTable(withinMs);
  if (!everybody.known) {
    return {whose: nobodys(everybody.because), whenUndecided};
  }
  const {ownership, processes} = await lookForOwn(everybody.value, pids, {
    config,
    env: question.env,
    cwd: question.cwd,
    conversation: question.conversation ?? undefined,
  });
  if (!ownership.known) {
    return {whose: nobodys(ownership.because), whenUndecided};
  }
  const {value} = ownership;
  const of = (each: Process): Own => value.of(processes.get(each.pid) ?? each);
  return {whose: {of, ofContainer: ofContainer(value.home.tree), trouble: null}, whenUndecided};
};

/** The same, or why there was no time for it. */
const inTime = async (look: ReturnType<typeof byLook>, withinMs: number): ReturnType<typeof byLook> => {
  const answer = await withinDeadline(look, withinMs);
  if (answer.inTime) {
    return answer.value;
  }
  return {whose: nobodys(`whose it is was not found out within ${Math.round(withinMs)} ms`), whenUndecided: 'deny'};
};

/** Who is known to end and could not be read for that is nobody’s to end. */
const unread = ({endings, containers, undecided}: Resolved, because: string): Resolved['undecided'] => [
  ...undecided,
  ...[...endings, ...containers].map(({by}) => ({by, because})),
];

/** Ports are for words: nobody is told of what an agent may end. */
const isTold = ({endings, undecided}: Resolved, near: Table, whose: Whose, {program}: Question): boolean =>
  program === null || undecided.length > 0 || endings.some(({pid}) => isOthers(near.get(pid), whose));

const isOthers = (process: Process | undefined, whose: Whose): boolean => process !== undefined && whose.of(process).own !== 'yes';

/**
 * Whoever asks, this answers: nothing that the command would do is done. `withinMs`: how long it may take to find out whose the ended are;
 * what is not found out by then is not the caller’s.
 */
export const judgeCommand = async (question: Question, withinMs: number): Promise<Weighed> => {
  const started = monotonicNow();
  if (!mayEnd(question.command)) {
    return NOTHING;
  }
  const caller = await readCaller(question);
  const resolved = await resolveCommand(question.command, caller, question.env, process.pid, started + withinMs);
  const {endings, containers, undecided} = resolved;
  if (endings.length + containers.length + undecided.length === 0) {
    return NOTHING;
  }
  const left = (): number => Math.max(0, withinMs - (monotonicNow() - started));
  const pids = endings.map(({pid}) => pid);
  const near = readWithAncestors([process.pid, ...pids], left());
  if (!near.known) {
    const told = {...resolved, endings: [], containers: [], undecided: unread(resolved, near.because)};
    return weigh(told, NOBODY, {processes: new Map(), ports: new Map(), whenUndecided: 'deny'});
  }
  const lineage = await byLineage(near.value, resolved, question);
  const {whose, whenUndecided} =
    lineage === null ? await inTime(byLook(resolved, question, left()), left()) : {whose: lineage, whenUndecided: 'deny' as const};
  const ports = isTold(resolved, near.value, whose, question) ? portsOf(pids) : new Map();
  return weigh(resolved, whose, {processes: near.value, ports, whenUndecided});
};
