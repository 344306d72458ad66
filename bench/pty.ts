// A program in a pseudo-terminal of its own, made by script(1): its bytes, its frames, and keys for it.
import {spawn} from 'node:child_process';
import {MARKER, markedProcesses} from '../test/support/marked.ts';
import type {Scope} from '../test/support/scope.ts';
import {waitFor} from '../test/support/wait-for.ts';

export interface PtyProgram {
  /** Of the program itself, not of script(1). */
  pid(): Promise<number>;
  /** Everything it has written so far. */
  output(): string;
  bytes(): number;
  /** Screen updates so far: Ink brackets each by synchronized output (DEC mode 2026). */
  frames(): number;
  /** Milliseconds from the start to the last byte so far. */
  quietSince(): number;
  write(keys: string): void;
  /** Milliseconds from now until it has written something more. */
  nextBytes(deadlineMs: number): Promise<number>;
  end(): Promise<void>;
}

export interface PtyOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Name of the program in the process table. */
  readonly comm?: string;
}

const FRAME = '\u001b[?2026h';
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

export const startInPty = (scope: Scope, command: readonly string[], {columns, rows, env, cwd, comm}: PtyOptions): PtyProgram => {
  const marker = scope.marker();
  const {CI: _, ...clean} = {...env, [MARKER]: marker, TERM: 'xterm-256color'} as Record<string, string>;
  const line = `stty rows ${rows} cols ${columns}; exec ${command.map(quoted).join(' ')}`;
  const child = spawn('script', ['-qfec', line, '/dev/null'], {cwd, env: clean, stdio: ['pipe', 'pipe', 'inherit']});
  const started = performance.now();
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  // Node names its main thread so from version 22 on.
  const isProgram = (seen: {readonly comm: string}): boolean => (comm === undefined ? ['node', 'MainThread'] : [comm]).includes(seen.comm);
  const chunks: string[] = [];
  let size = 0;
  let last = started;
  let waiting: (() => void) | null = null;
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    chunks.push(chunk);
    size += chunk.length;
    last = performance.now();
    waiting?.();
  });
  const output = (): string => chunks.join('');
  return {
    pid: async () => (await waitFor('the program in its terminal', () => markedProcesses(marker).find(isProgram))).pid,
    output,
    bytes: () => size,
    frames: () => output().split(FRAME).length - 1,
    quietSince: () => last - started,
    write: keys => {
      child.stdin.write(keys);
    },
    nextBytes: deadlineMs =>
      new Promise((resolve, reject) => {
        const from = performance.now();
        const late = setTimeout(() => {
          waiting = null;
          reject(new Error(`nothing was written within ${deadlineMs} ms`));
        }, deadlineMs);
        waiting = () => {
          waiting = null;
          clearTimeout(late);
          resolve(performance.now() - from);
        };
      }),
    end: async () => {
      child.stdin.write('q');
      const stop = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(stop);
    },
  };
};
