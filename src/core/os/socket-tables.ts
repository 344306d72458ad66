// Parses the kernel's tables of connected sockets (/proc/net/tcp, tcp6, unix) and ss(8)'s list of unix peers. Pure.

/** One end of a TCP connection: `local` and `remote` as the kernel prints them (address:port, hexadecimal). */
interface End {
  readonly local: string;
  readonly remote: string;
}

export interface Connected {
  readonly byInode: ReadonlyMap<string, End>;
  /** Inodes by `local remote`. */
  readonly byEnds: ReadonlyMap<string, string>;
  /** Ports in LISTEN, hexadecimal. */
  readonly listening: ReadonlySet<string>;
}

const TCP_ROW = /^\s*\d+: ([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+)/;
const ESTABLISHED = '01';
const LISTEN = '0A';

/** `::ffff:127.0.0.1` is 127.0.0.1: a server that listens on `::` has its IPv4 clients so. Both spellings of the words' byte order. */
const plainAddress = (place: string): string => place.replace(/^0{16}(?:0000FFFF|FFFF0000)/, '');

const portOf = (place: string): string => place.slice(place.indexOf(':') + 1);

/** Connections and listening ports of both tables together. */
export const parseConnected = (text: string): Connected => {
  const byInode = new Map<string, End>();
  const byEnds = new Map<string, string>();
  const listening = new Set<string>();
  for (const line of text.split('\n')) {
    const [, from = '', to = '', state, inode = ''] = TCP_ROW.exec(line) ?? [];
    if (state === LISTEN) {
      listening.add(portOf(from));
    } else if (state === ESTABLISHED) {
      const end = {local: plainAddress(from), remote: plainAddress(to)};
      byInode.set(inode, end);
      byEnds.set(`${end.local} ${end.remote}`, inode);
    }
  }
  return {byInode, byEnds, listening};
};

/** The client's end of a connection whose server's end is `inode`; null where that is no server's end, or its client is not on this machine. */
export const matchTcp = (
  {byInode, byEnds, listening}: Connected,
  inode: string,
): {readonly inode: string; readonly port: number} | null => {
  const end = byInode.get(inode);
  const other = end === undefined ? undefined : byEnds.get(`${end.remote} ${end.local}`);
  return end === undefined || other === undefined || !listening.has(portOf(end.local))
    ? null
    : {inode: other, port: Number.parseInt(portOf(end.local), 16)};
};

/** __SO_ACCEPTCON and SS_CONNECTED (include/uapi/linux/net.h). */
const ACCEPTS = 0x10000;
const CONNECTED = '03';
const UNIX_ROW = /^[0-9a-f]+: [0-9A-F]+ [0-9A-F]+ ([0-9A-F]+) [0-9A-F]+ ([0-9A-F]+) +(\d+) (\S.*)$/;

/** Server's ends of unix connections by inode: an accepted socket bears the path that its listener was bound to (unix(7)). */
export const parseUnixServed = (text: string): ReadonlyMap<string, string> => {
  const rows = text.split('\n').flatMap(line => {
    const [, flags = '', state = '', inode = '', path = ''] = UNIX_ROW.exec(line) ?? [];
    return path === '' ? [] : [{listens: (Number.parseInt(flags, 16) & ACCEPTS) !== 0, state, inode, path}];
  });
  const listened = new Set(rows.filter(({listens}) => listens).map(({path}) => path));
  return new Map(rows.flatMap(row => (!row.listens && row.state === CONNECTED && listened.has(row.path) ? [[row.inode, row.path]] : [])));
};

/** `u_str ESTAB 0 0 /run/x.sock 101 * 102`: inode and the inode of its peer. */
const PEERS = /^u_\w+ +ESTAB +\d+ +\d+ .* (\d+) +\S* *(\d+)\s*$/;

export const parsePeers = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap(line => {
      const [, own, peer] = PEERS.exec(line) ?? [];
      return own === undefined || peer === undefined || peer === '0' ? [] : [[own, peer] as const];
    }),
  );

export const matchUnix = (peers: ReadonlyMap<string, string>, inode: string): {readonly inode: string; readonly port: null} | null => {
  const peer = peers.get(inode);
  return peer === undefined ? null : {inode: peer, port: null};
};
