// Runs a program and hands back what it did, as data: argv only, a clean environment, a hard deadline. Never throws for what the program does.

import {type ChildProcess, type SpawnOptions, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {onExit} from 'signal-exit';
import {codeOf} from './files.ts';
import type {CommandOptions, CommandResult} from './host.ts';
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

/** What keeps a program from answering, once it runs. */
type Ending = 'timeout' | 'too-large' | 'aborted';

/** Why it could not be started, from the error of spawn. */
const whyNotStarted = (error: unknown, cwd: string | undefined): CommandResult['trouble'] => {
  switch (codeOf(error)) {
    case 'ENOENT':
      // Linux says ENOENT too when the directory to start in is missing.
      return cwd !== undefined && !existsSync(cwd) ? 'failed' : 'missing';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    default:
      return 'failed';
  }
};

const notRun = (trouble: CommandResult['trouble']): CommandResult => ({stdout: '', stderr: '', exitCode: null, trouble, tookMs: 0});

/** Each program that runs, by what ends it. */
const running = new Set<(why: Ending) => void>();
let watching = false;

/**
 * Our own end takes the programs along. The watch stays when the last of them has ended: a signal that was caught but has not reached
 * JavaScript in the moment in which its handler is taken off is dropped (uv_signal_stop(3)), and SIGTERM would do nothing.
 */
const keepWatching = (): void => {
  if (!watching) {
    watching = true;
    onExit(() => {
      for (const end of running) {
        end('aborted');
      }
    });
  }
};

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Of spawn; null when it ran. */
  readonly error: unknown;
}

/** What a program writes, to its end, or a moment longer than its own. `onTooLarge` is called when one of the outputs is. */
const outputOf = (child: ChildProcess, maxBytes: number, onTooLarge: () => void): Promise<Ended> => {
  const read = (stream: ChildProcess['stdout']): (() => string) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        onTooLarge();
      } else {
        chunks.push(chunk);
      }
    });
    return () => Buffer.concat(chunks).toString('utf8');
  };
  const [stdout, stderr] = [read(child.stdout), read(child.stderr)];
  return new Promise(resolve => {
    // A grandchild that inherited our pipes keeps them open after the program has ended: what it may still write is not waited for.
    let hangUp: NodeJS.Timeout | undefined;
    child.once('exit', () => {
      hangUp = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, LINGER_MS);
    });
    child.on('error', error => {
      // One that runs was ended by us, and is waited for.
      if (child.pid === undefined) {
        resolve({stdout: '', stderr: '', exitCode: null, error});
      }
    });
    child.once('close', exitCode => {
      clearTimeout(hangUp);
      resolve({stdout: stdout(), stderr: stderr(), exitCode, error: null});
    });
  });
};

const started = (program: string, args: readonly string[], options: SpawnOptions): ChildProcess | {readonly error: unknown} => {
  try {
    return spawn(program, args, options);
  } catch (error) {
    return {error};
  }
};

/** SIGKILL on timeout: a tmux client blocked in connect() ignores SIGTERM. */
const runLocated = async (
  program: string,
  args: readonly string[],
  options: CommandOptions,
  context: CommandContext,
): Promise<Omit<CommandResult, 'tookMs'>> => {
  const ending = new AbortController();
  let why: Ending | null = null;
  const end = (because: Ending): void => {
    why ??= because;
    ending.abort();
  };
  const child = started(program, args, {
    // Not the directory rigtop was started in: that may be gone, and a program cannot be started in it.
    cwd: options.cwd ?? '/',
    env: scrubbed(context.env, options),
    signal: ending.signal,
    killSignal: 'SIGKILL',
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...(options.inherit === undefined ? [] : [options.inherit])],
  });
  if ('error' in child) {
    return notRun(whyNotStarted(child.error, options.cwd));
  }
  const onAbort = (): void => end('aborted');
  const signals = [context.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const {pid} = child;
  running.add(end);
  for (const signal of signals) {
    signal.addEventListener('abort', onAbort);
  }
  if (pid !== undefined) {
    context.onChild(pid, true);
  }
  // A program need not read what it is given.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(options.input);
  const deadline = setTimeout(() => end('timeout'), Math.max(1, Math.ceil(options.timeoutMs)));
  const output = outputOf(child, options.maxBytes ?? DEFAULT_MAX_BYTES, () => end('too-large'));
  if (signals.some(({aborted}) => aborted)) {
    onAbort();
  }
  const {stdout, stderr, exitCode, error} = await output;
  clearTimeout(deadline);
  running.delete(end);
  for (const signal of signals) {
    signal.removeEventListener('abort', onAbort);
  }
  if (pid !== undefined) {
    context.onChild(pid, false);
  }
  const trouble = error === null ? why : whyNotStarted(error, options.cwd);
  // An exit code beside a trouble would be taken for an answer.
  return {stdout, stderr, exitCode: trouble === null ? exitCode : null, trouble};
};

/** Run `file` with exactly these arguments. Bytes that are not UTF-8 become U+FFFD. */
export const runCommand = async (
  file: string,
  args: readonly string[],
  options: CommandOptions,
  context: CommandContext,
): Promise<CommandResult> => {
  const began = performance.now();
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
  return {...(await runLocated(located.program, args, options, context)), tookMs: performance.now() - began};
};
