// A plan made some seconds ago or by another rigtop, and the same request planned anew: what of it is still justified. Pure.
import type {Protection} from '../domain/finding.ts';
import type {Assessment} from '../domain/fleet.ts';
import {ancestorsOf} from '../domain/forest.ts';
import {sessionKey} from '../domain/multiplexer.ts';
import {type TargetOutcome, unsignalled} from '../domain/outcome.ts';
import {isRefusal, type LeftOut, type Plan, type PlanRequest, type PlanStart, type PlanTarget, type Refusal} from '../domain/plan.ts';
import {hasEnded, type Process, processKey} from '../domain/process.ts';
import {sessionRef} from '../domain/reference.ts';
import {newcomers, samePane} from './newcomers.ts';

/** Where a plan comes from. A file may have been altered: of that only what is found anew counts. */
export type PlanOrigin = 'memory' | 'file';

export interface Confirmed {
  /** The plan, narrowed to what is still justified. */
  readonly plan: Plan;
  /** What is not carried out, each with its one result. */
  readonly dropped: readonly TargetOutcome[];
  /** Why nothing may be carried out at all: a restart ends nothing that it would not start again. Null of any other plan. */
  readonly refused: {readonly rule: string; readonly because: string} | null;
}

/** Every reference that a session of the plan has now: it may have been renamed since, and is the same one all the same. */
const refsNow = (plan: Plan, ref: string, {snapshot}: Assessment): readonly string[] => {
  const session = plan.sessions.find(each => each.ref === ref);
  const now = snapshot.servers.flatMap(server => {
    const same = session === undefined ? undefined : server.sessions.find(each => sessionKey(each) === sessionKey(session));
    return same === undefined ? [] : [sessionRef(server.name, same.name)];
  });
  return [ref, ...now];
};

/** The request that a plan answers, with its sessions named by what does not change. */
export const requestOf = ({action, asked, force, graceMs, unlocks, compose, sessions, mine, lastSeen}: Plan): PlanRequest => ({
  action,
  asked: asked.map(each => {
    const session = sessions.find(({ref}) => ref === each);
    return session === undefined ? each : sessionRef(session.socket, session.id);
  }),
  force,
  graceMs,
  unlocks,
  docker: compose.length > 0,
  ...(mine === undefined ? {} : {mine}),
  ...(lastSeen === undefined ? {} : {lastSeen}),
});

const words = ({rule, because}: LeftOut): string => (rule === null ? because : `${because} [${rule}]`);

const NO_LONGER = 'it is no longer part of what was asked for';

interface World {
  readonly assessment: Assessment;
  readonly fresh: Plan | Refusal;
  readonly origin: PlanOrigin;
  /** The rules of protection, in the fresh look. */
  readonly protect: (process: Process) => Protection | null;
}

/** What is asked of each part of a plan: the fresh look, and what came up below its roots since (see newcomers.ts). */
interface Judging extends World {
  readonly came: ReadonlyMap<string, string>;
}

/** Whether what a target hangs on is proven gone: then its exact processes are leftovers of what was confirmed. */
const rootIsGone = (plan: Plan, root: string, {snapshot}: Assessment): boolean => {
  const session = plan.sessions.find(({ref}) => ref === root) ?? plan.panes.find(({ref}) => ref === root)?.session;
  if (session !== undefined) {
    const server = snapshot.servers.find(({socket}) => socket === session.socket);
    return server?.state !== 'unknown' && !server?.sessions.some(each => sessionKey(each) === sessionKey(session));
  }
  const process = plan.targets.find(({ref}) => ref === root);
  return process !== undefined && snapshot.processes.get(process.pid)?.startTime !== process.startTime;
};

/** Null: it stays in the plan. */
const judge = (plan: Plan, target: PlanTarget, {assessment, fresh, origin, protect, came}: Judging): TargetOutcome | null => {
  const {ref, pid, root} = target;
  const process = assessment.snapshot.processes.get(pid);
  if (process === undefined || hasEnded(process)) {
    return unsignalled(ref, 'already-gone', null, {pid});
  }
  if (process.startTime !== target.startTime) {
    return unsignalled(ref, 'changed', 'its pid is another process’s now', {pid});
  }
  const newcomer = came.get(root);
  if (newcomer !== undefined) {
    return unsignalled(ref, 'changed', newcomer, {pid});
  }
  if (!isRefusal(fresh) && fresh.targets.some(each => processKey(each) === processKey(target))) {
    return null;
  }
  const roots = refsNow(plan, root, assessment);
  const left = fresh.leftOut.find(each => each.ref === ref) ?? fresh.leftOut.find(each => roots.includes(each.ref));
  if (left !== undefined && left.rule !== 'not-found') {
    return unsignalled(ref, 'refused', words(left), {pid});
  }
  if (isRefusal(fresh) && fresh.rule !== 'not-found' && fresh.rule !== 'nothing-to-do') {
    return unsignalled(ref, 'refused', `${fresh.because} [${fresh.rule}]`, {pid});
  }
  if (origin === 'memory' && rootIsGone(plan, root, assessment)) {
    const stop = protect(process);
    return stop === null ? null : unsignalled(ref, 'refused', `${stop.because} [${stop.rule}]`, {pid});
  }
  return unsignalled(ref, 'changed', NO_LONGER, {pid});
};

