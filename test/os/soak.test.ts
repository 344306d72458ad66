// The short form of `npm run soak`: the built supervisor over a fleet of 60 in seeded trouble. The long one is for people.
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));

test('a minute of deaths, hangs, leaks, renames, squatters and silence', {timeout: 240_000}, async () => {
  await builtBinary();
  const args = ['--import', 'tsx', 'bench/soak.ts', '--seconds', '60', '--seed', '7'];
  const {stdout} = await promisify(execFile)(process.execPath, args, {cwd: TOP, timeout: 220_000, maxBuffer: 1 << 26}).catch(
    error => error,
  );
  const checks = stdout.split('\n').filter((line: string) => /^(ok|FAILED) /.test(line));
  expect(
    checks.filter((line: string) => line.startsWith('FAILED')),
    stdout,
  ).toEqual([]);
  expect(checks).toHaveLength(8);
  expect(stdout).toMatch(/\nheld\n$/);
});
