// Runs all tests: the pure ones at once, those on real processes in parts side by side, each part in namespaces of its own where only its
// own processes and ports exist (unshare(1)). Where those cannot be had, and with anything to select, it is `vitest run` with the arguments.
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {join} from 'node:path';
import {execa} from 'execa';
import {onExit} from 'signal-exit';
import {alone} from './alone.ts';

/** Many small parts even out: which files fall into one is chance, and some take a minute. */
const PARTS = 10;
/** The tests mostly wait, so that there may be one part more at work than there are cores. */
const AT_ONCE = Math.min(4, availableParallelism() + 1);

/** unshare(1) ignores a polite signal; what it started ends with it. */
const KILLED = {killSignal: 'SIGKILL'} as const;

interface Part {
  readonly name: string;
  readonly command: readonly string[];
}

/** Runs one part to its end, with a temporary directory of its own; what it printed is shown only when it failed. */
const runPart = async ({name, command}: Part, scratch: string): Promise<void> => {
  const started = performance.now();
  const temporary = mkdtempSync(join(scratch, 't'));
  chmodSync(temporary, 0o1777);
  const [file = '', ...args] = [
    ...command,
    '--reporter=dot',
    '--reporter=blob',
    `--outputFile.blob=${join(scratch, 'reports', `${name.replaceAll(/\W/g, '-')}.json`)}`,
  ];
  const {exitCode, all} = await execa(file, args, {stdin: 'ignore', all: true, reject: false, env: {TMPDIR: temporary}, ...KILLED});
  console.log(`${exitCode === 0 ? 'ok    ' : 'FAILED'}  ${name} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
  if (exitCode !== 0) {
    process.exitCode = 1;
    console.log(all);
  }
};

const runAll = async (parts: readonly Part[], scratch: string): Promise<void> => {
  const waiting = [...parts];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      await runPart(part, scratch);
    }
  };
  await Promise.all(Array.from({length: AT_ONCE}, work));
};

const given = process.argv.slice(2);
const selects = given.some(argument => !argument.startsWith('--reporter') && !argument.startsWith('--outputFile'));
const [probe = '', ...probed] = alone(['true']);
if (selects || spawnSync(probe, probed, {stdio: 'ignore'}).status !== 0) {
  process.exitCode = spawnSync('vitest', ['run', ...given], {stdio: 'inherit'}).status ?? 1;
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'rt-'));
  // Some tests act as another user, who has to get through.
  chmodSync(scratch, 0o755);
  onExit(() => rmSync(scratch, {recursive: true, force: true}));
  const real = Array.from({length: PARTS}, (_, index) => `${index + 1}/${PARTS}`).map(share => ({
    name: `real ${share}`,
    command: alone(['vitest', 'run', '--project', 'real', `--shard=${share}`]),
  }));
  await runAll([{name: 'pure', command: alone(['vitest', 'run', '--project', 'pure'])}, ...real], scratch);
  const reports = join(scratch, 'reports');
  const merged = spawnSync('vitest', ['run', `--merge-reports=${reports}`, ...given], {stdio: 'inherit'});
  if (merged.status !== 0 || readdirSync(reports).length !== PARTS + 1) {
    process.exitCode = 1;
  }
}