/** Sessions and panes: gone ones stay in the plan, where the act finds them already gone. */
const judgeRoot = (plan: Plan, ref: string, isFresh: boolean, isThere: boolean, judging: Judging): TargetOutcome | null => {
  const {fresh, assessment, came} = judging;
  const refs = refsNow(plan, ref, assessment);
  const left = fresh.leftOut.find(each => refs.includes(each.ref) && each.rule !== 'not-found');
  if (left !== undefined) {
    return unsignalled(ref, 'refused', words(left));
  }
  const newcomer = came.get(ref);
  if (newcomer !== undefined) {
    return unsignalled(ref, 'changed', newcomer);
  }
  return isFresh || !isThere ? null : unsignalled(ref, 'changed', NO_LONGER);
};

/**
 * What has come up since: the same request would end it by now, and what is still `there` of the plan does not. A child that a target has
 * forked ends with the target; an agent program or a listener below one is what was to be started.
 */
const cameUp = (there: Pick<Plan, 'targets' | 'sessions' | 'panes'>, {fresh, assessment}: World): readonly string[] => {
  if (isRefusal(fresh)) {
    return [];
  }
  const {snapshot, fleet} = assessment;
  const known = new Set(there.targets.map(processKey));
  // Each of these targets is, in this look, the process that the plan named.
  const ending = new Set(there.targets.map(({pid}) => pid));
  const agents = new Set(fleet.agents.flatMap(({process}) => (process === null ? [] : [processKey(process)])));
  const endsWithTarget = (target: PlanTarget): boolean =>
    target.holds.length === 0 &&
    !agents.has(processKey(target)) &&
    ancestorsOf(snapshot.processes, target.pid).some(above => ending.has(above));
  const sessions = new Set(there.sessions.map(sessionKey));
  return [
    ...fresh.sessions.filter(session => !sessions.has(sessionKey(session))),
    ...fresh.panes.filter(pane => !there.panes.some(each => samePane(each, pane))),
    ...fresh.targets.filter(target => !known.has(processKey(target)) && !endsWithTarget(target)),
  ].map(({ref}) => ref);
};

const sameText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Null: it is started as planned. */
const judgeStart = (start: PlanStart, up: readonly string[], {fresh}: World): TargetOutcome | null => {
  if (isRefusal(fresh)) {
    return unsignalled(start.ref, 'refused', `${fresh.because} [${fresh.rule}]`);
  }
  if (up.length > 0) {
    return unsignalled(start.ref, 'changed', `it is up by now: ${up[0]} was not there before`);
  }
  return fresh.starts.some(each => sameText(each, start)) ? null : unsignalled(start.ref, 'changed', 'how it is started has changed');
};

/** Narrow `plan` to what `fresh`, the same request planned in a later look, still justifies. Every dropped target has its result. */
export const confirmPlan = (plan: Plan, world: World): Confirmed => {
  const {fresh, assessment} = world;
  const judging = {...world, came: newcomers(plan, fresh, assessment)};
  const anew = isRefusal(fresh) ? null : fresh;
  const dropped: TargetOutcome[] = [];
  const keep = (verdict: TargetOutcome | null): boolean => {
    if (verdict !== null) {
      dropped.push(verdict);
    }
    return verdict === null;
  };
  const targets = plan.targets.filter(target => keep(judge(plan, target, judging)));
  const there = assessment.snapshot.servers.flatMap(({sessions}) => sessions);
  const sessions = plan.sessions.filter(session => {
    const key = sessionKey(session);
    return keep(
      judgeRoot(
        plan,
        session.ref,
        anew?.sessions.some(each => sessionKey(each) === key) ?? false,
        there.some(each => sessionKey(each) === key),
        judging,
      ),
    );
  });
  const panes = plan.panes.filter(pane => {
    const isSame = anew?.panes.some(each => samePane(each, pane)) ?? false;
    const isThere = there.some(each => sessionKey(each) === sessionKey(pane.session) && each.panes.some(({id}) => id === pane.paneId));
    return keep(judgeRoot(plan, pane.ref, isSame, isThere, judging));
  });
  const lost = new Set(dropped.filter(({result}) => result !== 'already-gone').map(({pid}) => pid));
  const kept = plan.targets.filter(({pid}) => lost.has(pid)).flatMap(({holds}) => holds);
  // What is done besides ending things is taken from the fresh plan's word alone: a file could name any program to run.
  const locks = plan.locks.filter(lock => anew?.locks.some(each => each.path === lock.path && each.digest === lock.digest) ?? false);
  const same = plan.targets.filter(({pid, startTime}) => assessment.snapshot.processes.get(pid)?.startTime === startTime);
  const up = cameUp({targets: same, sessions: plan.sessions, panes: plan.panes}, world);
  const unstarted = plan.starts.flatMap(start => judgeStart(start, up, world) ?? []);
  const starts = plan.starts.filter(({ref}) => !unstarted.some(each => each.ref === ref));
  const compose = plan.compose.filter(project => anew?.compose.includes(project) ?? false);
  const all = [
    ...dropped,
    ...plan.locks.filter(lock => !locks.includes(lock)).map(({ref}) => unsignalled(ref, 'changed', NO_LONGER)),
    ...unstarted,
  ];
  // Nothing is started while one of them stands against it (see executePlan): what is left of a restart would only end things.
  const stop = plan.action === 'restart' ? all.find(({result}) => result !== 'already-gone') : undefined;
  return {
    plan: {
      ...plan,
      targets,
      sessions,
      panes,
      locks,
      starts,
      compose,
      leftOut: fresh.leftOut,
      frees: plan.frees.filter(port => !kept.includes(port)),
    },
    dropped: all,
    refused: stop === undefined ? null : {rule: 'changed', because: `${stop.ref}: ${stop.because}`},
  };
};
