// What must not be seen of any run, whatever the files said.
import type {Command, Ran} from './commands.ts';

export const FAULTS = [
  'stack traces',
  'odd exit codes',
  'hangs',
  'control characters',
  'broken documents',
  'long errors',
  'forbidden actions',
] as const;

export type FaultSort = (typeof FAULTS)[number];

export interface Fault {
  readonly sort: FaultSort;
  readonly because: string;
}

const STACK = /\n\s+at \S.*[:(].*:\d+:\d+\)?|a fault of rigtop itself|it broke: |^FATAL ERROR|UnhandledPromise|Warning: /m;
/** What no line of ours holds: controls, C1, bidi, zero width, tags; and marks in heaps. */
export const ACTS_ON_TERMINAL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\u{e0000}-\u{e007f}]|\p{M}{6}/u;
const MOST_ERROR_LINES = 22;

const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 60), at + 160));

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export const judgeRun = ({args, stopAfterMs}: Command, {code, signal, stdout, stderr, ended}: Ran): readonly Fault[] => {
  const faults: Fault[] = [];
  const fault = (sort: FaultSort, because: string): void => void faults.push({sort, because});
  if (ended !== null) {
    return [{sort: 'hangs', because: ended}];
  }
  const text = `${stdout}\n${stderr}`;
  const stack = STACK.exec(text);
  if (stack !== null) {
    fault('stack traces', around(text, stack.index));
  }
  if (!(code !== null && code >= 0 && code <= 4) && !(stopAfterMs !== null && signal === 'SIGTERM')) {
    fault('odd exit codes', `exit ${code}, signal ${signal}`);
  }
  const control = ACTS_ON_TERMINAL.exec(text);
  if (control !== null) {
    fault('control characters', around(text, control.index));
  }
  const isDocument = args.includes('--json') || args[0] === 'snapshot';
  const isLines = args[0] === 'journal' || stopAfterMs !== null;
  const parts = isLines ? stdout.split('\n').slice(0, -1) : [stdout].filter(text => text !== '');
  const documents = isDocument ? parts : [];
  const broken = documents.find(document => !parses(document));
  if (broken !== undefined) {
    fault('broken documents', JSON.stringify(broken.slice(0, 120)));
  }
  const lines = stderr.split('\n').length - 1;
  if (stopAfterMs === null && lines > MOST_ERROR_LINES) {
    fault('long errors', `${lines} lines, the first ${JSON.stringify(stderr.slice(0, 120))}`);
  }
  return faults;
};
