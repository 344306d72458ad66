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

/** Standard input to its end, or to the end of the record on it; what came within `withinMs` milliseconds counts. */
export const readRecordText = (withinMs: number): Promise<RecordText> =>
  new Promise(resolve => {
    const parts: Buffer[] = [];
    let length = 0;
    let text = '';
    const timer = setTimeout(() => resolve({text, isReading: true}), withinMs);
    const finish = (): void => {
      clearTimeout(timer);
      resolve({text, isReading: false});
    };
    const part = Buffer.allocUnsafe(PART);
    const next = (): void => {
      read(0, part, 0, PART, null, (error, bytes) => {
        if (error?.code === 'EAGAIN') {
          setTimeout(next, TRY_AGAIN_MS);
          return;
        }
        if (error !== null || bytes === 0) {
          finish();
          return;
        }
        parts.push(Buffer.from(part.subarray(0, bytes)));
        length += bytes;
        text = Buffer.concat(parts).toString('utf8');
        if (length > MOST_INPUT || isWhole(text)) {
          finish();
        } else {
          next();
        }
      });
    };
    next();
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

/** Ends the process. A read that still waits would keep it: then another program takes its place, or it ends itself where Node cannot do that. */
export const leave = (code: number, isReading: boolean): never => {
  if (isReading) {
    process.execve?.('/bin/sh', ['sh', '-c', `exit ${code}`], process.env);
    process.kill(process.pid, 'SIGKILL');
  }
  process.exit(code);
};
