// How a process is shown in one line, safe for a terminal. Pure.
import {baseName} from './paths.ts';
import type {Process} from './process.ts';
import {visible} from './visible.ts';

const BLANKS = /[\t-\r\u2028\u2029]+/g;

/** Text for one line of a terminal: line ends and tabs become one blank, what cannot be seen is written out (visible.ts). */
export const oneLine = (text: string): string => visible(text.replace(BLANKS, ' ').trim());

/**
 * Where the name of a title ends that a program gave itself (`sshd: user@pts/1`, `nginx: worker process /x`, setproctitle(3)): before
 * the first colon and blank. Null of a path: its slashes part directories.
 */
export const titleEnd = (program: string): number | null => {
  const at = program.indexOf(': ');
  return at > 0 && !program.slice(0, at).includes('/') ? at : null;
};

/** The command line as procps joins it, for what is compared and not shown; a name in brackets where there is none. */
export const fullLine = ({argv, comm}: Pick<Process, 'argv' | 'comm'>): string => (argv.length === 0 ? `[${comm}]` : argv.join(' '));

/** `node vite --port 3000`: directories dropped from the program and its script, options kept; `[comm]` when there is no argv. */
export const wholeCommandLine = (process: Pick<Process, 'argv' | 'comm'>): string => {
  const [program, first, ...rest] = process.argv;
  if (program === undefined || program === '') {
    return `[${oneLine(process.comm)}]`;
  }
  const words = [
    titleEnd(program) === null ? baseName(program) : program,
    ...(first === undefined ? [] : [first.startsWith('/') ? baseName(first) : first]),
    ...rest,
  ];
  return oneLine(words.join(' '));
};

/** The same, at most so long: what follows is no part of it, so that a cut is seen, and no character is halved by it. */
export const commandLine = (process: Pick<Process, 'argv' | 'comm'>, limit = 200): string => {
  const line = wholeCommandLine(process);
  return line.length <= limit ? line : `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
};

/** What a program is called: comm, but of Node 24, which calls the first thread of whatever it runs `MainThread`, its own name. */
export const shortName = ({argv: [program], comm}: Pick<Process, 'argv' | 'comm'>): string =>
  program !== undefined && /^(?:node-)?MainThread$/.test(comm) ? oneLine(baseName(program)) : comm;
