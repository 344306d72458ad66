// Processes whose work tree has been removed under them: a database, a build daemon or a job that nobody thought of. Pure.
import {knownValue} from '../../domain/known.ts';
import {isInside, parentDirectory} from '../../domain/paths.ts';
import type {Process} from '../../domain/process.ts';
import {isCarrier} from '../../look/index/program-of.ts';
import {isBackgroundService, isProjectService} from '../programs/side-programs.ts';
import {tooWide} from '../slots/wide-directories.ts';
import type {World} from './detector.ts';

/** Directories of known projects, and those that hold them: a removed work tree is in no list any more, but it lay beside another. */
const grounds = ({snapshot, fleet}: World): ReadonlySet<string> => {
  const projects = [
    ...fleet.rigs.map(({path}) => path),
    ...snapshot.worktrees.flatMap(({path, mainRoot}) => [path, mainRoot]),
    ...[...snapshot.checkouts.values()].flatMap(({root, mainRoot}) => [root, mainRoot]),
  ].filter(path => path !== '');
  return new Set([...projects, ...projects.map(parentDirectory)].filter(path => tooWide(path, snapshot.self.home ?? null) === null));
};

/**
 * The removed directory that a tree works in, where it lay in a project or beside one; null otherwise. What serves a whole desktop is
 * nobody's project, wherever it was started.
 */
export const removedGround = (world: World, tree: readonly Process[]): string | null => {
  const standing = tree.filter(process => process.cwdDeleted && !isCarrier(process));
  const first = standing[0] ?? tree.find(process => process.cwdDeleted);
  const cwd = first === undefined ? undefined : knownValue(first.cwd);
  if (cwd === undefined || tree.some(process => isBackgroundService(process) && !isProjectService(process))) {
    return null;
  }
  return [...grounds(world)].some(ground => isInside(cwd, ground)) ? cwd : null;
};
