// A real repository with slots for tests: git work trees, state and config files of ecluse, free ports, a supervisor with hands.

import {execFile} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {performWithHands} from '../../src/cli/acting/perform-with-hands.ts';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import {isRefusal, type Plan, type PlanRequest} from '../../src/core/domain/plan.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import {createEngine, type Engine} from '../../src/core/engine.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {type PrivateTmux, privateTmux} from '../support/private-tmux.ts';
import type {Scope} from '../support/scope.ts';

const execute = promisify(execFile);

const git = async (cwd: string, ...args: readonly string[]): Promise<void> => {
  await execute('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'init.defaultBranch=main', ...args], {cwd});
};

const isFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

/** A base port whose slots 1..count are all free right now. */
export const freeBase = async (count: number): Promise<number> => {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 12_000);
    const ports = Array.from({length: count}, (_, index) => base + index + 1);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) {
      return base;
    }
  }
};

export interface SlotFleet {
  readonly root: string;
  readonly base: number;
  readonly tmux: PrivateTmux;
  tree(slug: string): string;
  addTree(slug: string): Promise<string>;
  writeState(sessions: readonly object[]): Promise<void>;
  /** As `ecluse up` records it. */
  record(slug: string, slot: number, more?: object): object;
  supervise(env?: Readonly<Record<string, string>>, settings?: Partial<Settings>): Engine;
}

export const buildSlotFleet = async (scope: Scope): Promise<SlotFleet> => {
  const root = join(await scope.tempDir(), 'shop');
  const base = await freeBase(9);
  const tmux = await privateTmux(scope, {name: 'default'});
  await mkdir(join(root, '.ecluse'), {recursive: true});
  await git(root, 'init', '-q');
  await writeFile(join(root, 'README'), 'shop\n');
  await writeFile(join(root, '.gitignore'), '.ecluse/\n');
  const config = `mode = "host"\nmax_slots = 8\n[[services]]\nname = "web"\nbase_port = ${base}\ncommand = "serve"\n`;
  await writeFile(join(root, '.ecluse.toml'), config);
  await git(root, 'add', '.');
  await git(root, 'commit', '-q', '-m', 'start');
  const tree = (slug: string): string => join(root, '.ecluse', 'worktrees', slug);
  return {
    root,
    base,
    tmux,
    tree,
    addTree: async slug => {
      await git(root, 'worktree', 'add', '-q', '-b', slug, tree(slug));
      return tree(slug);
    },
    writeState: sessions => writeFile(join(root, '.ecluse', 'state.json'), JSON.stringify({version: 1, sessions})),
    record: (slug, slot, more = {}) => ({
      slug,
      mode: 'host',
      slot,
      branch: slug,
      worktree_path: tree(slug),
      compose_project: null,
      process_manager: 'tmux',
      tmux_session: `ecluse-${slug}`,
      started_at: '2026-01-01T00:00:00Z',
      ...more,
    }),
    supervise: (env = {}, settings = {}) => {
      const home = join(root, '..');
      const host = createHost({markers: MARKERS, env: {...tmux.env, HOME: home, XDG_STATE_HOME: join(home, 'state'), ...env}, cwd: root});
      const engine = createEngine({
        host,
        settings: {...DEFAULT_SETTINGS, repos: [root], orphanMinAgeMs: 0, termGraceMs: 2000, ...settings},
        sources: SOURCES,
        makePerform: performWithHands,
      });
      scope.add(() => engine.close());
      return engine;
    },
  };
};

export const planOf = (engine: Engine, request: PlanRequest): Plan => {
  const answer = engine.plan(request);
  if (isRefusal(answer)) {
    throw new Error(`${answer.rule}: ${answer.because}`);
  }
  return answer;
};

/** Plan and carry out. */
export const perform = (engine: Engine, plan: Plan) => {
  if (engine.perform === null) {
    throw new Error('a supervisor with hands was asked for');
  }
  return engine.perform(plan);
};
