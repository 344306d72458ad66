// Takes out of a plan what a rule forbids, and whatever that needs to go on living: the plan narrows itself instead of failing. Pure.
import {commandLine} from '../domain/command-line.ts';
import type {Protection} from '../domain/finding.ts';
import {ancestorsOf, descendantsOf, nearestAbove} from '../domain/forest.ts';
import {type Server, sessionKey} from '../domain/multiplexer.ts';
import type {LeftOut} from '../domain/plan.ts';
import {hasEnded, isKernelThread, type Process, sameProcess} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';
import {holderOf} from '../domain/session-server.ts';
import {unliftable} from '../domain/unliftable.ts';
import {paneHead} from '../look/index/pane-index.ts';
import {isMultiplexerServer} from '../look/index/program-kinds.ts';
import type {Claim, Claims} from './claim.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, type Root} from './roots.ts';

export interface Narrowed {
  readonly targets: readonly Claim[];
  readonly leftOut: readonly LeftOut[];
  /** Roots that stay, because something in them stays: by root, the reason. */
  readonly staying: ReadonlyMap<Root, LeftOut>;
}

const rule = (name: string, because: string): Protection => ({rule: name, because, unlock: null});

/** The rules that nothing lifts, which hold whatever a protection list says (docs/safety.md, rule 5). */
const forbidden = ({look}: PlanWorld, process: Process): Protection | null =>
  unliftable({...process, kernelThread: isKernelThread(process), isServer: isMultiplexerServer(process)}, look.snapshot.self)[0] ?? null;

/** Below a tmux server that did not answer nobody knows who is attached or what else a pane is for (docs/safety.md, rule 1). */
const silentServers = (world: PlanWorld): ((process: Process) => Protection | null) => {
  const {servers} = world.assessment.snapshot;
  const holds = ({pid: own, sessions}: Server, pid: number): boolean =>
    own === pid || sessions.some(session => holderOf(session)?.pid === pid);
  const above = nearestAbove(world.look.processes, pid => {
    const process = world.look.processes.get(pid);
    const isSilent =
      process !== undefined && isMultiplexerServer(process) && !servers.some(server => server.state === 'ok' && holds(server, pid));
    return isSilent ? pid : undefined;
  });
  return process => {
    const pid = above(process.pid);
    if (pid === undefined) {
      return null;
    }
    const silent = servers.find(server => holds(server, pid));
    return rule(
      'unknown',
      `unknown: the multiplexer’s server ${pid} above it ${silent === undefined ? 'was not seen' : `did not answer (${silent.because})`}`,
    );
  };
};

/** Another agent's program below a target: ending it was not asked for. */
const foreignAgent = (world: PlanWorld, roots: readonly Root[]): ((claim: Claim) => Protection | null) => {
  const sessions = new Set(roots.flatMap(root => (root.sort === 'session' ? [sessionKey(root.session)] : [])));
  const heads = new Set(roots.flatMap(root => (root.sort === 'pane' ? [root.placed.pane.pid] : [])));
  const isInPane = (pid: number): boolean => heads.has(pid) || ancestorsOf(world.look.processes, pid).some(above => heads.has(above));
  const owned = new Set(roots.flatMap(root => (root.sort === 'process' ? [root.process.pid] : [])));
  const foreign = new Map(
    world.assessment.fleet.agents.flatMap(agent =>
      agent.process === null ||
      owned.has(agent.process.pid) ||
      isInPane(agent.process.pid) ||
      (agent.session !== null && sessions.has(agent.session))
        ? []
        : [[agent.process.pid, agent] as const],
    ),
  );
  return ({process, step}) => {
    const agent = foreign.get(process.pid);
    if (agent?.process == null || !sameProcess(agent.process, process)) {
      return null;
    }
    if (agent.session !== null) {
      return rule('other-agent', `it is ${agent.ref}, which has a session of its own`);
    }
    return step === 'escaped' ? rule('other-agent', `it is ${agent.ref}, which runs outside of every pane`) : null;
  };
};

const name = (process: Process): string => `${process.pid} (${commandLine(process, 40)})`;

const belowKept = (kept: Process): string => `below ${name(kept)}, which is left alone`;

/** Who asks for the end of its own things gives up its own use of them. */
const givesUp = ({own, look}: PlanWorld, pid: number): boolean => {
  const process = own === null ? undefined : look.processes.get(pid);
  return process !== undefined && (own?.caller.process.pid === pid || own?.of(process).own === 'yes');
};

/** The calling agent stays when it cleans up below itself, as does everybody else above what is its own. */
const keepsBelow = ({own}: PlanWorld, {rule: name}: Protection): boolean => !(own !== null && /^(?:not-mine|ancestor|self)$/.test(name));

