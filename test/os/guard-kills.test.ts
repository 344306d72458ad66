// The corpus against the real thing: each command is run by an agent in a fleet of its own, in namespaces, and who has ended then is who the
// guard said would. Of one command for each kind of victims the built hook is asked as well, below the agent.
import {execFile} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import {builtBinary} from '../support/built.ts';
import {readCorpus} from './guard-arena/corpus.ts';

const ARENA = join(import.meta.dirname, 'guard-arena');
const ALONE = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--ipc', '--mount'];
/** A `/tmp` of its own, and a loopback that is up; the shell stays, to be the init that reaps. */
const PREPARE = 'ip link set lo up; mount -t tmpfs none /tmp; "$@"; exit $?';

interface Row {
  readonly command: string;
  readonly ends: readonly string[];
  readonly undecided: boolean;
  readonly predicted: readonly string[];
  readonly died: readonly string[] | null;
  readonly doubts: readonly string[];
  readonly trouble?: string;
}

/** Only root may give the fleet to a user of its own, from whom the test itself is safe. */
const isRoot = process.getuid?.() === 0;

const runAlone = async (...args: readonly string[]): Promise<readonly unknown[]> => {
  const program = [process.execPath, join('node_modules', '.bin', 'tsx'), join(ARENA, 'run-corpus.ts'), ...args];
  const {stdout} = await promisify(execFile)('unshare', [...ALONE, 'bash', '-c', PREPARE, 'arena', ...program], {
    maxBuffer: 64 * 1024 * 1024,
    env: {...process.env, TMPDIR: '/tmp'},
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown);
};

test.runIf(isRoot)('whom the guard names is who ends', {timeout: 900_000}, async () => {
  const rows = (await runAlone()) as readonly Row[];
  expect(rows.map(({command}) => command)).toEqual(readCorpus(readFileSync(join(ARENA, 'corpus.txt'), 'utf8')).map(({command}) => command));
  expect(rows.length).toBeGreaterThan(200);
  const wrong = rows.filter(({ends, undecided, predicted, died, doubts, trouble}) => {
    if (undecided) {
      return doubts.length === 0;
    }
    const isRight = doubts.length === 0 && String(predicted) === String(ends) && (died === null || String(died) === String(ends));
    return !isRight || trouble !== undefined;
  });
  expect(wrong).toEqual([]);
});

interface Answered {
  readonly command: string;
  readonly ends: readonly string[];
  readonly decision: string;
  readonly reason: string;
}

/** What is the calling agent’s: below it, or left behind in its work tree. */
const OWN = new Set(['a.vite', 'a.mcp', 'a.far', 'a.daemon']);

test.runIf(isRoot)('the hook lets through what ends only the agent’s own, and names all others', {timeout: 600_000}, async () => {
  await builtBinary();
  const rows = (await runAlone('--hook')) as readonly Answered[];
  expect(rows.length).toBeGreaterThan(10);
  const wrong = rows.filter(({ends, decision}) => (decision === 'deny') !== ends.some(name => !OWN.has(name)));
  expect(wrong).toEqual([]);
  expect(rows.filter(({decision, reason}) => decision === 'deny' && !/not yours|--mine/.test(reason))).toEqual([]);
});
