// What the tests of actions share: a supervisor with real hands and a state directory of its own, and bystanders of every kind.

import {type ChildProcess, spawn} from 'node:child_process';
import {join} from 'node:path';
import {expect} from 'vitest';
import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {ActingSource} from '../../src/core/act/acting-source.ts';
import {createPerform} from '../../src/core/act/perform.ts';
import type {Outcome, Progress} from '../../src/core/domain/outcome.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../src/core/domain/plan.ts';
import type {ProcessId} from '../../src/core/domain/process.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import {createEngine, type Engine} from '../../src/core/engine.ts';
import type {Host} from '../../src/core/os/host.ts';
import {createHost} from '../../src/core/os/real-host.ts';
import type {Source} from '../../src/core/source.ts';
import {HANDS} from '../../src/sources/hands.act.ts';
import {MARKERS, SOURCES} from '../../src/sources/sources.ts';
import {identify, isAlive, MARKER, sight} from '../support/marked.ts';
import type {PrivateTmux} from '../support/private-tmux.ts';
import type {Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

export interface Acting {
  readonly host: Host;
  readonly engine: Engine;
  /** XDG_STATE_HOME/rigtop. */
  readonly state: string;
  /** Look and plan; throws for a refusal. */
  plan(asked: readonly string[], request?: Partial<PlanRequest>): Promise<Plan>;
  refusal(asked: readonly string[], request?: Partial<PlanRequest>): Promise<Refusal>;
  act(plan: Plan, onProgress?: (progress: Progress) => void, origin?: 'memory' | 'file'): Promise<Outcome>;
}

/** `change` replaces parts of the host, by a value. */
export const openActing = async (
  scope: Scope,
  tmux: PrivateTmux | null,
  {
    change = () => ({}),
    settings = {},
    env = {},
    sources = [],
    acting = [],
  }: {
    readonly change?: (host: Host) => Partial<Host>;
    readonly settings?: Partial<Settings>;
    readonly env?: Readonly<Record<string, string>>;
    /** Outside programs besides those that rigtop knows, and their hands. */
    readonly sources?: readonly Source[];
    readonly acting?: readonly ActingSource[];
  } = {},
): Promise<Acting> => {
  const home = await scope.tempDir();
  const clean = {...process.env, TMUX: undefined, TMUX_PANE: undefined, TMUX_TMPDIR: home, HOME: home, XDG_STATE_HOME: home, ...env};
  const real = createHost({markers: MARKERS, cwd: home, env: tmux === null ? clean : {...clean, TMUX_TMPDIR: tmux.tmpdir}});
  const host = {...real, ...change(real)};
  const engine = createEngine({
    host,
    settings: {...DEFAULT_SETTINGS, termGraceMs: 3000, ...settings},
    sources: [...SOURCES, ...sources],
    makePerform: parts => createPerform({...parts, acting: [...HANDS, ...acting]}),
  });
  scope.add(engine.close);
  const ask = async (asked: readonly string[], request: Partial<PlanRequest> = {}): Promise<Plan | Refusal> => {
    await engine.refreshUntilSettled();
    return engine.plan({action: 'kill', asked, ...request});
  };
  return {
    host,
    engine,
    state: join(home, 'rigtop'),
    plan: async (asked, request) => {
      const plan = await ask(asked, request);
      if (isRefusal(plan)) {
        throw new Error(`refused: ${plan.rule}: ${plan.because} ${JSON.stringify(plan.leftOut)}`);
      }
      return plan;
    },
    refusal: async (asked, request) => {
      const plan = await ask(asked, request);
      if (!isRefusal(plan)) {
        throw new Error(`not refused: ${plan.targets.map(({ref}) => ref).join(', ')}`);
      }
      return plan;
    },
    act: (plan, onProgress, origin) => (engine.perform as NonNullable<typeof engine.perform>)(plan, onProgress, origin),
  };
};

/** `process:4711 gone` for each target, in order of pid, for comparing at a glance. */
export const results = ({targets, late, escaped}: Outcome): readonly string[] =>
  [...targets, ...late, ...escaped].map(({ref, result}) => `${ref} ${result}`).sort();

export const resultOf = ({targets, late, escaped}: Outcome, pid: number): string | undefined =>
  [...targets, ...late, ...escaped].find(each => each.pid === pid)?.result;

export interface Bystanders {
  /** Throws when one of them has been touched. */
  assertAlive(): void;
  readonly all: readonly ProcessId[];
}

const BYSTANDER_S = '600';

const start = (
  scope: Scope,
  file: string,
  args: readonly string[],
  options: {cwd?: string; detached?: boolean; uid?: number; argv0?: string},
): ChildProcess => {
  const child = spawn(file, args, {
    stdio: 'ignore',
    ...options,
    env: {...process.env, TMUX: undefined, TMUX_PANE: undefined, [MARKER]: scope.marker()},
  });
  child.unref();
  return child;
};

/**
 * Living neighbours of whatever is to be ended: same program, same arguments, same directory, a sibling below the same parent, the
 * same group, and, where the test may, another user. `like` is the command of the victim.
 */
export const startBystanders = async (scope: Scope, like: {readonly cwd: string; readonly name?: string}): Promise<Bystanders> => {
  const {cwd, name = 'sleep'} = like;
  const children = [
    start(scope, 'sleep', [BYSTANDER_S], {cwd}),
    start(scope, 'sleep', [BYSTANDER_S], {cwd, detached: true}),
    start(scope, 'sleep', [BYSTANDER_S], {cwd, argv0: name}),
    ...(process.getuid?.() === 0 ? [start(scope, 'sleep', [BYSTANDER_S], {cwd: '/', uid: 65_534})] : []),
  ];
  const all = await Promise.all(
    children.map(({pid}) =>
      waitFor('a bystander', () => (pid !== undefined && sight(pid)?.comm.startsWith('sleep') ? identify(pid) : null)),
    ),
  );
  return {
    all,
    assertAlive: () => {
      expect(all.filter(each => !isAlive(each))).toEqual([]);
    },
  };
};
