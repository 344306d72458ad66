// What belongs to one root: the tree, the members of its terminal sessions and groups, and what escaped and is known by evidence. Pure.
import {commandLine} from '../domain/command-line.ts';
import {descendantsOf} from '../domain/forest.ts';
import {knownValue} from '../domain/known.ts';
import {sessionKey} from '../domain/multiplexer.ts';
import type {LeftOut, TargetStep} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import {processRef} from '../domain/reference.ts';
import {remembered} from '../domain/remember.ts';
import {staysBecause} from '../judge/programs/daemons.ts';
import {groupBy, type Look} from '../look/index/look.ts';
import {markOf, type PlacedPane, paneHead, paneKey} from '../look/index/pane-index.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, type Root} from './roots.ts';
import {isAdopted, isKept} from './traces.ts';

/** A process that hangs on a root, before any rule of safety is asked. */
export interface Claim {
  readonly process: Process;
  readonly step: TargetStep;
  readonly depth: number;
  readonly because: string;
  readonly root: Root;
}

export type Claims = Map<number, Claim>;

/** What hangs on the roots, and what was started in them and stays on purpose, by pid. */
export interface Claimed {
  readonly claims: Claims;
  readonly stayed: ReadonlyMap<number, LeftOut>;
}

interface Claimer {
  readonly world: PlanWorld;
  readonly root: Root;
  readonly claims: Claims;
  readonly stayed: Map<number, LeftOut>;
}

const claimTree = ({world, root, claims}: Claimer, head: Process, step: TargetStep, because: string, depth = 0): void => {
  if (claims.has(head.pid)) {
    return;
  }
  claims.set(head.pid, {process: head, step, depth, because, root});
  for (const below of descendantsOf(world.look.children, head.pid)) {
    const process = world.look.processes.get(below.pid);
    if (process !== undefined && !claims.has(below.pid)) {
      claims.set(below.pid, {process, step, depth: depth + below.depth, because: `below ${head.pid}: ${because}`, root});
    }
  }
};

const claimPids = (claimer: Claimer, pids: readonly number[], step: TargetStep, because: string, wanted: (process: Process) => boolean) => {
  for (const pid of pids) {
    const process = claimer.world.look.processes.get(pid);
    if (process !== undefined && !claimer.claims.has(pid) && wanted(process)) {
      claimTree(claimer, process, step, because, 1);
    }
  }
};

/** Pids by `GT_RUN`, the identity of one start of an agent. */
const runsOf = remembered((look: Look) =>
  groupBy(
    look.processes.values(),
    ({env}) => knownValue(env)?.GT_RUN || null,
    ({pid}) => pid,
  ),
);

/** Whether a process runs below the living first process of a pane that is not one of `own`: then it is that pane's. */
const inOtherPane = (look: Look, {pid}: Process, own: ReadonlySet<string>): boolean => {
  const placed = look.paneAround(pid);
  return placed !== undefined && !own.has(paneKey(placed));
};

const claimPanes = (claimer: Claimer, panes: readonly PlacedPane[]): void => {
  const {world, root} = claimer;
  const heads = panes.flatMap(placed => {
    const head = paneHead(placed, world.look.processes);
    return head === null ? [] : [{head, placed}];
  });
  for (const {head, placed} of heads) {
    claimTree(claimer, head, 'tree', `runs in pane ${placed.pane.id} of session ${placed.session.name}`);
  }
  for (const {head, placed} of heads) {
    // tmux makes the first process of a pane the leader of a session of its own: all members are the pane's (setsid(2)).
    if (head.sid === head.pid) {
      claimPids(
        claimer,
        world.look.terminals.get(head.sid) ?? [],
        'group',
        `in the terminal session of pane ${placed.pane.id}`,
        () => true,
      );
    }
  }
  const own = new Set(panes.map(paneKey));
  const mayEscape = (process: Process): boolean => !isKept(process, world.look.processes) && !inOtherPane(world.look, process, own);
  for (const placed of panes) {
    const mark = markOf(placed);
    const because = `was started in pane ${placed.pane.id} (TMUX_PANE) and left its tree`;
    const started = mark === null ? [] : (world.look.startedIn.get(mark) ?? []);
    claimPids(claimer, started, 'escaped', because, mayEscape);
    nameStaying(claimer, started, placed);
  }
  const runs = new Set(heads.flatMap(({head}) => knownValue(head.env)?.GT_RUN || []));
  for (const run of runs) {
    // A server that was started from an agent hands its GT_RUN to every pane: only what no pane claims is this run's.
    claimPids(
      claimer,
      runsOf(world.look).get(run) ?? [],
      'escaped',
      'belongs to the same start of the agent (GT_RUN) and left its tree',
      process => isAdopted(process, world.look.processes) && paneMarkFree(process) && mayEscape(process),
    );
  }
  if (root.sort === 'session') {
    claimOwned(claimer, mayEscape);
  }
};

