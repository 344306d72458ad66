// The built program in surroundings of its own: home, configuration, state and tmux sockets in a temporary directory.
import {spawn} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {BINARY} from '../support/built.ts';
import {MARKER} from '../support/marked.ts';
import type {Scope} from '../support/scope.ts';
import {waitFor} from '../support/wait-for.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Rigtop {
  /** Real path of the temporary directory; `home` lies in it. */
  readonly directory: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  run(argv: readonly string[], options?: RunOptions): Promise<Ran>;
  /** A line of shell in which `$RIGTOP` is the program. */
  shell(line: string, options?: RunOptions): Promise<Ran>;
  /** Run with --json and parse stdout. */
  json<T = Record<string, unknown>>(
    argv: readonly string[],
    options?: RunOptions,
  ): Promise<{readonly code: number | null; readonly document: T}>;
  /**
   * The same, again and again while the answer is that something could not be observed: on a busy machine a look may run into its
   * deadline, refuses to act on what it has not seen, and says so.
   */
  seen<T = Record<string, unknown>>(
    argv: readonly string[],
    options?: RunOptions,
  ): Promise<{readonly code: number | null; readonly document: T}>;
  /** Write a file below the directory; its path. */
  write(path: string, text: string): string;
}

const SEEN = ['tmux', 'processes', 'listeners'];

interface Unseen {
  readonly error: {readonly code: string};
  readonly sources: readonly {readonly source: string; readonly state: string}[];
}

const collect = (file: string, argv: readonly string[], env: Readonly<Record<string, string>>, cwd: string): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, argv, {env, cwd, stdio: ['ignore', 'pipe', 'pipe']});
    const text = {stdout: '', stderr: ''};
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text.stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text.stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', code => resolve({code, ...text}));
  });

/** `tmpdir`: the socket directory of a private tmux server; an empty one by default. */
export const createRigtop = async (scope: Scope, {tmpdir}: {readonly tmpdir?: string} = {}): Promise<Rigtop> => {
  const directory = await scope.tempDir();
  const home = join(directory, 'home');
  mkdirSync(home);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    TMUX_TMPDIR: tmpdir ?? directory,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    RIGTOP: `${process.execPath} ${BINARY}`,
    [MARKER]: scope.marker(),
  };
  const run: Rigtop['run'] = (argv, {env: more = {}, cwd = home} = {}) =>
    collect(process.execPath, [BINARY, ...argv], {...env, ...more}, cwd);
  const json = async <T>(argv: readonly string[], options?: RunOptions) => {
    const {code, stdout} = await run([...argv, '--json'], options);
    return {code, document: JSON.parse(stdout) as T};
  };
  return {
    directory,
    home,
    env,
    run,
    shell: (line, {env: more = {}, cwd = home} = {}) => collect('/bin/sh', ['-c', line], {...env, ...more}, cwd),
    json,
    seen: <T>(argv: readonly string[], options?: RunOptions) =>
      waitFor(`an answer to ${argv.join(' ')}`, async () => {
        const answer = await json<T & Partial<Unseen>>(argv, options);
        const {error, sources = []} = answer.document;
        const blind = sources.some(({source, state}) => SEEN.includes(source) && state === 'unknown');
        return !blind && !['unknown', 'incomplete'].includes(error?.code ?? '') && answer;
      }),
    write: (path, text) => {
      const file = join(directory, path);
      mkdirSync(dirname(file), {recursive: true});
      writeFileSync(file, text, {mode: 0o600});
      return file;
    },
  };
};
