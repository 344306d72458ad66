// What became of an agent that a town started, told by its arguments where its environment names no pane. Pure.
import {isInside} from '../../core/domain/paths.ts';
import type {Process} from '../../core/domain/process.ts';
import type {World} from '../../core/judge/detect/detector.ts';
import {ARGUMENTS} from '../../core/judge/detect/reparented.ts';
import type {OriginState} from '../../core/judge/owners/origin-state.ts';
import {tmuxBlindness, tmuxServers} from '../../core/look/index/tmux-servers.ts';

/** The settings file that an agent was started with: `--settings <rig>/polecats/.claude/settings.json`. */
const settingsFile = (argv: readonly string[]): string | null => {
  const at = argv.findIndex(word => word === '--settings' || word.startsWith('--settings='));
  const word = argv[at];
  if (word === undefined) {
    return null;
  }
  return word === '--settings' ? (argv[at + 1] ?? null) : word.slice('--settings='.length);
};

/** Gas Town starts its agents in tmux only, with a settings file of its own: outside of every pane such a one is left over. */
export const originByArguments = (process: Process, {snapshot, settings}: Pick<World, 'snapshot' | 'settings'>): OriginState => {
  const {towns} = snapshot;
  const file = settingsFile(process.argv);
  const town = file === null ? null : towns.find(each => each.paths.some(path => isInside(file, path)));
  if (file === null || town == null) {
    return {presence: 'none'};
  }
  const blind = tmuxBlindness(snapshot, settings);
  const answered = tmuxServers(snapshot)
    .filter(({state}) => state === 'ok')
    .map(server => server.name);
  if (blind !== null || answered.length === 0) {
    return {presence: 'unknown', because: blind ?? 'no tmux server answered'};
  }
  return {
    presence: 'gone',
    evidence: [
      {fact: `town ${town.name} started it, with ${file}`, source: ARGUMENTS},
      {fact: `no pane of ${answered.join(', ')} holds it, and a town starts agents in panes only`, source: 'tmux'},
    ],
  };
};
