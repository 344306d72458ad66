// The dear facts of one process (arguments, owner, environment, directory): when they must be read again, and when the old ones stand.

import {type Known, known, NOT_ASKED, unknown} from '../domain/known.ts';
import {hasEnded, type Process} from '../domain/process.ts';
import {isOurDirectory, type ProcReader, readCwd} from './proc-read.ts';
import {type ProcStat, parseArgv, parseMarkers} from './proc-stat.ts';

type Standing = Pick<Process, 'cwd' | 'cwdDeleted' | 'cwdRemade' | 'cwdApart' | 'inside'>;
export type Details = Pick<Process, 'argv' | 'uid' | 'env'> & Standing;

const ARGV_BYTES = 64 * 1024;
const ENVIRON_BYTES = 1024 * 1024;
const STATUS_BYTES = 8 * 1024;

const OTHERS = unknown("another user's process");
const DEFUNCT = unknown('it has ended and waits for its parent');
const NOBODY: Details = {argv: [], uid: 0, cwd: NOT_ASKED, cwdDeleted: false, env: NOT_ASKED};

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, index) => word === b[index]);

const sameMarkers = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
};

/** The old fact where the new one says the same, so that records can be compared by reference. */
const keep = <T>(old: Known<T> | undefined, now: Known<T>, same: (a: T, b: T) => boolean): Known<T> => {
  if (old === undefined) {
    return now;
  }
  const equal = old.known && now.known ? same(old.value, now.value) : !old.known && !now.known && old.because === now.because;
  return equal ? old : now;
};

const standingOf = ({cwd, cwdDeleted, cwdRemade, cwdApart, inside}: Process): Standing => ({
  cwd,
  cwdDeleted,
  ...(cwdRemade === undefined ? {} : {cwdRemade}),
  ...(cwdApart === undefined ? {} : {cwdApart}),
  ...(inside === undefined ? {} : {inside}),
});

export interface Occasion {
  /** The process runs another program than at the last look, or is new. */
  readonly reborn: boolean;
  /** It ran since the last look, as far as its stat line shows. */
  readonly ran: boolean;
  /** Its turn to have everything checked: titles are overwritten and directories changed without a trace in the stat line. */
  readonly due: boolean;
}

export interface DetailsOptions {
  readonly procRoot: string;
  readonly uid: number;
  /** Names of the environment variables that are kept. */
  readonly markers: ReadonlySet<string>;
  readonly reader: ProcReader;
}

/** Which processes live in another mount namespace: what they call a directory need not be ours. */
const createMountWatch = (procRoot: string, reader: ProcReader) => {
  const namespaceOf = (kind: 'mnt' | 'pid', pid: number | 'self'): string | null => {
    const link = reader.link(`${procRoot}/${pid}/ns/${kind}`);
    return link.ok ? link.value : null;
  };
  const ours = namespaceOf('mnt', 'self');
  const ourPids = namespaceOf('pid', 'self');
  /** The processes that live in another mount namespace, by pid. One is entered or left by `exec` or not at all. */
  const apart = new Map<number, {readonly startTime: number; readonly inside: string | null}>();

  /** Its pid in its own namespace is the last of those that proc_pid_status(5) lists. */
  const insideOf = (pid: number): string | null => {
    const namespace = /\d+/.exec(namespaceOf('pid', pid) ?? '')?.[0];
    const status = reader.bytes(`${procRoot}/${pid}/status`, STATUS_BYTES);
    const there = status.ok ? /^NSpid:.*\s(\d+)$/m.exec(status.value.toString('latin1'))?.[1] : undefined;
    return namespace === undefined || there === undefined ? null : `${namespace}:${there}`;
  };

  /** One link of each new program. Where it cannot be read nothing is told, and the directory stands as it is printed. */
  const noteMounts = ({pid, startTime}: ProcStat): void => {
    const mounts = ours === null ? null : namespaceOf('mnt', pid);
    if (mounts === null || mounts === ours) {
      apart.delete(pid);
    } else {
      const isBelow = ourPids !== null && namespaceOf('pid', pid) !== ourPids;
      apart.set(pid, {startTime, inside: isBelow ? insideOf(pid) : null});
    }
  };

  return {
    apart,
    note: noteMounts,
    /** Of what has ended the kernel tells no mount namespace any more, but the one of its pid. */
    insideOfEnded: (pid: number): string | null => {
      const pids = ourPids === null ? null : namespaceOf('pid', pid);
      return pids === null || pids === ourPids ? null : insideOf(pid);
    },
  };
};

