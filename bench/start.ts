// From nothing to the first full screen, against an empty Node and Ink's own import.
import {spawnSync} from 'node:child_process';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {Scope} from '../test/support/scope.ts';
import {median} from './measure.ts';
import {startInPty} from './pty.ts';
import {type Line, line, ms, promised, times} from './report.ts';

const RUNS = 9;
const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const INK = pathToFileURL(fileURLToPath(new URL('../node_modules/ink/build/index.js', import.meta.url))).href;

const timed = (args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now();
  spawnSync(process.execPath, args, {env: {...env, NODE_ENV: 'production'}, stdio: 'ignore'});
  return performance.now() - started;
};

/** Interleaved, so that a busy moment of the machine meets all of them alike. */
export const benchStart = async (scope: Scope, env: Readonly<Record<string, string>>, cwd: string): Promise<readonly Line[]> => {
  const [nothing, ink, version, status, screen]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []];
  for (let run = 0; run < RUNS; run += 1) {
    nothing.push(timed(['-e', '0'], env));
    ink.push(timed(['--input-type=module', '-e', `await import(${JSON.stringify(INK)})`], env));
    version.push(timed([PROGRAM, '--version'], env));
    status.push(timed([PROGRAM, 'status', '--json'], env));
    const shown = startInPty(scope, [process.execPath, PROGRAM, 'watch'], {columns: 120, rows: 36, env, cwd});
    while (!/READ-(ONLY|WRITE)/.test(shown.output())) {
      await shown.nextBytes(20_000);
    }
    screen.push(shown.quietSince());
    await shown.end();
  }
  const allowed = 2 * median(ink);
  return [
    line('node -e 0', ms(median(nothing))),
    line('node and the import of Ink as it is', ms(median(ink))),
    line('rigtop --version', ms(median(version))),
    line('rigtop status --json, second look included', ms(median(status))),
    promised('rigtop to its first full screen', ms(median(screen)), `at most ${ms(allowed)}`, median(screen) <= allowed),
    line('  in times of an empty Node', times(median(screen) / median(nothing))),
  ];
};
