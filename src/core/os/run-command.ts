// Runs a program and hands back what it did, as data: argv only, a clean environment, a hard deadline. Never throws for what the program does.

import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {type ExecaError, execa, type Result} from 'execa';
import {onExit} from 'signal-exit';
import type {CommandOptions, CommandResult} from './host.ts';

const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
/** Output that was written before the end is in the pipe by then; a busy machine may need a moment to read it. */
const LINGER_MS = 200;

/** What a running command needs from its surroundings. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborting kills every command still running. */
  readonly signal: AbortSignal;
  /** Told about each child's birth and end, so that the process table can leave our own helpers out. */
  readonly onChild: (pid: number, running: boolean) => void;
}

/**
 * The environment our own calls run in: TMUX and TMUX_PANE would make a tmux client speak to the server we sit in, whatever
 * `-S` says about sessions "current" there, and any locale but C translates the messages that verdicts rest on.
 */
const scrubbed = (env: CommandContext['env'], extra: CommandOptions['env']): Record<string, string> => {
  const merged: Record<string, string | undefined> = {...env, TMUX: undefined, TMUX_PANE: undefined, LC_ALL: 'C', ...extra};
  return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined));
};

type Raw = Result<{encoding: 'buffer'; reject: false}> | ExecaError<{encoding: 'buffer'; reject: false}>;

/** Whether a file of that name is to be seen at all: by its path, or in a directory of PATH. */
const isThere = (file: string, path: string | undefined): boolean =>
  file.includes('/') ? existsSync(file) : (path ?? '').split(':').some(directory => existsSync(join(directory, file)));

interface Started {
  readonly file: string;
  readonly cwd: string | undefined;
  readonly path: string | undefined;
}

const troubleOf = (raw: Raw, {file, cwd, path}: Started): CommandResult['trouble'] => {
  if (raw.timedOut) {
    return 'timeout';
  }
  if (raw.isMaxBuffer) {
    return 'too-large';
  }
  if (raw.isCanceled) {
    return 'aborted';
  }
  switch (raw.code) {
    case 'ENOENT':
      // Linux says ENOENT too when the directory to start in is missing.
      return cwd !== undefined && !existsSync(cwd) ? 'failed' : 'missing';
    case 'EACCES':
    case 'EPERM':
      // execvp(3) says EACCES for a directory of PATH that may not be searched, even when no other has such a program.
      return isThere(file, path) ? 'denied' : 'missing';
    default:
      return raw.exitCode === undefined && raw.signal === undefined ? 'failed' : null;
  }
};

const text = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : '');

let watching = false;

/**
 * execa watches for our own end, to take its program along, and stops watching when the program has ended. A signal that was
 * caught but has not reached JavaScript in that moment is dropped (uv_signal_stop(3)): SIGTERM would do nothing. So one watch
 * that does nothing itself stays, and the signal handlers with it.
 */
const keepWatching = (): void => {
  if (!watching) {
    watching = true;
    onExit(() => undefined);
  }
};

/**
 * Run `file` with exactly these arguments. SIGKILL on timeout: a tmux client blocked in connect() ignores SIGTERM. Bytes that are
 * not UTF-8 become U+FFFD.
 */
export const runCommand = async (
  file: string,
  args: readonly string[],
  options: CommandOptions,
  context: CommandContext,
): Promise<CommandResult> => {
  const started = performance.now();
  // exec() cannot pass a NUL; a path read from a hostile file may hold one.
  if ([file, ...args].some(word => word.includes('\u0000'))) {
    return {stdout: '', stderr: '', exitCode: null, trouble: 'failed', tookMs: 0};
  }
  keepWatching();
  const signal = options.signal === undefined ? context.signal : AbortSignal.any([context.signal, options.signal]);
  const subprocess = execa(file, args, {
    // Not the directory rigtop was started in: that may be gone, and a program cannot be started in it.
    cwd: options.cwd ?? '/',
    env: scrubbed(context.env, options.env),
    extendEnv: false,
    encoding: 'buffer',
    reject: false,
    stripFinalNewline: false,
    timeout: Math.max(1, Math.ceil(options.timeoutMs)),
    killSignal: 'SIGKILL',
    cancelSignal: signal,
    maxBuffer: options.maxBytes ?? DEFAULT_MAX_BYTES,
    ...(options.input === undefined ? {stdin: 'ignore'} : {input: options.input}),
  });
  const {pid} = subprocess;
  if (pid !== undefined) {
    context.onChild(pid, true);
  }
  // A grandchild that inherited our pipes keeps them open after the program has ended: what it may still write is not waited for.
  let hangUp: NodeJS.Timeout | undefined;
  subprocess.once('exit', () => {
    hangUp = setTimeout(() => {
      subprocess.stdout.destroy();
      subprocess.stderr.destroy();
    }, LINGER_MS);
  });
  const raw: Raw = await subprocess;
  clearTimeout(hangUp);
  if (pid !== undefined) {
    context.onChild(pid, false);
  }
  const trouble = troubleOf(raw, {file, cwd: options.cwd, path: options.env?.PATH ?? context.env.PATH});
  return {
    stdout: text(raw.stdout),
    stderr: text(raw.stderr),
    // An exit code beside a trouble would be taken for an answer.
    exitCode: trouble === null ? (raw.exitCode ?? null) : null,
    trouble,
    tookMs: performance.now() - started,
  };
};
