// The streams and surroundings of a command. Text leaves through here alone, and none of it can act on a terminal. A closed output ends
// quietly: `| head` is not an error.
import {workingDirectory} from '../core/os/whereabouts.ts';
import {terminalText} from './paint.ts';

/** Back to the first column, and erase to the end of the line (ECMA-48: CR, EL). */
const ANEW = '\r\u001b[K';

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal on stdout; null where there is none. */
  readonly columns: number | null;
  /** Aborted once nobody reads stdout any more. */
  readonly closed: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  /** The terminal's bell. */
  ring(): void;
  /** One line on a terminal's stderr in place of the one before; empty: none. */
  meanwhile(text: string): void;
  /** One line from the terminal; null at its end or on ^C. */
  ask(question: string): Promise<string | null>;
}

export const createProcessIo = (): Io => {
  const {stdin, stdout, stderr, env} = process;
  const closing = new AbortController();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone (tty_ioctl(4), a hang-up), and whoever looked at it.
    const hasLeft = error.code === 'EPIPE' || (error.code === 'EIO' && stdout.isTTY === true);
    if (!closing.signal.aborted && !hasLeft) {
      stderr.write(`rigtop: the output cannot be written (${error.code ?? error.message}): free some space or choose another place\n`);
      process.exitCode = 3;
    }
    closing.abort();
  });
  // Where stderr is gone as well there is nobody left to tell.
  stderr.on('error', () => undefined);

  return {
    env,
    cwd: workingDirectory(),
    stdinIsTerminal: stdin.isTTY === true,
    stdoutIsTerminal: stdout.isTTY === true,
    stderrIsTerminal: stderr.isTTY === true,
    columns: stdout.isTTY === true && stdout.columns > 0 ? stdout.columns : null,
    closed: closing.signal,
    out: text => {
      if (!closing.signal.aborted) {
        stdout.write(terminalText(text));
      }
    },
    err: text => {
      stderr.write(terminalText(text));
    },
    ring: () => {
      if (!closing.signal.aborted) {
        stdout.write('\u0007');
      }
    },
    meanwhile: text => {
      stderr.write(`${ANEW}${terminalText(text)}`);
    },
    ask: async question => {
      const {createInterface} = await import('node:readline/promises');
      const lines = createInterface({input: stdin, output: stdout});
      const ended = new Promise<null>(resolve => {
        lines.once('close', () => resolve(null));
        lines.once('SIGINT', () => lines.close());
      });
      try {
        return await Promise.race([lines.question(terminalText(question)), ended]);
      } finally {
        lines.close();
      }
    },
  };
};
