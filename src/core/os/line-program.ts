// A program that goes on talking: its output line by line, taken no faster than it is dealt with, its lines of limited length.
import {type ChildProcess, spawn} from 'node:child_process';
import {createHelpings, type HelpingParts} from './helpings.ts';

export interface LinesEnd {
  /** Null when it did not exit by itself. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** `missing` (ENOENT), `too-long` (a line beyond the limit; it was ended), `failed` (could not be started); null when it ran. */
  readonly trouble: 'missing' | 'too-long' | 'failed' | null;
  /** The beginning of what it wrote to stderr. */
  readonly stderr: string;
}

export interface LineProgram {
  /** End it. Nothing is told of it afterwards. */
  end(): void;
}

export interface LineOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly maxLineBytes: number;
  /** Whole lines, as many as have come; answers for how long the next ones are to wait, in milliseconds. */
  readonly onLines: HelpingParts['hand'];
  readonly onEnd: (end: LinesEnd) => void;
}

const MAX_STDERR = 8 * 1024;
/** What was written before the end is in the pipe by then; a background process that shares the pipe may hold it open for ever. */
const LINGER_MS = 200;
const NEWLINE = 0x0a;

/** One listener for all: Node warns of more than ten, on the screen. */
const living = new Set<() => void>();
const endWithUs = (end: () => void): void => {
  if (living.size === 0) {
    process.on('exit', endAll);
  }
  living.add(end);
};
const forget = (end: () => void): void => {
  living.delete(end);
  if (living.size === 0) {
    process.off('exit', endAll);
  }
};
const endAll = (): void => {
  for (const end of living) {
    end();
  }
};

/** Where no descriptor is left (EMFILE, ENFILE) Node makes no pipes, throws nothing, and says why a turn later. */
const tellUnstarted = (child: ChildProcess, onEnd: LineOptions['onEnd']): LineProgram => {
  let told = false;
  child.once('error', ({message}) => {
    if (!told) {
      onEnd({exitCode: null, signal: null, trouble: 'failed', stderr: message});
    }
  });
  return {
    end: () => {
      told = true;
    },
  };
};

/** Start it: argv only, never a shell; no input; messages in English. Ended with this process. */
export const startLines = (file: string, args: readonly string[], {env, maxLineBytes, onLines, onEnd}: LineOptions): LineProgram => {
  const child = spawn(file, args, {
    cwd: '/',
    env: {...env, TMUX: undefined, TMUX_PANE: undefined, LC_ALL: 'C'},
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.stdout === undefined) {
    return tellUnstarted(child, onEnd);
  }
  let parts: Buffer[] = [];
  let held = 0;
  let stderr = '';
  let trouble: LinesEnd['trouble'] = null;
  let told = false;

  const helpings = createHelpings({hand: onLines, pause: () => child.stdout.pause(), resume: () => child.stdout.resume()});
  const close = (): void => {
    child.kill('SIGTERM');
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const end = (): void => {
    told = true;
    helpings.drop();
    close();
  };
  const tell = (exitCode: number | null, signal: string | null): void => {
    forget(end);
    if (told) {
      return;
    }
    close();
    helpings.finish();
    // Whoever was handed the last lines may have had enough.
    if (!told) {
      told = true;
      onEnd({exitCode, signal, trouble, stderr});
    }
  };
  const take = (chunk: Buffer): void => {
    const last = chunk.lastIndexOf(NEWLINE);
    const whole = last < 0 ? null : Buffer.concat([...parts, chunk.subarray(0, last)]);
    parts = last < 0 ? [...parts, chunk] : [chunk.subarray(last + 1)];
    held = last < 0 ? held + chunk.length : chunk.length - last - 1;
    if (held > maxLineBytes || (whole?.length ?? 0) > maxLineBytes + chunk.length) {
      trouble = 'too-long';
      tell(null, null);
    } else if (whole !== null) {
      helpings.take(whole.toString('utf8'), whole.length);
    }
  };

  endWithUs(end);
  child.stdout.on('data', take);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(0, MAX_STDERR);
  });
  child.once('error', (error: NodeJS.ErrnoException) => {
    trouble = error.code === 'ENOENT' ? 'missing' : 'failed';
    stderr ||= error.message;
    tell(null, null);
  });
  child.once('close', tell);
  child.once('exit', (code, signal) => setTimeout(() => tell(code, signal), LINGER_MS));
  return {end};
};
