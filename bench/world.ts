// A fleet of the size that is promised for: tmux sessions, processes, orphans and listeners, all real, all cheap, all marked.
import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {MARKER, markedProcesses} from '../test/support/marked.ts';
import {type PrivateTmux, privateTmux} from '../test/support/private-tmux.ts';
import type {Scope} from '../test/support/scope.ts';
import {waitFor} from '../test/support/wait-for.ts';
import {startListeners} from './listeners.ts';

export interface WorldSize {
  readonly sessions: number;
  /** In all, everything else included. */
  readonly processes: number;
  /** Agents that have lost their pane. */
  readonly orphans: number;
  readonly listeners: number;
}

export interface World extends WorldSize {
  readonly tmux: PrivateTmux;
  readonly serverPid: number;
  /** Agents inside and outside panes. */
  readonly agents: readonly number[];
  readonly ports: readonly number[];
}

const FOREVER = 86_400;
/** Ten thousand processes on a machine that others use as well. */
const LONGEST_BUILD_MS = 300_000;
const PORTS_PER_PROGRAM = 100;
/** `sleep` under the name of an agent program. */
const AGENT = `exec -a claude sleep ${FOREVER}`;

const inBatches = async (count: number, size: number, each: (index: number) => Promise<unknown>): Promise<void> => {
  for (let from = 0; from < count; from += size) {
    await Promise.all(Array.from({length: Math.min(size, count - from)}, (_, offset) => each(from + offset)));
  }
};

/** Runs a bash program that leaves processes behind, and waits for it to end. */
const leaveBehind = (program: string, env: NodeJS.ProcessEnv): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', program], {env, stdio: 'ignore', detached: true});
    child.once('error', reject);
    child.once('exit', () => resolve());
  });

/** Agents whose pane is gone: their environment names one that this server has never had. */
const leaveOrphans = (tmux: PrivateTmux, count: number, env: NodeJS.ProcessEnv): Promise<void> =>
  leaveBehind(`for i in $(seq ${count}); do (${AGENT}) & done`, {...env, TMUX: `${tmux.socket},1,99999`, TMUX_PANE: '%99999'});

/** The same world with `orphans` in all. */
export const withOrphans = async (scope: Scope, world: World, orphans: number): Promise<World> => {
  const marker = scope.marker();
  const more = orphans - world.orphans;
  await leaveOrphans(world.tmux, more, {...world.tmux.env, [MARKER]: marker});
  await waitFor(`${more} more orphans`, () => markedProcesses(marker).length >= more);
  return {...world, orphans, processes: world.processes + more};
};

export const buildWorld = async (scope: Scope, size: WorldSize): Promise<World> => {
  const marker = scope.marker();
  const tmux = await privateTmux(scope, {name: 'bench'});
  const env = {...tmux.env, [MARKER]: marker};
  await inBatches(size.sessions, 8, index => tmux.newSession(`bench-${index}`, {command: [`bash -c '${AGENT}'; :`]}));

  await leaveOrphans(tmux, size.orphans, env);

  const ports: number[] = [];
  const programs = Math.ceil(size.listeners / PORTS_PER_PROGRAM);
  for (let index = 0; index < programs; index += 1) {
    ports.push(...(await startListeners(Math.min(PORTS_PER_PROGRAM, size.listeners - index * PORTS_PER_PROGRAM), env)));
  }

  // A shell and its agent per session; the rest are bystanders below one shell that becomes one of them.
  const rest = Math.max(0, size.processes - 2 * size.sessions - size.orphans - programs);
  spawn('bash', ['-c', `for i in $(seq ${rest - 1}); do sleep ${FOREVER} & done; exec sleep ${FOREVER}`], {
    env,
    stdio: 'ignore',
    detached: true,
  }).unref();
  const server = await tmux.serverProcess();
  const all = () => [...markedProcesses(marker), ...markedProcesses(tmux.env[MARKER] ?? marker)];
  await waitFor(`${size.processes} processes`, () => all().length >= size.processes - 5, {deadlineMs: LONGEST_BUILD_MS});
  const agents = all().filter(({pid}) => readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith('claude\0'));
  return {...size, tmux, serverPid: server.pid, agents: agents.map(seen => seen.pid), ports};
};
