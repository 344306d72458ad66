// How a process is shown in one line, safe for a terminal. Pure.
import type {Process} from './process.ts';

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/** Replace everything that could move a cursor, break a line or reorder text by one space. */
export const oneLine = (text: string): string => text.replace(CONTROL, ' ').trim();

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Where the name of a title ends that a program gave itself (`sshd: user@pts/1`, `nginx: worker process /x`, setproctitle(3)): before
 * the first colon and blank. Null of a path: its slashes part directories.
 */
export const titleEnd = (program: string): number | null => {
  const at = program.indexOf(': ');
  return at > 0 && !program.slice(0, at).includes('/') ? at : null;
};

/** `node vite --port 3000`: directories dropped from the program and its script, options kept; `[comm]` when there is no argv. */
export const commandLine = (process: Pick<Process, 'argv' | 'comm'>, limit = 200): string => {
  const [program, first, ...rest] = process.argv;
  if (program === undefined || program === '') {
    return `[${oneLine(process.comm)}]`;
  }
  const words = [
    titleEnd(program) === null ? baseName(program) : program,
    ...(first === undefined ? [] : [first.startsWith('/') ? baseName(first) : first]),
    ...rest,
  ];
  return oneLine(words.join(' ')).slice(0, limit);
};
