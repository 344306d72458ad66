// The real machine behind the Host interface.

import {readFileSync, statSync} from 'node:fs';
import {hostname} from 'node:os';
import {setTimeout as sleep} from 'node:timers/promises';
import {epochNow, monotonicNow} from './clock.ts';
import {realFiles} from './files.ts';
import type {Host} from './host.ts';
import {createLinuxTables, type TableSource} from './linux-tables.ts';
import {readOutputFiles} from './output-files.ts';
import {createChildren} from './own-children.ts';
import type {PortableOptions} from './portable-tables.ts';
import {createPulses, readPulse} from './pulse.ts';
import {runCommand} from './run-command.ts';
import {readConnections} from './socket-clients.ts';
import {probeSocket} from './socket-probe.ts';
import {readUnixServers} from './unix-servers.ts';
import {homeDirectory, workingDirectory} from './whereabouts.ts';

export interface HostOptions {
  /** See `Host.markers`. */
  readonly markers: ReadonlySet<string>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Where the process file system is mounted (default `/proc`). */
  readonly procRoot?: string;
  /** `procfs`, or `ps` as on systems without /proc (default: by platform). */
  readonly tables?: 'procfs' | 'ps';
}

/** A server on a busy machine takes about so long to notice that a client has ended. */
const SETTLE_MS = 20;

const readBootId = (procRoot: string): string | null => {
  try {
    return readFileSync(`${procRoot}/sys/kernel/random/boot_id`, 'utf8').trim();
  } catch {
    return null;
  }
};

const readPidNamespace = (procRoot: string): number | null => {
  try {
    return statSync(`${procRoot}/self/ns/pid`).ino;
  } catch {
    return null;
  }
};

/** Loaded where it is needed only: with /proc there, nobody pays for the programs that stand in for it. */
const lazyPortableTables = (options: PortableOptions): TableSource => {
  let source: Promise<TableSource> | null = null;
  return {
    read: async deadlineMs => {
      source ??= import('./portable-tables.ts').then(({createPortableTables}) => createPortableTables(options));
      return (await source).read(deadlineMs);
    },
    close: async () => {
      await (await source)?.close();
    },
  };
};

/** This machine. `close` ends every program still running on its behalf. */
export const createHost = ({markers, env = process.env, cwd = workingDirectory(), procRoot = '/proc', tables}: HostOptions): Host => {
  const closing = new AbortController();
  const children = createChildren();
  const uid = process.geteuid?.() ?? -1;
  const context = {env, signal: closing.signal, onChild: children.note};
  const run: Host['run'] = (file, args, options) => runCommand(file, args, options, context);
  const kind = tables ?? (process.platform === 'linux' ? 'procfs' : 'ps');
  const source = kind === 'procfs' ? createLinuxTables({procRoot, uid, markers}, children) : lazyPortableTables({run, uid});
  return {
    platform: process.platform,
    hostname: hostname(),
    uid,
    pid: process.pid,
    home: homeDirectory(env),
    cwd,
    env,
    bootId: readBootId(procRoot),
    pidNamespace: readPidNamespace(procRoot),
    markers,
    files: realFiles,
    epochMs: epochNow,
    monotonicMs: monotonicNow,
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, {signal});
    },
    run,
    probeSocket,
    readTables: source.read,
    ...(kind === 'procfs'
      ? {
          pulses: createPulses(
            pid => readPulse(procRoot, pid),
            () => sleep(SETTLE_MS),
          ),
          connections: (servers, everybody) => readConnections(procRoot, servers, everybody),
          unixServers: pids => readUnixServers(procRoot, pids),
          outputFiles: pids => readOutputFiles(procRoot, pids),
        }
      : {}),
    close: async () => {
      closing.abort();
      await source.close();
    },
  };
};
