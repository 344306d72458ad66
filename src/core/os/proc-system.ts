// Constants of this kernel and whether /proc shows every process: page size, clock ticks, uptime, hidepid.

import type {ProcReader} from './proc-read.ts';

export interface KernelUnits {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Page size and clock ticks from the auxiliary vector (getauxval(3)): pairs of machine words. 64-bit machines only; others get the usual values. */
export const parseAuxiliaryVector = (bytes: Buffer): KernelUnits => {
  const units = {pageBytes: 4096, ticksPerSecond: 100};
  const words = new BigUint64Array(new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % 16))).buffer);
  for (let index = 0; index < words.length; index += 2) {
    const value = Number(words[index + 1]);
    if (words[index] === AT_PAGESZ && value >= 4096) {
      units.pageBytes = value;
    } else if (words[index] === AT_CLKTCK && value > 0) {
      units.ticksPerSecond = value;
    }
  }
  return units;
};

export const readKernelUnits = (reader: ProcReader): KernelUnits => {
  const vector = reader.bytes('/proc/self/auxv', 4096);
  return parseAuxiliaryVector(vector.ok ? vector.value : Buffer.alloc(0));
};

/** Milliseconds since boot, suspended time included, like the start times of processes. Null when it cannot be read. */
export const readUptimeMs = (procRoot: string, reader: ProcReader): number | null => {
  const text = reader.bytes(`${procRoot}/uptime`, 128);
  const seconds = text.ok ? Number.parseFloat(text.value.toString('latin1')) : Number.NaN;
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
};

/** The pid given last in our pid namespace (the last field of /proc/loadavg); null when it cannot be read. */
export const readPidCounter = (procRoot: string, reader: ProcReader): number | null => {
  const text = reader.bytes(`${procRoot}/loadavg`, 128);
  const last = text.ok ? /(\d+)\s*$/.exec(text.value.toString('latin1'))?.[1] : undefined;
  return last === undefined ? null : Number(last);
};

/**
 * Why /proc may hide processes, from the options it is mounted with (proc(5), hidepid) and from what it lists: in every pid
 * namespace there is a pid 1, so a table without it is not whole. Root, and the mount's gid, see everything: `sees` is false only
 * when a process was found that exists but may not be read.
 */
export const hiddenBecause = (mounts: string, listsInit: boolean, denied: number): string | null => {
  const hidepid = /^\S+ \/proc proc \S*?\bhidepid=(\w+)/m.exec(mounts)?.[1];
  if (!listsInit) {
    return `/proc hides other users' processes${hidepid === undefined ? '' : ` (mounted with hidepid=${hidepid})`}`;
  }
  if (denied > 0) {
    return `${denied} processes may not be read${hidepid === undefined ? '' : ` (/proc is mounted with hidepid=${hidepid})`}`;
  }
  return null;
};
