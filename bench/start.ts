// From nothing to the first full screen, against an empty Node and Ink's own import.
import {spawnSync} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {formatLeftLine, leftLinePath} from '../src/cli/status-line/left-line.ts';
import {stateDirectory} from '../src/core/act/state-directory.ts';
import type {Scope} from '../test/support/scope.ts';
import {median} from './measure.ts';
import {startInPty} from './pty.ts';
import {type Line, line, ms, promised, times} from './report.ts';

const RUNS = 9;
/** Promised on a machine on which an empty Node takes so long; where it takes longer, so does the screen. */
const USUAL_NODE_MS = 30;
const BEYOND_NODE_MS = 300;
const PROGRAM = fileURLToPath(new URL('../dist/rigtop.js', import.meta.url));
const INK = pathToFileURL(fileURLToPath(new URL('../node_modules/ink/build/index.js', import.meta.url))).href;

const timed = (args: readonly string[], env: NodeJS.ProcessEnv): number => {
  const started = performance.now();
  spawnSync(process.execPath, args, {env: {...env, NODE_ENV: 'production'}, stdio: 'ignore'});
  return performance.now() - started;
};

/** As a screen that runs leaves it. */
const leaveLine = (home: string): void => {
  const file = leftLinePath(stateDirectory({}, home));
  mkdirSync(dirname(file), {recursive: true});
  writeFileSync(file, formatLeftLine({line: '5 busy', blind: false, readsScreens: true}), {mode: 0o600});
};

/** Interleaved, so that a busy moment of the machine meets all of them alike. */
export const benchStart = async (scope: Scope, env: Readonly<Record<string, string>>, cwd: string): Promise<readonly Line[]> => {
  const [nothing, ink, version, barLine, status, screen]: [number[], number[], number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
    [],
    [],
  ];
  for (let run = 0; run < RUNS; run += 1) {
    nothing.push(timed(['-e', '0'], env));
    ink.push(timed(['--input-type=module', '-e', `await import(${JSON.stringify(INK)})`], env));
    version.push(timed([PROGRAM, '--version'], env));
    leaveLine(env.HOME ?? cwd);
    barLine.push(timed([PROGRAM, 'line'], env));
    status.push(timed([PROGRAM, 'status', '--json'], env));
    const shown = startInPty(scope, [process.execPath, PROGRAM, 'watch'], {columns: 120, rows: 36, env, cwd});
    while (!/READ-(ONLY|WRITE)/.test(shown.output())) {
      await shown.nextBytes(20_000);
    }
    screen.push(shown.quietSince());
    await shown.end();
  }
  const allowed = 2 * median(ink);
  const beyondNode = median(screen) - median(nothing);
  const allowedBeyond = BEYOND_NODE_MS * Math.max(1, median(nothing) / USUAL_NODE_MS);
  const allowedLine = Math.max(50, 1.25 * median(nothing));
  return [
    line('node -e 0', ms(median(nothing))),
    line('node and the import of Ink as it is', ms(median(ink))),
    line('rigtop --version', ms(median(version))),
    promised('rigtop line, left by a screen', ms(median(barLine)), `at most ${ms(allowedLine)}`, median(barLine) <= allowedLine),
    line('rigtop status --json, second look included', ms(median(status))),
    promised('rigtop to its first full screen', ms(median(screen)), `at most ${ms(allowed)}`, median(screen) <= allowed),
    promised('  beyond an empty Node', ms(beyondNode), `at most ${ms(allowedBeyond)}`, beyondNode <= allowedBeyond),
    line('  in times of an empty Node', times(median(screen) / median(nothing))),
  ];
};
