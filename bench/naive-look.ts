// The look that scripts take: one list-panes per session, one ps per ancestor, one lsof per port. Sampled, and extrapolated by count.
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {cpuMs, measure} from './measure.ts';
import type {World} from './world.ts';

const run = promisify(execFile);

export interface NaiveLook {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly subprocesses: number;
  /** What was really run, for the report. */
  readonly sampled: string;
}

const SAMPLE = {sessions: 10, agents: 10, ports: 5} as const;
const NOTHING = {stdout: ''};

const parentOf = async (pid: number): Promise<number> =>
  Number((await run('ps', ['-o', 'ppid=', '-p', String(pid)]).catch(() => NOTHING)).stdout);

/** Walks up to init; the number of ps calls it took. */
const walkUp = async (pid: number): Promise<number> => {
  let calls = 0;
  for (let current = pid; current > 1; calls += 1) {
    current = await parentOf(current);
  }
  return calls;
};

/** Every n-th, so that agents inside and outside panes are both in it. */
const spread = <T>(all: readonly T[], count: number): readonly T[] =>
  Array.from({length: Math.min(count, all.length)}, (_, index) => all[Math.floor((index * all.length) / count)] as T);

export const naiveLook = async (world: World): Promise<NaiveLook> => {
  const {tmux, serverPid} = world;
  const names = spread((await tmux.run('list-sessions', '-F', '#{session_name}')).split('\n'), SAMPLE.sessions);
  const panes = await measure(async () => {
    for (const name of names) {
      await tmux.run('list-panes', '-s', '-t', `=${name}`, '-F', '#{pane_id} #{pane_pid} #{pane_current_command} #{pane_current_path}');
    }
  }, [serverPid]);

  const agents = spread(world.agents, SAMPLE.agents);
  const ancestors = await measure(async () => {
    let calls = 0;
    for (const pid of agents) {
      calls += await walkUp(pid);
    }
    return calls;
  });

  const ports = spread(world.ports, SAMPLE.ports);
  const listeners = await measure(async () => {
    for (const port of ports) {
      await run('lsof', ['-nP', '-i', `:${port}`]).catch(() => NOTHING);
    }
  });

  const parts = [
    {cost: panes.cost, factor: world.sessions / names.length, calls: names.length},
    {cost: ancestors.cost, factor: world.agents.length / agents.length, calls: ancestors.value},
    {cost: listeners.cost, factor: world.ports.length / ports.length, calls: ports.length},
  ];
  const sum = (pick: (part: (typeof parts)[number]) => number): number =>
    parts.reduce((total, part) => total + pick(part) * part.factor, 0);
  return {
    cpuMs: sum(part => cpuMs(part.cost)),
    wallMs: sum(part => part.cost.wallMs),
    subprocesses: Math.round(sum(part => part.calls)),
    sampled: `${names.length} of ${world.sessions} sessions, ${agents.length} of ${world.agents.length} agents (${ancestors.value} ps), ${ports.length} of ${world.ports.length} ports`,
  };
};