const createArgvReader = (procRoot: string, reader: ProcReader) => {
  /** Arguments by their bytes, of this pass alone: many run the same, and what is said of a program is worked out once for each list. */
  const shared = new Map<string, readonly string[]>();
  return {
    /** Those of who cannot be read for a moment, as where no descriptor is left, are as they were; null where they may be others by now. */
    read: (pid: number, old: readonly string[] | undefined, reborn: boolean): readonly string[] | null => {
      const area = reader.filled(`${procRoot}/${pid}/cmdline`, ARGV_BYTES);
      if (!area.ok && !area.gone) {
        return old === undefined || reborn ? null : old;
      }
      if (!area.ok) {
        return old?.length === 0 ? old : [];
      }
      const bytes = area.value.toString('latin1');
      const argv = shared.get(bytes) ?? parseArgv(area.value);
      shared.set(bytes, argv);
      return old !== undefined && sameWords(old, argv) ? old : argv;
    },
    rest: (): void => shared.clear(),
  };
};

/** Reads the details of processes under `procRoot` on behalf of `uid` (root sees into everybody's). */
export const createDetailsReader = ({procRoot, uid, markers, reader}: DetailsOptions) => {
  const argvs = createArgvReader(procRoot, reader);

  const readEnv = (pid: number, old: Process['env'] | undefined): Process['env'] => {
    const environ = reader.filled(`${procRoot}/${pid}/environ`, ENVIRON_BYTES);
    return keep(old, environ.ok ? known(parseMarkers(environ.value, markers)) : unknown(environ.because), sameMarkers);
  };

  const mounts = createMountWatch(procRoot, reader);

  const readDirectory = ({pid, startTime}: ProcStat, old: Process['cwd'] | undefined): Standing => {
    const path = `${procRoot}/${pid}/cwd`;
    const cwd = readCwd(path, reader);
    const there = mounts.apart.get(pid);
    const inside = there?.startTime === startTime && there.inside !== null ? {inside: there.inside} : {};
    if (!cwd.ok) {
      return {cwd: keep(old, unknown(cwd.because), () => false), cwdDeleted: false, ...inside};
    }
    const {directory, deleted, remade} = cwd.value;
    if (there?.startTime === startTime && !isOurDirectory(path, cwd.value)) {
      const because = `it runs in another mount namespace (a container), and what it calls ${directory} is not ours`;
      return {cwd: keep(old, unknown(because), () => false), cwdDeleted: false, cwdApart: directory, ...inside};
    }
    const standing = {cwd: keep(old, known(directory), (a, b) => a === b), cwdDeleted: deleted, ...inside};
    return remade === null ? standing : {...standing, cwdRemade: remade};
  };

  /** Null where it is our user’s and what it runs cannot be read: taken for another program, an agent would be missed. */
  const read = (stat: ProcStat, old: Process | undefined, {reborn, ran, due}: Occasion): Details | null => {
    const {pid} = stat;
    if (stat.kernelThread) {
      return NOBODY;
    }
    const owner = old === undefined || reborn || ran || due ? reader.owner(`${procRoot}/${pid}`) : null;
    const owned = owner?.ok ? owner.value : (old?.uid ?? -1);
    if (hasEnded(stat)) {
      const inside = old === undefined || reborn ? mounts.insideOfEnded(pid) : old.inside;
      const standing = {cwd: DEFUNCT, cwdDeleted: false, ...(inside == null ? {} : {inside})};
      return {argv: old?.argv.length === 0 ? old.argv : [], uid: owned, env: DEFUNCT, ...standing};
    }
    const argv = old === undefined || reborn || due ? argvs.read(pid, old?.argv, reborn) : old.argv;
    if (uid !== 0 && owned !== uid) {
      return {argv: argv ?? [], uid: owned, cwd: OTHERS, cwdDeleted: false, env: OTHERS};
    }
    if (argv === null) {
      return null;
    }
    const env = old === undefined || reborn || owned !== old.uid || (due && !old.env.known) ? readEnv(pid, old?.env) : old.env;
    // A shell at a terminal changes directory with hardly a trace, and people look at it: read at every look.
    if (old === undefined || reborn) {
      mounts.note(stat);
    }
    const directory = old === undefined || reborn || ran || due || stat.tty !== null ? readDirectory(stat, old?.cwd) : standingOf(old);
    return {argv, uid: owned, env, ...directory};
  };

  /** Whether a process whose stat line has not changed is as it was told, as far as each look reads it: one link, and none without a terminal. */
  const stands = ({pid, tty, cwd, cwdDeleted}: Process): boolean => {
    if (tty === null) {
      return true;
    }
    const link = cwd.known && !cwdDeleted && !mounts.apart.has(pid) ? reader.link(`${procRoot}/${pid}/cwd`) : null;
    return link?.ok === true && cwd.known && link.value === cwd.value;
  };

  return {
    read,
    stands,
    /** A pass is over. */
    rest: argvs.rest,
  };
};
