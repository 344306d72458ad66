// A whole `rigtop status` beside one bare ps, by processor time: what an empty Node takes of it, what loading, what the rest.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {allProcessorMs, median, processorMs} from './measure.ts';
import {type Line, line, ms, promised, times} from './report.ts';
import type {World} from './world.ts';

const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const EMPTY_MODULE = 'data:text/javascript,';
const RUNS = 9;
/** The kernel shows processor time in hundredths of a second: several runs together say more. */
const AT_ONCE = 3;
const STATUS_TIMES = 1.5;

/** Of a program and its children, waited for, from start to end. */
const cpuOf = (command: string, args: readonly string[], env: Readonly<Record<string, string>>): number => {
  const childrenMs = (): number => allProcessorMs(process.pid) - processorMs(process.pid);
  const before = childrenMs();
  for (let run = 0; run < AT_ONCE; run += 1) {
    spawnSync(command, args, {env, stdio: 'ignore', maxBuffer: 1 << 28});
  }
  return (childrenMs() - before) / AT_ONCE;
};

/** Interleaved, so that a busy moment of the machine meets all of them alike. */
export const benchStatus = ({tmux: {env, socket, tmpdir}}: World): readonly Line[] => {
  const clean = {PATH: env.PATH ?? '', HOME: tmpdir, TMUX_TMPDIR: tmpdir, LANG: 'C.UTF-8'};
  const node = (...args: readonly string[]) => [process.execPath, args] as const;
  const programs = {
    ps: ['ps', ['-eo', 'pid,ppid,args']],
    nothing: node('-e', '0'),
    empty: node('--import', EMPTY_MODULE, '-e', '0'),
    version: node(PROGRAM, '--version'),
    document: node(PROGRAM, 'status', '--json', '--socket', socket),
    status: node(PROGRAM, 'status', '--socket', socket),
  } as const;
  const names = Object.keys(programs) as (keyof typeof programs)[];
  const took = new Map(names.map(name => [name, [] as number[]]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const name of names) {
      const [command, args] = programs[name];
      took.get(name)?.push(cpuOf(command, args, clean));
    }
  }
  const of = (name: keyof typeof programs): number => median(took.get(name) ?? []);
  const [ps, status] = [of('ps'), of('status')];
  return [
    line('one bare ps -eo pid,ppid,args', `${ms(ps)} CPU`),
    line('node -e 0; with an empty module', `${ms(of('nothing'))}; ${ms(of('empty'))} CPU`),
    line('rigtop --version', `${ms(of('version'))} CPU`),
    promised('rigtop status', `${ms(status)} CPU`, `at most ${STATUS_TIMES} × ps`, status <= ps * STATUS_TIMES),
    line('rigtop status --json', `${ms(of('document'))} CPU`),
    line('  an empty Node; status, in times of that ps', `${times(of('nothing') / ps)}; ${times(status / ps)}`),
  ];
};
