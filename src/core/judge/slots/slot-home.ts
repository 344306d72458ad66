// Whose record tells whether a slot is in use: that of the repository which git says its directory belongs to. Pure.
import {isInside} from '../../domain/paths.ts';
import type {SlotRepo} from '../../domain/repo.ts';
import type {SlotPlace, Slots} from '../../domain/slot-place.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** Only `unused` is a proof: the repository at home there was read, and has no such slot. `recordFile`: where that is recorded. */
export type SlotUse =
  | {readonly use: 'used'; readonly repo: SlotRepo}
  | {readonly use: 'unused'; readonly repo: SlotRepo; readonly recordFile: string}
  | {readonly use: 'unknown'; readonly because: string};

/** A slot by the name that its tool gave it. */
export interface Speaking {
  readonly tool: string;
  readonly slug: string;
}

const isAt = ({root, realRoot}: SlotRepo, path: string): boolean => realRoot === path || root === path;

/** Where the tool of a repository records its slots: what stands behind a word about them. */
export const recordFileOf = (places: readonly SlotPlace[], {tool, realRoot}: SlotRepo): string =>
  places.find(place => place.tool === tool && place.path === realRoot)?.recordFile ?? realRoot;

/** Top of the main work tree of the repository that a directory belongs to by git’s own files; null where they do not tell. */
const mainRootOf = ({checkouts, worktrees}: Snapshot, directory: string): string | null => {
  const listed = worktrees.filter(tree => isInside(directory, tree.path)).toSorted((a, b) => b.path.length - a.path.length)[0];
  const checkout = checkouts.get(directory);
  // A removed work tree may still be listed, while the search upwards ends at a repository around it.
  return listed !== undefined && (checkout === undefined || listed.path.length > checkout.root.length)
    ? listed.mainRoot
    : (checkout?.mainRoot ?? null);
};

/** The repository whose slots a directory may belong to, or why that cannot be told. Where its work trees *would* be made is a claim of its file. */
const homeOf = (snapshot: Snapshot, repos: readonly SlotRepo[], directory: string): SlotRepo | string | null => {
  const mainRoot = mainRootOf(snapshot, directory);
  const home =
    mainRoot === null
      ? repos
          .filter(repo => isInside(directory, repo.root) || isInside(directory, repo.realRoot))
          .toSorted((a, b) => b.realRoot.length - a.realRoot.length)[0]
      : repos.find(repo => isAt(repo, mainRoot));
  if (home !== undefined) {
    return home.sessions.known ? home : `the record of ${home.name} cannot be read: ${home.sessions.because}`;
  }
  const blind = mainRoot === null ? repos.find(repo => !repo.sessions.known) : undefined;
  return blind?.sessions.known === false
    ? `${blind.name} may be at home there, and its record cannot be read: ${blind.sessions.because}`
    : null;
};

/** Whether the slot that a mark names is in use, told by the directories that what speaks of it works in. */
export const useOfSlot = (snapshot: Snapshot, {places}: Slots, {tool, slug}: Speaking, directories: readonly string[]): SlotUse => {
  const repos = snapshot.repos.filter(repo => repo.tool === tool);
  const recorded = repos.find(
    repo => repo.sessions.known && repo.sessions.value.some(session => session.slug === slug && session.status !== 'stopped'),
  );
  if (recorded !== undefined) {
    return {use: 'used', repo: recorded};
  }
  const homes = directories.map(directory => homeOf(snapshot, repos, directory));
  const blind = homes.find(home => typeof home === 'string');
  if (typeof blind === 'string') {
    return {use: 'unknown', because: blind};
  }
  const told = homes.find(home => home !== null && typeof home !== 'string');
  return told === undefined || told === null || typeof told === 'string'
    ? {use: 'unknown', because: `no repository is known whose record would tell whether slot ${slug} is in use`}
    : {use: 'unused', repo: told, recordFile: recordFileOf(places, told)};
};
