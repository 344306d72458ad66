// Small files, read in one synchronous turn into a buffer that is there already.
import {closeSync, openSync, readSync} from 'node:fs';

/** Whether nothing comes after a read that gave `count` bytes where there was `room` for more. */
export type IsLast = (count: number, room: number) => boolean;

/** Of a file of which nothing is known but that its end gives no bytes. */
const NEVER: IsLast = () => false;

/** Reads a file, at most `maxBytes` of it, into one buffer that grows and is overwritten by the next reading. */
export const createReading = (): ((path: string, maxBytes: number, isLast?: IsLast) => Buffer) => {
  let buffer = Buffer.allocUnsafeSlow(16 * 1024);
  return (path, maxBytes, isLast = NEVER) => {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const room = Math.min(buffer.length, maxBytes) - length;
        const count = readSync(file, buffer, length, room, null);
        length += count;
        if (count === 0 || length >= maxBytes || isLast(count, room)) {
          return buffer.subarray(0, length);
        }
        if (length === buffer.length) {
          const larger = Buffer.allocUnsafeSlow(buffer.length * 2);
          buffer.copy(larger);
          buffer = larger;
        }
      }
    } finally {
      closeSync(file);
    }
  };
};

const readNow = createReading();

/**
 * One whole small file, a character for each byte. Throws what open(2) and read(2) say. readFileSync of Node takes two buffers of 64 KiB
 * for a file whose size is not told, as in /proc: garbage of megabytes before anybody collects it, which the heap never gives back.
 */
export const readTextNow = (path: string): string => readNow(path, Number.POSITIVE_INFINITY).toString('latin1');
