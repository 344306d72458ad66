// Which of some processes listen on a unix socket: the kernel's table joined with their descriptors. Asked of few.
import type {UnixServer} from '../domain/listener.ts';
import {createProcReader} from './proc-read.ts';

const TABLE_BYTES = 32 * 1024 * 1024;
/** __SO_ACCEPTCON (include/uapi/linux/net.h): the socket is listening. */
const ACCEPTS = 0x10000;
const ROW = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ [0-9A-F]+ +(\d+) (\S.*)$/;
const SOCKET = /^socket:\[(\d+)\]$/;

/** Paths of listening sockets by inode, from /proc/net/unix. Pure. */
export const parseListening = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap(line => {
      const [, flags = '', inode = '', path = ''] = ROW.exec(line) ?? [];
      return path !== '' && (Number.parseInt(flags, 16) & ACCEPTS) !== 0 ? [[inode, path] as const] : [];
    }),
  );

/** Those of `pids` that listen on a unix socket, each with one of its paths. */
export const readUnixServers = (procRoot: string, pids: readonly number[]): readonly UnixServer[] => {
  const reader = createProcReader();
  const table = reader.bytes(`${procRoot}/net/unix`, TABLE_BYTES);
  const listening = table.ok ? parseListening(table.value.toString('latin1')) : new Map<string, string>();
  return pids.flatMap(pid => {
    const names = reader.names(`${procRoot}/${pid}/fd`);
    for (const name of listening.size > 0 && names.ok ? names.value : []) {
      const link = reader.link(`${procRoot}/${pid}/fd/${name}`);
      const path = link.ok ? listening.get(SOCKET.exec(link.value)?.[1] ?? '') : undefined;
      if (path !== undefined) {
        return [{pid, path}];
      }
    }
    return [];
  });
};
