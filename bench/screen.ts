// The screen over a big fleet in a real terminal: bytes and frames when nothing happens, key to painted frame, processor and memory.
import {spawnSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Scope} from '../test/support/scope.ts';
import {pause, waitFor} from '../test/support/wait-for.ts';
import {median, processorMs, quantile, residentMiB} from './measure.ts';
import {type PtyProgram, startInPty} from './pty.ts';
import {type Line, line, ms, promised} from './report.ts';
import type {World} from './world.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const SIZE = {columns: 160, rows: 48} as const;
const KEYS = 60;
const IDLE_MS = 12_000;
// Longer than the slowest thing that the screen looks at now and then: what the panes show.
const QUIET_MS = 8000;
const LONGEST_SETTLE_MS = 30_000;

const quiet = (program: PtyProgram): Promise<unknown> => {
  let seen = -1;
  let since = performance.now();
  return waitFor(
    'the screen to settle',
    () => {
      if (program.bytes() !== seen) {
        seen = program.bytes();
        since = performance.now();
      }
      return performance.now() - since > QUIET_MS;
    },
    {deadlineMs: LONGEST_SETTLE_MS},
  );
};

interface Idle {
  readonly cpuPercent: number;
  readonly bytes: number;
  readonly frames: number;
}

const idle = async (program: PtyProgram, pid: number): Promise<Idle> => {
  const before = {cpu: processorMs(pid), bytes: program.bytes(), frames: program.frames()};
  await pause(IDLE_MS);
  return {
    cpuPercent: ((processorMs(pid) - before.cpu) / IDLE_MS) * 100,
    bytes: program.bytes() - before.bytes,
    frames: program.frames() - before.frames,
  };
};

interface Moves {
  readonly latencies: readonly number[];
  readonly bytes: readonly number[];
  /** Processor time of a key, looks in between included. */
  readonly cpuMs: number;
}

const moves = async (program: PtyProgram, pid: number): Promise<Moves> => {
  const latencies: number[] = [];
  const bytes: number[] = [];
  const started = processorMs(pid);
  for (let key = 0; key < KEYS; key += 1) {
    const before = program.bytes();
    const painted = program.nextBytes(5000);
    program.write(key % 20 < 10 ? 'j' : 'k');
    latencies.push(await painted);
    await pause(60);
    bytes.push(program.bytes() - before);
  }
  return {latencies, bytes, cpuMs: (processorMs(pid) - started) / KEYS};
};

/** htop over the same processes, where it is installed. */
const htopIdle = async (scope: Scope, world: World): Promise<Idle | null> => {
  if (spawnSync('htop', ['--version'], {stdio: 'ignore'}).error !== undefined) {
    return null;
  }
  const htop = startInPty(scope, ['htop', '-d', '20'], {...SIZE, env: world.tmux.env, cwd: world.tmux.tmpdir, comm: 'htop'});
  const pid = await htop.pid();
  await pause(3000);
  const measured = await idle(htop, pid);
  await htop.end();
  return measured;
};

export const benchScreen = async (scope: Scope, world: World): Promise<readonly Line[]> => {
  const config = join(world.tmux.tmpdir, 'bench.toml');
  writeFileSync(config, '[thresholds]\norphan_min_age = "0s"\n');
  const command = [process.execPath, PROGRAM, 'watch', '--config', config, '--socket', world.tmux.socket];
  const program = startInPty(scope, command, {...SIZE, env: world.tmux.env, cwd: world.tmux.tmpdir});
  const pid = await program.pid();
  await waitFor('the fleet on the screen', () => program.output().includes('bench-'), {describe: () => program.output().slice(-2000)});
  await quiet(program);
  const resting = await idle(program, pid);
  const atRest = residentMiB(pid);
  // The panel with the most rows.
  program.write('4');
  await pause(1000);
  const {latencies, bytes, cpuMs} = await moves(program, pid);
  const after = residentMiB(pid);
  await program.end();
  const htop = await htopIdle(scope, world);
  return [
    promised(`idle for ${IDLE_MS / 1000} s`, `${resting.frames} frames, ${resting.bytes} bytes`, '0 frames, 0 bytes', resting.bytes === 0),
    line('idle, of a core', `${resting.cpuPercent.toFixed(1)} %`),
    htop === null
      ? line('htop in the same run', 'not installed')
      : promised('htop in the same run', `${htop.cpuPercent.toFixed(1)} %`, 'not less than ours', resting.cpuPercent <= htop.cpuPercent),
    promised('key to painted frame, p50', ms(median(latencies)), 'at most 8 ms', median(latencies) <= 8),
    promised('key to painted frame, p95', ms(quantile(latencies, 0.95)), 'at most 16 ms', quantile(latencies, 0.95) <= 16),
    line('processor time of a key, looks included', ms(cpuMs)),
    promised('bytes per move, p50', String(median(bytes)), 'below 600', median(bytes) < 600),
    line('memory, at rest and after', `${atRest.toFixed(0)} / ${after.toFixed(0)} MiB`),
  ];
};
