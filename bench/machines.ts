// A hundred machines and more in one table: real looks at a real fleet, recorded once and replayed under as many names. What the reader costs.
import {spawn} from 'node:child_process';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createScope} from '../test/support/scope.ts';
import {pause} from '../test/support/wait-for.ts';
import {processorMs, residentMb} from './measure.ts';
import {openTable} from './open-table.ts';
import {type Line, line, ms, promised} from './report.ts';
import {buildWorld, type World} from './world.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const PROCESSES = 250;
const SESSIONS = 10;
/** As long as the longest run. */
const RECORDED_MS = 110_000;
const WARM_UP_MS = 45_000;
const MEASURED_MS = 50_000;

interface Recorded {
  readonly text: string;
  /** Seconds since the line before. */
  readonly after: number;
}

/** What `rigtop snapshot --follow` says of the world, with its pauses. */
const record = async (world: World): Promise<readonly Recorded[]> => {
  const child = spawn(process.execPath, [PROGRAM, 'snapshot', '--follow', '--socket', world.tmux.socket], {
    cwd: world.tmux.tmpdir,
    env: world.tmux.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Recorded[] = [];
  let rest = '';
  let last = performance.now();
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts) {
      const now = performance.now();
      lines.push({text, after: lines.length === 0 ? 0 : (now - last) / 1000});
      last = now;
    }
  });
  await pause(RECORDED_MS);
  child.kill();
  return lines;
};

/** A program that says all of it as the machine that it is told to be. */
const writeReplay = async (directory: string, lines: readonly Recorded[]): Promise<string> => {
  const host = /"hostname":"([^"]*)"/.exec(lines[0]?.text ?? '')?.[1] ?? '';
  await Promise.all(lines.map(({text}, at) => writeFile(join(directory, `${at}`), `${text}\n`)));
  const steps = lines.slice(1).map(({after}, at) => `sleep ${after.toFixed(2)}; cat ${join(directory, `${at + 1}`)}`);
  const replay = join(directory, 'replay.sh');
  // Each is a system of its own: the same process of one system is shown once.
  const first = `sed 's/"hostname":"${host}"/"hostname":"'"$1"'"/; s/"bootId":"/&'"$1"'/' ${join(directory, '0')}`;
  await writeFile(replay, ['#!/bin/sh', first, ...steps, 'exec sleep 86400', ''].join('\n'), {mode: 0o755});
  return replay;
};

const benchCount = async (
  count: number,
  replay: string,
  wanted: {readonly percent: number; readonly mb: number},
): Promise<readonly Line[]> => {
  const scope = createScope();
  try {
    const home = await scope.tempDir();
    await mkdir(join(home, '.config/rigtop'), {recursive: true});
    const names = Array.from({length: count}, (_, at) => `m${String(at).padStart(4, '0')}`);
    await writeFile(
      join(home, '.config/rigtop/config.toml'),
      names.map(name => `[[machines]]\nname = "${name}"\nvia = ["sh", "${replay}", "{name}"]\n`).join(''),
    );
    const {pid, fullMs} = await openTable(scope, home, [], count * SESSIONS);
    await pause(WARM_UP_MS);
    const before = processorMs(pid);
    await pause(MEASURED_MS);
    const percent = ((processorMs(pid) - before) / MEASURED_MS) * 100;
    const mb = residentMb(pid);
    return [
      line(`${count} machines: until all of them are in the table`, ms(fullMs)),
      promised(`${count} machines: of a core`, `${percent.toFixed(1)} %`, `${wanted.percent} %`, percent <= wanted.percent),
      promised(`${count} machines: resident`, `${Math.round(mb)} MB`, `${wanted.mb} MB`, mb <= wanted.mb),
    ];
  } finally {
    await scope.close();
  }
};

export const benchMachines = async (): Promise<readonly Line[]> => {
  const scope = createScope();
  try {
    const world = await buildWorld(scope, {sessions: SESSIONS, processes: PROCESSES, orphans: 5, listeners: 20});
    const lines = await record(world);
    const first = lines[0]?.text ?? '';
    const replay = await writeReplay(await scope.tempDir(), lines);
    const later = lines.slice(1).map(({text}) => text.length);
    const told = [
      line('a machine: processes', String(first.split('"startTime":').length - 1)),
      line('a machine: its first line', `${Math.round(first.length / 1024)} KiB`),
      line('a machine: lines after it', `${later.length} in ${RECORDED_MS / 1000} s, ${later.reduce((sum, size) => sum + size, 0)} bytes`),
    ];
    const one = await benchCount(1, replay, {percent: 100, mb: 1000});
    const hundred = await benchCount(100, replay, {percent: 10, mb: 150});
    const threeHundred = await benchCount(300, replay, {percent: 25, mb: 250});
    return [...told, ...one, ...hundred, ...threeHundred];
  } finally {
    await scope.close();
  }
};
