// Which tmux sockets to look at: this user's socket directory, the server rigtop sits in, or only those that were asked for.

import {basename, isAbsolute, join, resolve} from 'node:path';
import {parseTmux} from '../../../core/domain/pane-mark.ts';
import type {Settings} from '../../../core/domain/settings.ts';
import {canonicalSocket} from '../../../core/look/canonical-socket.ts';
import {parseUnixListeners} from '../../../core/look/unix-listeners.ts';
import type {FileRead, Host} from '../../../core/os/host.ts';
import {distrustDirectory} from './tmux-door.ts';

export interface SocketSearch {
  readonly directory: string;
  /** Paths, each once. The file behind one need not exist. */
  readonly sockets: readonly string[];
  /** Names really in the directory, by path; null when it was not listed. */
  readonly present: ReadonlySet<string> | null;
  /** Why the directory could not be listed; null when it was, or when there is none. */
  readonly blind: string | null;
  /** How many listen on each path that somebody listens on; null where the system does not tell. */
  readonly listening: ReadonlyMap<string, number> | null;
}

/** tmux resolves TMUX_TMPDIR and falls back to /tmp when that cannot be done (expand_paths in tmux.c). */
export const socketDirectory = async (host: Host): Promise<string> => {
  for (const base of [host.env.TMUX_TMPDIR, '/tmp']) {
    const real = base ? await host.files.realPath(base) : null;
    if (real?.state === 'ok') {
      return join(real.value, `tmux-${host.uid}`);
    }
  }
  return join('/tmp', `tmux-${host.uid}`);
};

const readListening = async (host: Host): Promise<ReadonlyMap<string, number> | null> => {
  const text = host.platform === 'linux' ? await host.files.readText('/proc/net/unix', 64 * 1024 * 1024) : null;
  return text?.state === 'ok' ? parseUnixListeners(text.value) : null;
};

export const findSockets = async (host: Host, settings: Settings): Promise<SocketSearch> => {
  const [directory, listening] = await Promise.all([socketDirectory(host), readListening(host)]);
  if (settings.sockets !== null) {
    const asked = settings.sockets.map(socket => (socket.includes('/') ? resolve(host.cwd, socket) : join(directory, socket)));
    const sockets = new Set(await Promise.all(asked.map(path => canonicalSocket(host, path))));
    return {directory, sockets: [...sockets], present: null, blind: null, listening};
  }
  // Whose the directory is comes first: in one that others can write in, every name is theirs, and no socket in it is touched.
  const closed = await distrustDirectory(host, directory);
  const listed: FileRead<readonly string[]> =
    closed === null ? await host.files.list(directory) : {state: 'unknown', because: `they are not yours alone: ${closed}`};
  const present = new Set(listed.state === 'ok' ? listed.value.map(name => join(directory, name)) : []);
  const own = parseTmux(host.env.TMUX)?.socket ?? null;
  // A server whose socket file was removed still listens: nobody can reach it, but it and its sessions live.
  const unreachable = [...(closed === null ? (listening?.keys() ?? []) : [])].filter(
    path => path.startsWith(`${directory}/`) && !present.has(path),
  );
  const sockets = new Set([...present, ...unreachable]);
  if (own !== null && isAbsolute(own)) {
    sockets.add(await canonicalSocket(host, own));
  }
  return {
    directory,
    sockets: [...sockets],
    present: listed.state === 'unknown' ? null : present,
    blind: listed.state === 'unknown' ? listed.because : null,
    listening,
  };
};

/**
 * Short names: the socket's base name, or the whole path where two sockets share one. What lies `elsewhere` comes and goes by no doing of
 * the others, so it takes the whole path and leaves them their names.
 */
export const nameSockets = (sockets: readonly string[], elsewhere: ReadonlySet<string>): ReadonlyMap<string, string> => {
  const counts = new Map<string, number>();
  const isOnly = (socket: string): boolean => counts.get(basename(socket)) === 1;
  const count = (socket: string): void => {
    counts.set(basename(socket), (counts.get(basename(socket)) ?? 0) + 1);
  };
  const usual = sockets.filter(socket => !elsewhere.has(socket));
  usual.forEach(count);
  const names = new Map(usual.map(socket => [socket, isOnly(socket) ? basename(socket) : socket]));
  const others = sockets.filter(socket => elsewhere.has(socket));
  others.forEach(count);
  return new Map([...names, ...others.map(socket => [socket, isOnly(socket) ? basename(socket) : socket] as const)]);
};
