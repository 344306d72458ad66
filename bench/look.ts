// One look with its verdicts at 200 sessions, 2 000 processes and 200 listeners, against the naive way and against one bare ps.

import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {DEFAULT_SETTINGS} from '../src/config/defaults.ts';
import {assess, emptyMemory} from '../src/core/judge/assess.ts';
import {createCollector} from '../src/core/look/collector.ts';
import {SOURCES} from '../src/sources/sources.ts';
import {pause} from '../test/support/wait-for.ts';
import {createCountedHost} from './counted-host.ts';
import {type Cost, cpuMs, longestTurnMs, measure, median, quantile, residentMiB} from './measure.ts';
import {naiveLook} from './naive-look.ts';
import {type Line, line, ms, promised, times} from './report.ts';
import type {World} from './world.ts';

const LOOKS = 25;
const TURNS = 10;
const SECOND_MS = 1000;
/** As the screen does: a look, then time to breathe. Without it, one look's clean-up would be measured in the next. */
const GAP_MS = 100;
const FRAME_MS = 16;

type Judged = Pick<ReturnType<typeof assess>, 'memory'>;

export const benchLook = async (world: World): Promise<readonly Line[]> => {
  const {host, take} = createCountedHost(world.tmux.env, world.tmux.tmpdir);
  const settings = {...DEFAULT_SETTINGS, sockets: [world.tmux.socket]};
  const collector = createCollector(host, settings, SOURCES);
  const memoryBefore = residentMiB();
  let judged: Judged = {memory: emptyMemory};
  const look = async () => {
    const snapshot = await collector.look();
    judged = assess(snapshot, settings, judged.memory, SOURCES);
    return snapshot;
  };
  const first = await measure(look, [world.serverPid]);
  const firstPrograms = take().programs;
  const costs: Cost[] = [];
  const programs: number[] = [];
  let snapshot = first.value;
  for (let count = 0; count < LOOKS; count += 1) {
    await pause(GAP_MS);
    take();
    const {value, cost} = await measure(look, [world.serverPid]);
    snapshot = value;
    costs.push(cost);
    programs.push(take().programs);
  }
  const turns: number[] = [];
  for (let count = 0; count < TURNS; count += 1) {
    await pause(GAP_MS);
    turns.push(await longestTurnMs(look));
  }
  await collector.close();
  await host.close();

  const ps = await measure(() => promisify(execFile)('ps', ['-eo', 'pid,ppid,pgid,sess,stat,args'], {maxBuffer: 1 << 26}));
  const naive = await naiveLook(world);
  // Children are counted in ticks of 10 ms: only their sum over all looks says something.
  const mean = (pick: (cost: Cost) => number): number => costs.reduce((sum, cost) => sum + pick(cost), 0) / costs.length;
  const own = mean(cpuMs);
  const block = Math.max(...costs.map(cost => cost.blockMs));
  const sessions = snapshot.servers.reduce((sum, server) => sum + server.sessions.length, 0);
  return [
    line('seen', `${sessions} sessions, ${snapshot.processes.size} processes, ${snapshot.listeners.length} listeners`),
    line('first look', `${ms(first.cost.wallMs)}, ${ms(cpuMs(first.cost))} CPU, ${firstPrograms} programs`),
    line(
      'unchanged look, wall p50 / p95',
      `${ms(median(costs.map(cost => cost.wallMs)))} / ${ms(
        quantile(
          costs.map(cost => cost.wallMs),
          0.95,
        ),
      )}`,
    ),
    line(
      'unchanged look, CPU',
      `${ms(own)} (own ${ms(mean(cost => cost.ownMs))}, programs ${ms(mean(cost => cost.childrenMs))}, tmux ${ms(mean(cost => cost.othersMs))})`,
    ),
    promised('programs started per look', String(Math.max(...programs)), 'at most 3 per tmux server', Math.max(...programs) <= 3),
    promised('longest turn of the event loop, own time', ms(Math.max(...turns)), `at most ${FRAME_MS} ms`, Math.max(...turns) <= FRAME_MS),
    line('  by the clock, others running', ms(block)),
    line('one bare ps -eo … args', `${ms(ps.cost.wallMs)}, ${ms(cpuMs(ps.cost))} CPU`),
    line('naive look (extrapolated)', `${ms(naive.wallMs)}, ${ms(naive.cpuMs)} CPU, ${naive.subprocesses} programs`),
    line('  from a sample of', naive.sampled),
    promised('naive CPU / ours', times(naive.cpuMs / own), 'at least 20 ×', naive.cpuMs / own >= 20),
    line('of a core at one look in 2 s', `${((own / (2 * SECOND_MS)) * 100).toFixed(1)} %`),
    line('memory, before and after', `${residentMiB().toFixed(0)} MiB (${memoryBefore.toFixed(0)} before)`),
  ];
};