/** By pid, the process above it on whose account it was left out. */
type Covered = Map<number, Process>;

/** What `kept` needs: everything below it, and whoever holds its terminal: the end of a session leader hangs up (setsid(2), credentials(7)). */
const neededBy = (
  world: PlanWorld,
  claims: Claims,
  kept: Process,
  covered: Covered,
  withBelow: boolean,
): readonly {readonly pid: number; readonly because: string}[] => {
  // What is below one that was kept before has its answer, and so has the terminal that both are at: a deep chain is walked once.
  const by = covered.get(kept.pid);
  const below =
    by === undefined && withBelow ? descendantsOf(world.look.children, kept.pid).map(({pid}) => ({pid, because: belowKept(kept)})) : [];
  for (const {pid} of below) {
    covered.set(pid, kept);
  }
  const isAnswered = kept.tty === null || (by?.tty === kept.tty && by.sid === kept.sid);
  const holders = isAnswered ? [] : [...ancestorsOf(world.look.processes, kept.pid), kept.sid];
  // And who opened that terminal: the parent of the session's leader is another session's, and holds the master's side (pty(7)).
  const opener = isAnswered ? undefined : world.look.processes.get(world.look.processes.get(kept.sid)?.ppid ?? 0);
  const masters = opener !== undefined && opener.tty !== kept.tty ? [opener.pid] : [];
  const above = [...holders.filter(pid => pid !== kept.pid && world.look.processes.get(pid)?.sid === kept.sid), ...masters].map(pid => ({
    pid,
    because: `${name(kept)}, which is left alone, needs its terminal`,
  }));
  return [...below, ...above].filter(({pid}) => claims.has(pid));
};

/** The panes of a root; none of a process. */
const panesOf = (root: Root) => {
  switch (root.sort) {
    case 'session':
      return root.session.panes.map(pane => ({server: root.server, session: root.session, pane}));
    case 'pane':
      return [root.placed];
    default:
      return [];
  }
};

/** Every session and pane root that shows the terminal of something that stays. */
const rootsHolding = (world: PlanWorld, roots: readonly Root[], kept: Process): readonly Root[] =>
  roots.filter(root =>
    panesOf(root).some(placed => {
      const head = paneHead(placed, world.look.processes);
      return head !== null && (head.pid === kept.pid || (kept.tty !== null && head.sid === kept.sid));
    }),
  );

/** Split claims into targets and what is left out. Defunct processes are neither: they are gone but for their parent. */
export const narrow = (world: PlanWorld, roots: readonly Root[], claims: Claims): Narrowed => {
  const foreign = foreignAgent(world, roots);
  const silent = silentServers(world);
  const leftOut = new Map<number, LeftOut>();
  const staying = new Map<Root, LeftOut>();
  const covered: Covered = new Map();
  const keep = (process: Process, stop: Protection): void => {
    leftOut.set(process.pid, leave(processRef(process.pid), stop.rule, stop.because, stop.unlock));
    for (const needed of neededBy(world, claims, process, covered, keepsBelow(world, stop))) {
      if (!leftOut.has(needed.pid)) {
        leftOut.set(needed.pid, leave(processRef(needed.pid), stop.rule, needed.because, stop.unlock));
      }
    }
    for (const root of rootsHolding(world, roots, process)) {
      if (!staying.has(root)) {
        staying.set(root, leave(root.ref, stop.rule, `${name(process)} stays: ${stop.because}`, stop.unlock));
      }
    }
  };
  for (const claim of claims.values()) {
    const {process} = claim;
    const stop = forbidden(world, process) ?? foreign(claim) ?? world.guard.process(process) ?? silent(process);
    if (stop !== null && !hasEnded(process)) {
      keep(process, stop);
    }
  }
  // Whoever is left out may use what is not yet: until nothing changes.
  const ends = (pid: number): boolean => (claims.has(pid) && !leftOut.has(pid)) || givesUp(world, pid);
  for (let before = -1; before !== leftOut.size; ) {
    before = leftOut.size;
    for (const {process} of claims.values()) {
      const user = leftOut.has(process.pid) || hasEnded(process) ? null : world.usedBy(process, ends);
      if (user !== null) {
        keep(process, rule('in-use', `${commandLine(process, 40)} is in use: ${user}`));
      }
    }
  }
  const targets = [...claims.values()].filter(({process}) => !leftOut.has(process.pid) && !hasEnded(process));
  return {targets, leftOut: [...leftOut.values()].filter(({ref}) => !isTopOf(ref, staying)), staying};
};

/** A process root that stays is named once. */
const isTopOf = (ref: string, staying: ReadonlyMap<Root, LeftOut>): boolean => [...staying.keys()].some(root => root.ref === ref);
