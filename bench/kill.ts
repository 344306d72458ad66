// Ending a tree of 50 processes, one of them slow to go: from the first TERM to the proof, against the slowest's own time.

import {spawn} from 'node:child_process';
import {performWithHands} from '../src/cli/acting/perform-with-hands.ts';
import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import {isRefusal} from '../src/core/domain/plan.ts';
import type {ProcessId} from '../src/core/domain/process.ts';
import {createEngine} from '../src/core/engine.ts';
import {SOURCES} from '../src/sources/sources.ts';
import {identify, isAlive, MARKER, markedProcesses, signalTo} from '../test/support/marked.ts';
import type {Scope} from '../test/support/scope.ts';
import {pause, waitFor} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {median} from './measure.ts';
import {type Line, line, ms, promised, times} from './report.ts';

const RUNS = 5;
const SIZE = 50;
const SLOW_S = 0.4;
const BRANCHES = 12;

/** root → 12 shells → 3 sleeps each, and the root, which takes its time to exit, with one more. */
const TREE = `
for i in $(seq ${BRANCHES}); do bash -c 'sleep 86400 & sleep 86400 & sleep 86400 & wait' & done
exec bash -c 'trap "sleep ${SLOW_S}; exit" TERM; sleep 86400 & while :; do wait; done'
`;

interface Tree {
  readonly root: ProcessId;
  members(): readonly ProcessId[];
}

const startTree = async (scope: Scope, env: NodeJS.ProcessEnv): Promise<Tree> => {
  const marker = scope.marker();
  const child = spawn('bash', ['-c', TREE], {env: {...env, [MARKER]: marker}, stdio: 'ignore', detached: true});
  child.unref();
  const members = () => markedProcesses(marker);
  await waitFor('the tree', () => members().length === SIZE);
  return {root: identify(child.pid ?? 0), members};
};

/** TERM to everything at once, and a look at each every millisecond: the fastest that it can be. */
const endBluntly = async (tree: Tree): Promise<number> => {
  const members = tree.members();
  const started = performance.now();
  for (const member of members) {
    signalTo(member, 'SIGTERM');
  }
  while (members.some(isAlive)) {
    await pause(1);
  }
  return performance.now() - started;
};

export const benchKill = async (scope: Scope): Promise<readonly Line[]> => {
  const home = await scope.tempDir();
  const env = {PATH: process.env.PATH ?? '', HOME: home, TMUX_TMPDIR: home, LANG: 'C.UTF-8'};
  const {host, take} = createCountedHost(env, home);
  const engine = createEngine({host, settings: DEFAULT_SETTINGS, sources: SOURCES, makePerform: performWithHands});
  const [blunt, ours, planned, programs, results]: [number[], number[], number[], number[], Set<string>] = [[], [], [], [], new Set()];
  for (let run = 0; run < RUNS; run += 1) {
    blunt.push(await endBluntly(await startTree(scope, env)));
    const {root} = await startTree(scope, env);
    await engine.refreshUntilSettled();
    const plan = engine.plan({action: 'kill', asked: [`process:${root.pid}`]});
    if (isRefusal(plan) || engine.perform === null) {
      throw new Error(`refused: ${isRefusal(plan) ? plan.because : 'read-only'}`);
    }
    planned.push(plan.targets.length);
    let first = 0;
    let last = 0;
    take();
    const outcome = await engine.perform(plan, ({step}) => {
      first ||= step === 'term' ? performance.now() : 0;
      last = step === 'done' ? performance.now() : last;
    });
    ours.push(last - first);
    programs.push(take().programs);
    for (const target of outcome.targets) {
      results.add(target.result);
    }
  }
  await engine.close();
  const ratio = median(ours) / median(blunt);
  return [
    promised(
      `targets, of a tree of ${SIZE}`,
      `${median(planned)}, ${[...results].join(', ')}`,
      'gone, by us or before we came to it',
      [...results].every(each => each.endsWith('gone')),
    ),
    line('TERM to all at once, polled every millisecond', ms(median(blunt))),
    line('first TERM to proven gone', ms(median(ours))),
    promised('  in times of the above', times(ratio), 'at most 1.2 ×', ratio <= 1.2),
    promised('programs started while ending', String(Math.max(...programs)), 'none', Math.max(...programs) === 0),
  ];
};
