// Left-over agent locks → a plan that moves them aside under another name. Pure.
import type {Finding} from '../domain/finding.ts';
import type {AgentLock} from '../domain/lock.ts';
import type {LeftOut, PlanLock} from '../domain/plan.ts';
import {lockRef, parseReference} from '../domain/reference.ts';
import type {Planner} from './assemble.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave} from './roots.ts';
import {collectTargets} from './targets.ts';

/** `20260301T120000Z`: sorts by time, and no character of it needs quoting. */
const stamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;

const planLock = (lock: AgentLock, takenAt: number): PlanLock => ({
  ref: lockRef(lock.path),
  path: lock.path,
  digest: lock.digest,
  moveTo: `${lock.path}.stale-${stamp(takenAt)}`,
});

const findingOf = (world: PlanWorld, asked: string): Finding | undefined => {
  const reference = parseReference(asked);
  const id = reference?.sort === 'finding' ? reference.name : null;
  return world.assessment.findings.find(each => each.id === id || (each.subject === asked && each.kind.endsWith('-lock')));
};

type Judged = {readonly lock: PlanLock} | {readonly left: LeftOut};

/** Only a lock that two looks found stale may be moved: its content is part of its identity. */
const judge = (world: PlanWorld, finding: Finding): Judged => {
  if (finding.kind !== 'stale-lock') {
    return {left: leave(finding.subject, 'no-remedy', `moving it aside is no remedy for ${finding.kind}: ${finding.title}`)};
  }
  if (finding.certainty === 'unknown') {
    return {left: leave(finding.subject, 'unknown', `unknown: ${finding.title}`)};
  }
  const lock = world.assessment.locks.find(each => lockRef(each.path) === finding.subject && each.state === 'stale');
  return lock === undefined
    ? {left: leave(finding.subject, 'not-found', 'the lock is gone')}
    : {lock: planLock(lock, world.assessment.snapshot.takenAt)};
};

const notStale = (world: PlanWorld, asked: string): LeftOut => {
  const lock = world.assessment.locks.find(each => lockRef(each.path) === asked);
  return lock === undefined
    ? leave(asked, 'not-found', 'there is no such lock')
    : leave(asked, lock.state === 'unknown' ? 'unknown' : 'no-remedy', `${lock.state}: ${lock.because}`);
};

export interface PlannedLocks {
  readonly locks: readonly PlanLock[];
  readonly leftOut: readonly LeftOut[];
}

/** Locks that are left over for sure; `asked` names locks or findings, none means all. What may not be moved is named with the reason. */
export const planLocks = (world: PlanWorld, asked: readonly string[]): PlannedLocks => {
  const all = asked.length === 0;
  const judged = all
    ? world.assessment.findings.filter(({kind}) => kind === 'stale-lock').map(finding => judge(world, finding))
    : asked.map(each => {
        const finding = findingOf(world, each);
        return finding === undefined ? {left: notStale(world, each)} : judge(world, finding);
      });
  const unknown = all ? world.assessment.locks.filter(({state}) => state === 'unknown') : [];
  return {
    locks: judged.flatMap(each => ('lock' in each ? [each.lock] : [])),
    leftOut: [
      ...judged.flatMap(each => ('left' in each ? [each.left] : [])),
      ...unknown.map(({path, because}) => leave(lockRef(path), 'unknown', `unknown: ${because}`)),
    ],
  };
};

export const planCleanLocks: Planner = (world, {asked}) => {
  const {locks, leftOut} = planLocks(world, asked);
  const collected = collectTargets(world, []);
  return {collected: {...collected, leftOut: [...collected.leftOut, ...leftOut]}, locks};
};
