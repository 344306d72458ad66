// Roots → exact targets, deepest first, and what is left out: the room that every action which ends something shares. Pure.
import {commandLine} from '../domain/command-line.ts';
import type {Protection} from '../domain/finding.ts';
import type {Session} from '../domain/multiplexer.ts';
import type {LeftOut, PlanPane, PlanSession, PlanTarget} from '../domain/plan.ts';
import {ageMs, hasEnded} from '../domain/process.ts';
import {processRef, sessionRef} from '../domain/reference.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import {type Claim, claimRoots} from './claim.ts';
import {forbiddenByName} from './named-session.ts';
import {narrow} from './narrow-targets.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, planPane, planSession, type Root} from './roots.ts';

export interface Collected {
  /** Roots of which something ends. */
  readonly roots: readonly Root[];
  readonly targets: readonly PlanTarget[];
  readonly sessions: readonly PlanSession[];
  readonly panes: readonly PlanPane[];
  readonly leftOut: readonly LeftOut[];
}

/** Sessions that show a window of `session` too: grouped (`new-session -t`) or linked (`link-window`). */
const sharingWindows = (world: PlanWorld, session: Session): readonly Session[] => {
  const windows = new Set(session.panes.map(({windowId}) => windowId));
  return (
    world.assessment.snapshot.servers
      .find(({socket}) => socket === session.socket)
      ?.sessions.filter(other => other.id !== session.id && other.panes.some(({windowId}) => windows.has(windowId))) ?? []
  );
};

const fromProtection = (ref: string, {rule, because, unlock}: Protection): LeftOut => leave(ref, rule, because, unlock);

/** What forbids touching a session or one of its panes as such; null when nothing does. */
const forbidden = (world: PlanWorld, root: Root): LeftOut | null => {
  if (root.sort === 'process') {
    return null;
  }
  const {server, session} = root.sort === 'session' ? root : root.placed;
  const panes = root.sort === 'session' ? session.panes : [root.placed.pane];
  const stranger = forbiddenByName(world, root);
  if (stranger !== null) {
    return stranger;
  }
  const own = world.assessment.snapshot.self.pane;
  if (own !== null && own.socket === server.socket && panes.some(({id}) => id === own.paneId)) {
    return leave(root.ref, 'own-pane', 'rigtop itself runs in it');
  }
  const judge = root.sort === 'session' ? world.guard.session : world.guard.paneOf;
  const stop = judge(session);
  if (stop !== null) {
    return fromProtection(root.ref, stop);
  }
  const windows = new Set(panes.map(({windowId}) => windowId));
  for (const other of sharingWindows(world, session)) {
    const protection = other.panes.some(({windowId}) => windows.has(windowId)) ? judge(other) : null;
    if (protection !== null) {
      const shared = `it shares its windows with session ${other.name}: ${protection.because}`;
      return leave(root.ref, protection.rule, shared, protection.unlock);
    }
  }
  return null;
};

const toTarget = ({process, step, depth, because, root}: Claim, look: Snapshot, holds: readonly number[]): PlanTarget => ({
  pid: process.pid,
  startTime: process.startTime,
  ref: processRef(process.pid),
  pgid: process.pgid,
  command: commandLine(process),
  because,
  parent: process.ppid,
  step,
  depth,
  stopped: process.state === 'T',
  uid: process.uid,
  ageMs: ageMs(process, look),
  holds,
  root: root.ref,
});

/** The same thing asked for twice (by pane and by session, by two findings) is one root. */
const distinct = (roots: readonly Root[]): readonly Root[] => [...new Map(roots.map(root => [root.ref, root])).values()];

/** Roots → targets. Every root ends up in `roots` or in `leftOut`; a narrowed session is in `leftOut` and some of its processes in `targets`. */
export const collectTargets = (world: PlanWorld, asked: readonly Root[]): Collected => {
  const leftOut: LeftOut[] = [];
  const roots = distinct(asked).filter(root => {
    const stop = forbidden(world, root);
    if (stop !== null) {
      leftOut.push(stop);
    }
    return stop === null;
  });
  const {snapshot, fleet} = world.assessment;
  const {claims, stayed} = claimRoots(world, roots);
  const narrowed = narrow(world, roots, claims);
  const targets = [...narrowed.targets]
    .sort((a, b) => world.look.depthOf(b.process.pid) - world.look.depthOf(a.process.pid) || b.process.pid - a.process.pid)
    .map(claim => toTarget(claim, snapshot, world.look.portsOf(claim.process.pid)));
  const ending = roots.filter(root => !narrowed.staying.has(root));
  const hit = new Set(targets.map(({root}) => root));
  for (const root of ending) {
    if (root.sort === 'process' && hasEnded(root.process)) {
      leftOut.push(leave(root.ref, 'defunct', `defunct: only its parent ${root.process.ppid} can clear it`));
    }
  }
  return {
    roots: roots.filter(root => hit.has(root.ref) || (root.sort !== 'process' && !narrowed.staying.has(root))),
    targets,
    sessions: ending.flatMap(root => (root.sort === 'session' ? [planSession(root, snapshot, fleet)] : [])),
    panes: ending.flatMap(root => (root.sort === 'pane' ? [planPane(root)] : [])),
    leftOut: [
      ...leftOut,
      ...narrowed.staying.values(),
      ...narrowed.leftOut,
      ...[...stayed].flatMap(([pid, left]) => (claims.has(pid) ? [] : [left])),
    ],
  };
};

/** Names of the sessions that lose windows along with `session`, for a sentence. */
export const sharingRefs = (world: PlanWorld, session: Session): readonly string[] =>
  sharingWindows(world, session).map(other => sessionRef(other.server, other.name));
