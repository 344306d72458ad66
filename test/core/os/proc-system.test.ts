import {expect, test} from 'vitest';
import {createProcReader} from '../../../src/core/os/proc-read.ts';
import {hiddenBecause, parseAuxiliaryVector, readKernelUnits} from '../../../src/core/os/proc-system.ts';

const vector = (...words: readonly bigint[]): Buffer => Buffer.from(new BigUint64Array(words).buffer);

test('page size and ticks from the auxiliary vector', () => {
  expect(parseAuxiliaryVector(vector(33n, 0x7fffn, 6n, 16384n, 17n, 250n, 0n, 0n))).toEqual({pageBytes: 16384, ticksPerSecond: 250});
});

test('the usual values where it says nothing', () => {
  expect(parseAuxiliaryVector(Buffer.alloc(0))).toEqual({pageBytes: 4096, ticksPerSecond: 100});
  expect(parseAuxiliaryVector(Buffer.from('odd'))).toEqual({pageBytes: 4096, ticksPerSecond: 100});
});

test('this kernel answers', () => {
  const units = readKernelUnits(createProcReader());
  expect(units.pageBytes % 4096).toBe(0);
  expect(units.ticksPerSecond).toBeGreaterThan(0);
});

const MOUNTS = '/dev/vda / ext4 rw 0 0\nproc /proc proc rw,nosuid,relatime,hidepid=invisible,gid=27 0 0\n';

test('a table without pid 1 is not whole', () => {
  expect(hiddenBecause(MOUNTS, false, 0)).toContain('hidepid=invisible');
  expect(hiddenBecause('', false, 0)).toContain("hides other users' processes");
});

test('neither is one with processes that may not be read', () => {
  expect(hiddenBecause(MOUNTS, true, 3)).toContain('3 processes may not be read');
});

test('the mount option alone hides nothing from whoever sees all', () => {
  expect(hiddenBecause(MOUNTS, true, 0)).toBeNull();
});
