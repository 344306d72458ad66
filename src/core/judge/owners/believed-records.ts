// Which records of slots are believed: those of repositories that a person named, and of others what git’s own files bear out. Pure.
import {type SourceStatus, unknown} from '../../domain/known.ts';
import type {SlotRecord, SlotRepo} from '../../domain/repo.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** 255 slots of 8 services each. Every one of them is judged, and shown. */
const MOST_ROWS = 255 * 8;

/** Whether git’s own files say that a recorded work tree is one of this repository. One that does not exist claims nothing. */
const isBorneOut = ({worktrees, checkouts}: Snapshot, {root, realRoot}: SlotRepo, session: SlotRecord): boolean => {
  const paths = [session.worktreePath, session.worktreeRealPath];
  const roots = [root, realRoot];
  return (
    (session.worktreeExists.known && !session.worktreeExists.value) ||
    paths.some(path => roots.includes(path) || roots.includes(checkouts.get(path)?.mainRoot ?? '')) ||
    worktrees.some(tree => paths.includes(tree.path) && roots.includes(tree.mainRoot))
  );
};

/** Why the record of a repository is not believed; null where it is. */
const objectionTo = (snapshot: Snapshot, repo: SlotRepo): string | null => {
  const {sessions, config} = repo;
  if (!sessions.known) {
    return null;
  }
  const rows = sessions.value.length * (config.known ? config.value.services.length : 0);
  if (rows > MOST_ROWS) {
    return `its record has ${sessions.value.length} slots of ${config.known ? config.value.services.length : 0} services: more than ${MOST_ROWS} rows are not read`;
  }
  const claim = repo.provenance === 'found' ? sessions.value.find(session => !isBorneOut(snapshot, repo, session)) : undefined;
  return claim === undefined
    ? null
    : `its record claims ${claim.worktreePath} for slot ${claim.slot}, which git does not list as a work tree of it`;
};

/**
 * The look without what records merely claim: a repository with such a claim is one whose record cannot be read. The same look where
 * there is none.
 */
export const believe = (snapshot: Snapshot): Snapshot => {
  const objections = new Map<SlotRepo, string>();
  for (const repo of snapshot.repos) {
    const objection = objectionTo(snapshot, repo);
    if (objection !== null) {
      objections.set(repo, objection);
    }
  }
  if (objections.size === 0) {
    return snapshot;
  }
  const blind = [...objections].map(
    ([{tool, realRoot}, detail]): SourceStatus => ({source: tool, target: realRoot, state: 'unknown', detail, tookMs: 0}),
  );
  return {
    ...snapshot,
    sources: [
      ...snapshot.sources.filter(({source, target}) => blind.every(each => each.source !== source || each.target !== target)),
      ...blind,
    ],
    repos: snapshot.repos.map(repo => {
      const objection = objections.get(repo);
      return objection === undefined ? repo : {...repo, sessions: unknown(objection)};
    }),
  };
};
