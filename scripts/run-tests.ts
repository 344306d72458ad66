// Runs whole suites of tests, `own`, `reality` or both: the pure ones as one part; those on real processes as many, side by side, each in
// namespaces of its own where only its own processes and ports exist (unshare(1)). Where those cannot be had, and with anything to select, it
// is `vitest run` with the arguments. Writes SUITE.json below $RIGTOP_TEST_RESULTS.
import {spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readdirSync, rmSync} from 'node:fs';
import {availableParallelism, tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {onExit} from 'signal-exit';
import {setup as installPrograms} from '../test/reality/install.ts';
import {alone} from './alone.ts';
import {type Part, runParts} from './parts.ts';

/** Many small parts even out: which files fall into one is chance, and some take a minute. */
const SHARES = 10;
/** The files of the reality suite that take longest. */
const LONG = ['fleet-kills', 'doing', 'left', 'guarded', 'mcp'];
const CONFIGS = {own: 'vitest.config.ts', reality: 'vitest.reality.config.ts'} as const;
type Suite = keyof typeof CONFIGS;
/** Our own tests mostly wait; real agents compute, and have deadlines that are not ours. */
const AT_ONCE: Readonly<Record<Suite, (suites: readonly Suite[]) => number>> = {
  own: () => Math.min(4, availableParallelism() + 2),
  reality: suites => (suites.includes('own') ? 1 : Math.min(2, availableParallelism())),
};

const results = process.env.RIGTOP_TEST_RESULTS;
const scratch = mkdtempSync(join(tmpdir(), 'rt-'));
// Some tests act as another user, who has to get through.
chmodSync(scratch, 0o755);
onExit(() => rmSync(scratch, {recursive: true, force: true}));

const vitest = (suite: Suite, ...args: readonly string[]): readonly string[] => ['vitest', 'run', '--config', CONFIGS[suite], ...args];

const succeeds = ([file = '', ...args]: readonly string[], stdio: 'inherit' | 'ignore' = 'inherit'): boolean =>
  spawnSync(file, args, {stdio}).status === 0;

const reportsOf = (suite: Suite): string => join(scratch, suite);

const part = (suite: Suite, name: string, ...args: readonly string[]): Part => ({
  name: `${suite} ${name}`,
  command: alone(vitest(suite, ...args)),
  reports: reportsOf(suite),
});

/** Those that take long come first: one that begins last is waited for by idle cores. */
const PARTS: Readonly<Record<Suite, () => readonly Part[]>> = {
  own: () => [
    part('own', 'pure', '--project', 'pure'),
    ...Array.from({length: SHARES}, (_, index) => `${index + 1}/${SHARES}`).map(share =>
      part('own', `real ${share}`, '--project', 'real', `--shard=${share}`),
    ),
  ],
  reality: () => {
    const names = readdirSync('test/reality')
      .filter(name => name.endsWith('.test.ts'))
      .map(name => basename(name, '.test.ts'));
    return [...LONG, ...names.filter(name => !LONG.includes(name))].map(name => part('reality', name, `test/reality/${name}.test.ts`));
  },
};

const reporters = (suite: Suite): readonly string[] =>
  results === undefined ? [] : ['--reporter=default', '--reporter=json', `--outputFile.json=${join(results, `${suite}.json`)}`];

/** What a suite needs before its first part. Our own tests run while programs are fetched: that takes minutes where the network is slow. */
const NEEDS: Readonly<Record<Suite, () => Promise<void>>> = {
  own: async () => undefined,
  reality: async () => {
    await installPrograms();
    process.env.RIGTOP_REALITY_INSTALLED = 'yes';
  },
};

const runAlone = async (suites: readonly Suite[]): Promise<boolean> => {
  const done = suites.map(async suite => {
    await NEEDS[suite]();
    const parts = PARTS[suite]();
    return (await runParts(parts, AT_ONCE[suite](suites), scratch)) && readdirSync(reportsOf(suite)).length === parts.length;
  });
  const ok = (await Promise.all(done)).every(Boolean);
  const merged = suites.map(suite => succeeds(vitest(suite, `--merge-reports=${reportsOf(suite)}`, ...reporters(suite))));
  return ok && merged.every(Boolean);
};

const isSuite = (word: string): word is Suite => word in CONFIGS;
const words = process.argv.slice(2);
const suites = words.filter(isSuite);
const selected = words.filter(word => !isSuite(word));
const ok =
  selected.length === 0 && succeeds(alone(['true']), 'ignore')
    ? await runAlone(suites)
    : suites.map(suite => succeeds([...vitest(suite), ...reporters(suite), ...selected])).every(Boolean);
process.exitCode = ok ? 0 : 1;
