// Runs a program and hands back what it did, as data: argv only, a clean environment, a hard deadline. Never throws for what the program does.

import type {ChildProcess} from 'node:child_process';
import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import {existsSync} from 'node:fs';
import type {ExecaError, Result} from 'execa';
import {onExit} from 'signal-exit';
import {monotonicNow} from './clock.ts';
import type {CommandOptions, CommandResult} from './host.ts';
import {breathe} from './slices.ts';
import {leastEnvironment, locateProgram} from './surroundings.ts';

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
 * The environment our own calls run in: the least, but for what a person asked to be started, which gets what the person has. TMUX and
 * TMUX_PANE would make a tmux client speak to the server we sit in, whatever `-S` says about sessions "current" there, and any locale but
 * C translates the messages that verdicts rest on.
 */
const scrubbed = (env: CommandContext['env'], {environment = 'least', env: extra}: CommandOptions): Record<string, string> => {
  const base = environment === 'whole' ? env : leastEnvironment(env);
  const merged: Record<string, string | undefined> = {...base, TMUX: undefined, TMUX_PANE: undefined, LC_ALL: 'C', ...extra};
  return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined));
};

type Raw = Result<{encoding: 'buffer'; reject: false}> | ExecaError<{encoding: 'buffer'; reject: false}>;

const troubleOf = (raw: Raw, cwd: string | undefined): CommandResult['trouble'] => {
  if (raw.timedOut) {
    return 'timeout';
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
      return 'denied';
    default:
      return raw.exitCode === undefined && raw.signal === undefined ? 'failed' : null;
  }
};

const text = (bytes: unknown): string => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('utf8') : '');

const notRun = (trouble: CommandResult['trouble']): CommandResult => ({stdout: '', stderr: '', exitCode: null, trouble, tookMs: 0});

/** Standard input, output and error, and what is handed on behind them: execa takes a number there as spawn does, and has no type for it. */
const channels = ({input, inherit}: CommandOptions): ['ignore' | 'pipe', 'pipe', 'pipe'] => {
  const standard: readonly unknown[] = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  return [...standard, ...(inherit === undefined ? [] : [inherit])] as ['ignore' | 'pipe', 'pipe', 'pipe'];
};

/**
 * A fifth of all that a command loads: where no program is run it is not, and a screen is drawn before. Loading it, starting a program (5 ms)
 * and what is made of its answer are turns by themselves.
 */
const loadExeca = async () => {
  const {execa} = await import('execa');
  await breathe();
  return execa;
};

/**
 * Where no descriptor is left (EMFILE, ENFILE) Node makes no pipes, throws nothing, and says why a turn later: execa trips over the first, and
 * has not come to listen for the second, which would end us. Null then.
 */
const startIfPossible = <T>(start: () => T): T | null => {
  let child: ChildProcess | null = null;
  const note = (message: unknown): void => {
    child = (message as {readonly process: ChildProcess}).process;
    child.on('error', () => undefined);
  };
  subscribe('child_process', note);
  try {
    return start();
  } catch (error) {
    if (child !== null && (child as ChildProcess).pid === undefined) {
      return null;
    }
    throw error;
  } finally {
    unsubscribe('child_process', note);
  }
};

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
  const started = monotonicNow();
  // exec() cannot pass a NUL; a path read from a hostile file may hold one.
  if ([file, ...args].some(word => word.includes('\u0000'))) {
    return notRun('failed');
  }
  // Found here and not by execvp(3), which takes an empty element of PATH for the directory to start in.
  const located = locateProgram(file, options.env?.PATH ?? context.env.PATH);
  if (typeof located === 'string') {
    return notRun(located);
  }
  keepWatching();
  const execa = await loadExeca();
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const flood = new AbortController();
  const signal = AbortSignal.any([context.signal, flood.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const subprocess = startIfPossible(() =>
    execa(located.program, args, {
      // Not the directory rigtop was started in: that may be gone, and a program cannot be started in it.
      cwd: options.cwd ?? '/',
      env: scrubbed(context.env, options),
      extendEnv: false,
      encoding: 'buffer',
      reject: false,
      stripFinalNewline: false,
      timeout: Math.max(1, Math.ceil(options.timeoutMs)),
      killSignal: 'SIGKILL',
      cancelSignal: signal,
      maxBuffer: maxBytes,
      ...(options.input === undefined ? {} : {input: options.input}),
      stdio: channels(options),
    }),
  );
  if (subprocess === null) {
    return notRun('failed');
  }
  const {pid} = subprocess;
  if (pid !== undefined) {
    context.onChild(pid, true);
  }
  // Where its own limit is reached, execa takes the reader away and waits for the program's end, which need not come of that.
  for (const output of [subprocess.stdout, subprocess.stderr]) {
    let bytes = 0;
    output.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        flood.abort();
      }
    });
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
  const trouble = flood.signal.aborted ? 'too-large' : troubleOf(raw, options.cwd);
  const tookMs = monotonicNow() - started;
  await breathe();
  return {
    stdout: text(raw.stdout),
    stderr: text(raw.stderr),
    // An exit code beside a trouble would be taken for an answer.
    exitCode: trouble === null ? (raw.exitCode ?? null) : null,
    trouble,
    tookMs,
  };
};