/** What says of itself that it outlives its pane is told, not ended: whose it is by now, its environment does not say. */
const nameStaying = ({world, claims, stayed}: Claimer, started: readonly number[], {pane}: PlacedPane): void => {
  for (const pid of started) {
    const process = world.look.processes.get(pid);
    const stays = process === undefined || claims.has(pid) || !isAdopted(process, world.look.processes) ? null : staysBecause(process);
    if (process !== undefined && stays !== null && process.state !== 'Z') {
      const because = `${commandLine(process, 40)} was started in pane ${pane.id}, and stays: ${stays}`;
      stayed.set(pid, leave(processRef(pid), 'shared', because));
    }
  }
};

/** Adopted processes without a terminal that identification gave to this session's agent: a cleared environment leaves the directory. */
const claimOwned = (claimer: Claimer, mayEscape: (process: Process) => boolean): void => {
  const {world, root} = claimer;
  const {fleet} = world.assessment;
  const agent = root.sort === 'session' ? fleet.sessionOwners.get(sessionKey(root.session))?.agent : null;
  if (agent === null || agent === undefined) {
    return;
  }
  for (const [pid, owner] of fleet.processOwners) {
    if (owner.agent === agent && !claimer.claims.has(pid)) {
      const why = owner.evidence[0];
      claimPids(
        claimer,
        [pid],
        'escaped',
        `belongs to ${agent}${why === undefined ? '' : ` (${why.fact})`} and lost its parent`,
        process => process.tty === null && isAdopted(process, world.look.processes) && paneMarkFree(process) && mayEscape(process),
      );
    }
  }
};

/** Started in no pane, or nothing says so: what another pane's environment names is that pane's leftover. */
const paneMarkFree = (process: Process): boolean => knownValue(process.env)?.TMUX_PANE === undefined;

const claimProcess = (claimer: Claimer, head: Process): void => {
  const {world} = claimer;
  claimTree(claimer, head, 'tree', claimer.root.because);
  // Only what lost its parent: a living parent makes a member of the same group a bystander (a pipeline's other half).
  const adopted = (process: Process): boolean => isAdopted(process, world.look.processes);
  if (head.pgid === head.pid) {
    claimPids(claimer, world.look.groups.get(head.pid) ?? [], 'group', `in the process group of ${head.pid}, its parent is gone`, adopted);
  }
  if (head.sid === head.pid) {
    claimPids(claimer, world.look.terminals.get(head.pid) ?? [], 'group', `in the session of ${head.pid}, its parent is gone`, adopted);
  }
};

/** Everything that hangs on the roots, each process once: the first root that reaches it has it. */
export const claimRoots = (world: PlanWorld, roots: readonly Root[]): Claimed => {
  const claims: Claims = new Map();
  const stayed = new Map<number, LeftOut>();
  for (const root of roots) {
    const claimer = {world, root, claims, stayed};
    switch (root.sort) {
      case 'session':
        claimPanes(
          claimer,
          root.session.panes.map(pane => ({server: root.server, session: root.session, pane})),
        );
        break;
      case 'pane':
        claimPanes(claimer, [root.placed]);
        break;
      case 'process':
        claimProcess(claimer, root.process);
        break;
    }
  }
  return {claims, stayed};
};
