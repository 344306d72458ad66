// Standard input and output without Node's streams: loading them takes as long as all the rest of a program that is asked before every command.
import {read, writeSync} from 'node:fs';
import {parseRecord} from '../domain/json-fields.ts';

const MOST_INPUT = 4 * 1024 * 1024;
const PART = 64 * 1024;
/** Between two tries to read what somebody has made non-blocking, milliseconds. */
const TRY_AGAIN_MS = 2;

export interface RecordText {
  readonly text: string;
  /** A read waits yet: Node would not exit before it has ended. */
  readonly isReading: boolean;
}

/** A whole record: some programs keep the pipe open behind it. */
const isWhole = (text: string): boolean => /\}\s*$/.test(text) && parseRecord(text) !== null;

/** Gathers what comes; answers whether that is enough. */
const createGathering = () => {
  const parts: Buffer[] = [];
  let length = 0;
  let text = '';
  return {
    text: (): string => text,
    take: (part: Buffer): boolean => {
      parts.push(part);
      length += part.length;
      text = Buffer.concat(parts).toString('utf8');
      return length > MOST_INPUT || isWhole(text);
    },
  };
};

type Gathering = ReturnType<typeof createGathering>;

/** A read that waits for more would keep a Node from ending that cannot become another program (before 22.15): there Node’s streams do it. */
const readStream = ({take}: Gathering, finish: () => void): void => {
  process.stdin
    .on('data', (part: Buffer) => {
      if (take(part)) {
        finish();
      }
    })
    .on('end', finish)
    .on('error', finish);
};

const readDescriptor = ({take}: Gathering, finish: () => void): void => {
  const part = Buffer.allocUnsafe(PART);
  const next = (): void => {
    read(0, part, 0, PART, null, (error, bytes) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(next, TRY_AGAIN_MS);
      } else if (error !== null || bytes === 0 || take(Buffer.from(part.subarray(0, bytes)))) {
        finish();
      } else {
        next();
      }
    });
  };
  next();
};

/** Standard input to its end, or to the end of the record on it; what came within `withinMs` milliseconds counts. */
export const readRecordText = (withinMs: number): Promise<RecordText> =>
  new Promise(resolve => {
    const gathering = createGathering();
    const waits = process.execve !== undefined;
    const timer = setTimeout(() => resolve({text: gathering.text(), isReading: waits}), withinMs);
    const finish = (): void => {
      clearTimeout(timer);
      resolve({text: gathering.text(), isReading: false});
    };
    (waits ? readDescriptor : readStream)(gathering, finish);
  });

/** Writes all of an answer. Answers whether it could: a disk may be full, or nobody reads any more. */
export const writeText = async (text: string): Promise<boolean> => {
  let left = Buffer.from(text, 'utf8');
  try {
    while (left.length > 0) {
      left = left.subarray(writeSync(1, left));
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
      return false;
    }
    return new Promise(resolve => process.stdout.write(left, failure => resolve(failure == null)));
  }
};

/** Ends the process. A read that still waits would keep it: then another program takes its place. */
export const leave = (code: number, isReading: boolean): never => {
  if (isReading) {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], process.env);
  }
  process.exit(code);
};
