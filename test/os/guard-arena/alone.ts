// Runs the corpus in namespaces of its own, where whoever ends is nobody else’s.
import {execFile} from 'node:child_process';
import {join} from 'node:path';
import {promisify} from 'node:util';

export const ARENA = import.meta.dirname;
const ALONE = ['--pid', '--fork', '--kill-child', '--mount-proc', '--net', '--ipc', '--mount'];
/** A `/tmp` of its own with the real programs in it, and a loopback that is up; the shell stays, to be the init that reaps. */
const PREPARE = [
  'ip link set lo up; mount -t tmpfs none /tmp',
  '[ -z "$REAL" ] || { mkdir /tmp/real; mount --bind "$REAL" /tmp/real; }',
  '"$@"; exit $?',
].join('\n');

/** Only root may give the fleet to a user of its own, from whom the test itself is safe. */
export const isRoot = process.getuid?.() === 0;

/** What run-corpus.ts says, row by row. `real`: where real programs are installed. */
export const runAlone = async (args: readonly string[], real = ''): Promise<readonly unknown[]> => {
  const program = [process.execPath, join('node_modules', '.bin', 'tsx'), join(ARENA, 'run-corpus.ts'), ...args];
  const {stdout} = await promisify(execFile)('unshare', [...ALONE, 'bash', '-c', PREPARE, 'arena', ...program], {
    maxBuffer: 64 * 1024 * 1024,
    env: {...process.env, TMPDIR: '/tmp', REAL: real},
  });
  return stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as unknown);
};

export interface Row {
  readonly command: string;
  readonly ends: readonly string[];
  readonly undecided: boolean;
  readonly predicted: readonly string[];
  readonly died: readonly string[] | null;
  readonly doubts: readonly string[];
  readonly trouble?: string;
}

/** Neither named right nor rightly undecided. */
export const isWrong = ({ends, undecided, predicted, died, doubts, trouble}: Row): boolean => {
  if (undecided) {
    return doubts.length === 0;
  }
  const isRight = doubts.length === 0 && String(predicted) === String(ends) && (died === null || String(died) === String(ends));
  return !isRight || trouble !== undefined;
};
