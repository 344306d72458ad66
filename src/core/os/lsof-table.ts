// Parses lsof's field output (-F) and BSD netstat: who listens, and which directory each process is in. Pure.

import {known, unknown} from '../domain/known.ts';
import type {Listener} from '../domain/listener.ts';

/** Sockets in LISTEN: process, user, descriptor, protocol family, kernel address and name of each. */
export const LSOF_LISTEN_ARGUMENTS = ['-nP', '-iTCP', '-sTCP:LISTEN', '-F', 'pufdtn'] as const;

/** Working directories of one user's processes. */
export const lsofCwdArguments = (uid: number): readonly string[] => [
  '-nP',
  '-a',
  '-d',
  'cwd',
  ...(uid === 0 ? [] : ['-u', String(uid)]),
  '-F',
  'pfn',
];

interface OpenFile {
  readonly pid: number;
  readonly uid: number;
  readonly type: string;
  readonly device: string;
  readonly name: string;
}

/** A process set opens with `p`, a file set with `f`; every other field belongs to the set it stands in (lsof(8), OUTPUT FOR OTHER PROGRAMS). */
const parseFields = (text: string): readonly OpenFile[] => {
  const files: {-readonly [Field in keyof OpenFile]: OpenFile[Field]}[] = [];
  let pid = -1;
  let uid = -1;
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    const file = files.at(-1);
    switch (line.charAt(0)) {
      case 'p':
        pid = Number(value);
        uid = -1;
        break;
      case 'u':
        uid = Number(value);
        break;
      case 'f':
        files.push({pid, uid, type: '', device: '', name: ''});
        break;
      case 't':
        Object.assign(file ?? {}, {type: value});
        break;
      case 'd':
        Object.assign(file ?? {}, {device: value});
        break;
      case 'n':
        Object.assign(file ?? {}, {name: value});
        break;
    }
  }
  return files;
};

/** `*:3000`, `127.0.0.1:3000`, `[::1]:3000`. Null for a name without a numeric port. */
const parseName = (name: string, family: 4 | 6): {readonly address: string; readonly port: number} | null => {
  const match = /^(.*):(\d+)$/.exec(name);
  if (match === null) {
    return null;
  }
  const [, host = '', port] = match;
  const wildcard = family === 4 ? '0.0.0.0' : '::';
  return {address: host === '*' ? wildcard : host.replace(/^\[|\]$/g, ''), port: Number(port)};
};

/** Listeners with every holder; descriptors of one socket share its kernel address. */
export const parseLsofListeners = (text: string): readonly Listener[] => {
  const sockets = new Map<string, {readonly listener: Omit<Listener, 'owners'>; readonly pids: Set<number>}>();
  for (const {pid, uid, type, device, name} of parseFields(text).filter(file => file.pid > 0)) {
    const family = type === 'IPv6' ? 6 : 4;
    const place = parseName(name, family);
    if (place === null) {
      continue;
    }
    const inode = device === '' ? `${pid}/${name}` : device;
    const socket = sockets.get(inode) ?? {listener: {...place, family, inode, uid}, pids: new Set<number>()};
    socket.pids.add(pid);
    sockets.set(inode, socket);
  }
  return [...sockets.values()].map(({listener, pids}) => ({...listener, owners: known([...pids].sort((a, b) => a - b))}));
};

/** Working directory by pid. */
export const parseLsofCwds = (text: string): ReadonlyMap<number, string> =>
  new Map(
    parseFields(text)
      .filter(file => file.pid > 0 && file.name.startsWith('/'))
      .map(file => [file.pid, file.name]),
  );

const NETSTAT_ROW = /^tcp(4|6|46)\s+\d+\s+\d+\s+(\S+)\.(\d+)\s+\S+\s+LISTEN\b/;

/**
 * Sockets in LISTEN that BSD `netstat -an -p tcp` prints and lsof did not: without root, lsof leaves other users' out, and a port that
 * is merely not shown must not look free.
 */
export const parseUnownedListeners = (netstat: string, seen: readonly Listener[]): readonly Listener[] => {
  const taken = new Set(seen.map(({port, address}) => `${address} ${port}`));
  return netstat.split('\n').flatMap(line => {
    const [, version, host = '', port] = NETSTAT_ROW.exec(line) ?? [];
    if (port === undefined) {
      return [];
    }
    const family = version === '4' ? 4 : 6;
    const everywhere = family === 4 ? '0.0.0.0' : '::';
    const address = host === '*' ? everywhere : host;
    return taken.has(`${address} ${port}`)
      ? []
      : {port: Number(port), address, family, inode: `netstat/${address}/${port}`, uid: -1, owners: unknown("another user's process")};
  });
};
