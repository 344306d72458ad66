// Whether the worker that a session was made for has lost its place in the town: rig, directory, registry. Pure.

import type {Town} from '../../core/domain/town.ts';
import type {World} from '../../core/judge/detect/detector.ts';
import type {Loss} from '../../core/judge/detect/loss.ts';
import type {Claim} from '../../core/judge/owners/claims.ts';
import type {ManagedSession} from '../../core/judge/owners/managed-sessions.ts';
import {standingOf} from './town-places.ts';

/** A name may be read in more ways than one; what the environment or a working directory says is the agent's own word. */
const isTold = (claim: Claim): boolean =>
  claim.evidence.some(({source}) => source === 'session environment' || source === 'working directory');

/** Rigs of a town that sessions speak of. */
const rigsInSight = ({sessions}: World['identified'], {realPath}: Town): ReadonlySet<string> =>
  new Set([...sessions.values()].flatMap(({claim}) => (claim?.home === realPath && claim.rig !== null ? [claim.rig.name] : [])));

/** What stands against a worker's loss being certain; null when nothing does. */
const doubtOf = (identified: World['identified'], claim: Claim, town: Town): string | null => {
  const {rigs, name} = town;
  // A registry that was emptied or replaced takes every rig at once, which no removal of a rig does.
  if (rigs.known && rigs.value.length === 0 && rigsInSight(identified, town).size > 1) {
    return `the registry of town ${name} knows no rig at all, while sessions of several rigs run: doubt the registry first`;
  }
  return isTold(claim) ? null : 'only its name and socket say whose it is, and names can be read in several ways';
};

export const lossOfWorker = (
  {claim, session}: ManagedSession,
  {snapshot, identified}: Pick<World, 'snapshot' | 'identified'>,
): Loss | null => {
  const town = claim === null ? undefined : snapshot.towns.find(({realPath}) => realPath === claim.home);
  if (claim === null || town === undefined) {
    return null;
  }
  const {standing, because} = standingOf(town, {...claim, rig: claim.rig?.name ?? null}, snapshot.takenAt);
  return standing !== 'unexpected'
    ? null
    : {
        title: `session ${session.name} belongs to nobody any more: ${because}`,
        evidence: [{fact: because, source: `files of town ${town.name}`}],
        doubt: doubtOf(identified, claim, town),
      };
};
