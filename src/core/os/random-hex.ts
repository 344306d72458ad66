// Names that nobody can guess, and nobody else has.
import {randomBytes} from 'node:crypto';
import {closeSync, openSync, readSync} from 'node:fs';

/** The kernel's own lots (random(4)), read by ourselves: Node's cryptography takes 6 ms to load and 3 MiB as long as the program runs. */
const fromKernel = (bytes: number): Buffer | null => {
  try {
    const file = openSync('/dev/urandom', 'r');
    try {
      const drawn = Buffer.alloc(bytes);
      return readSync(file, drawn, 0, bytes, null) === bytes ? drawn : null;
    } finally {
      closeSync(file);
    }
  } catch {
    return null;
  }
};

/** So many bytes that cannot be foretold, two digits each. */
export const randomHex = (bytes: number): string => (fromKernel(bytes) ?? randomBytes(bytes)).toString('hex');
