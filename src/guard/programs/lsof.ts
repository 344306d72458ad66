// lsof: who holds sockets and files, by its selection rules (lsof(8)). Pure.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {SocketUse, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program, Result} from '../call.ts';
import {answer, lines, openFilesOf, pathOf, processesOf, socketsOf, someOf, unclear, wordsOf} from '../results.ts';
import {listOf, uidOf} from './match-processes.ts';

interface Wanted {
  readonly addresses: readonly string[];
  readonly states: readonly string[];
  readonly files: readonly string[];
  readonly users: readonly string[];
  readonly pids: readonly string[];
  readonly commands: readonly string[];
  readonly and: boolean;
  readonly terse: boolean;
  /** Letters of `-F`; null where lines are for people. */
  readonly fields: string | null;
}

/** Options that take the rest of their word, or the next one. */
const TAKES = 'iscupdFgoSTDA';
/** Of which a value may be missing. */
const MAY = 'isFgoST';

/** Whether an option without a value in its own word takes the next one. */
const takesNext = (name: string, next: string | undefined): boolean =>
  next !== undefined &&
  (!MAY.includes(name) || (name === 'i' && /^[46]?(?:tcp|udp)?[@:]/i.test(next)) || (name === 's' && /^(?:tcp|udp):/i.test(next)));

const parse = (words: readonly string[]): Wanted => {
  const found = new Map<string, string[]>();
  const files: string[] = [];
  let at = -1;
  const next = (): string | undefined => {
    at += 1;
    return words[at];
  };
  const add = (name: string, value: string): void => {
    found.set(name, [...(found.get(name) ?? []), value]);
  };
  for (let word = next(); word !== undefined; word = next()) {
    if (/^\+[dD]/.test(word)) {
      const path = word.length > 2 ? word.slice(2) : (next() ?? '');
      files.push(word.startsWith('+D') ? `${path}/**` : `${path}/*`);
    } else if (/^[-+]./.test(word) && word !== '--') {
      const taking = [...word.slice(1)].findIndex(letter => TAKES.includes(letter));
      for (const letter of word.slice(1, taking < 0 ? undefined : taking + 1)) {
        add(letter, '');
      }
      const name = word.charAt(taking + 1);
      const attached = word.slice(taking + 2);
      if (taking >= 0) {
        add(name, attached === '' && takesNext(name, words[at + 1]) ? (next() ?? '') : attached);
      }
    } else if (word !== '--') {
      files.push(word);
    }
  }
  const all = (name: string): readonly string[] => found.get(name) ?? [];
  return {
    addresses: all('i'),
    states: all('s'),
    files,
    users: listOf(all('u')),
    pids: listOf(all('p')),
    commands: all('c'),
    and: found.has('a'),
    terse: found.has('t'),
    fields: found.get('F')?.[0] ?? null,
  };
};

interface Ports {
  readonly first: number;
  readonly last: number;
}

interface Address {
  readonly family: string;
  readonly protocol: string;
  readonly ports: readonly Ports[];
}

const NAMED_PORTS: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
  ['http-alt', 8080],
  ['postgresql', 5432],
  ['mysql', 3306],
  ['redis', 6379],
  ['ssh', 22],
]);

/** `[46][protocol][@host][:ports]`; null where it is not understood. The host is not compared: that selects more, never less. */
const parseAddress = (text: string): Address | null => {
  const match = /^([46]?)(tcp|udp|)(?:@[^:]*|@\[[^\]]*\])?(?::(.*))?$/i.exec(text);
  if (match === null) {
    return null;
  }
  const ports = (match[3] ?? '').split(',').filter(part => part !== '');
  const ranges = ports.map((part): Ports => {
    const [first = '', last = first] = part.split('-');
    return {first: NAMED_PORTS.get(first) ?? Number(first), last: NAMED_PORTS.get(last) ?? Number(last)};
  });
  return ranges.some(({first, last}) => Number.isNaN(first + last))
    ? null
    : {family: match[1] ?? '', protocol: (match[2] ?? '').toLowerCase(), ports: ranges};
};

const isIn = (port: number, {first, last}: Ports): boolean => port >= first && port <= last;

/** Local or remote: clients of a server are selected with it. */
const isMeant = (socket: SocketUse, {family, protocol, ports}: Address): boolean =>
  (family === '' || Number(family) === socket.family) &&
  (protocol === '' || protocol === socket.protocol) &&
  (ports.length === 0 || ports.some(range => isIn(socket.localPort, range) || isIn(socket.remotePort, range)));

const stateFilter = (states: readonly string[]): ((socket: SocketUse) => boolean) => {
  const wanted = states.flatMap(state => state.split(',')).map(state => state.replace(/^(?:tcp|udp):/i, '').toUpperCase());
  const without = wanted.filter(state => state.startsWith('^'));
  const only = wanted.filter(state => !state.startsWith('^'));
  const isWanted = (listening: boolean): boolean => only.length === 0 || only.some(state => (state === 'LISTEN') === listening);
  return ({listening}) => isWanted(listening) && !(listening && without.includes('^LISTEN'));
};

const onlyPort = (addresses: readonly Address[]): number | null => {
  const [address, ...more] = addresses;
  const [range, ...others] = address?.ports ?? [];
  return more.length === 0 && others.length === 0 && range !== undefined && range.first === range.last ? range.first : null;
};

const socketsMeant = (call: Call, {addresses, states}: Wanted): Known<readonly SocketUse[]> => {
  const parsed = addresses.map(parseAddress);
  const understood = parsed.flatMap(each => (each === null ? [] : [each]));
  if (understood.length < parsed.length) {
    return unknown('an address of lsof is not understood');
  }
  const sockets = socketsOf(call, onlyPort(understood));
  const isInState = stateFilter(states);
  return sockets.known
    ? known(sockets.value.filter(socket => isInState(socket) && understood.some(address => isMeant(socket, address))))
    : sockets;
};

const byProcess = (wanted: Wanted, call: Call): readonly ((process: TerminalProcess) => boolean)[] => [
  ...(wanted.users.length > 0 ? [({uid}: TerminalProcess) => wanted.users.some(name => uidOf(name, call.caller) === uid)] : []),
  ...(wanted.pids.length > 0 ? [({pid}: TerminalProcess) => wanted.pids.includes(String(pid))] : []),
  ...(wanted.commands.length > 0 ? [({comm}: TerminalProcess) => wanted.commands.some(name => comm.startsWith(name))] : []),
];

/** Pids of every selection, or why one cannot be told. */
const selections = (call: Call, wanted: Wanted, sockets: Known<readonly SocketUse[]>): Known<readonly ReadonlySet<number>[]> => {
  const sets: ReadonlySet<number>[] = [];
  if (wanted.addresses.length > 0) {
    if (!sockets.known) {
      return sockets;
    }
    sets.push(new Set(sockets.value.flatMap(({pids}) => pids)));
  }
  if (wanted.files.length > 0) {
    const holders: number[] = [];
    for (const file of wanted.files) {
      const path = pathOf(call.scope, file);
      const open = path.known ? openFilesOf(call, path.value) : path;
      if (!open.known) {
        return open;
      }
      holders.push(...open.value);
    }
    sets.push(new Set(holders));
  }
  const filters = byProcess(wanted, call);
  if (filters.length > 0) {
    const table = processesOf(call);
    if (!table.known) {
      return table;
    }
    sets.push(...filters.map(filter => new Set([...table.value.values()].filter(filter).map(({pid}) => pid))));
  }
  return known(sets);
};

const HEADER = 'COMMAND     PID   USER   FD   TYPE DEVICE SIZE/OFF NODE NAME';

const longRows = (call: Call, pids: ReadonlySet<number>, sockets: readonly SocketUse[]): Result => {
  const holders = someOf(call, [...pids]);
  if (!holders.known) {
    return unclear(holders.because);
  }
  const names = new Map(holders.value.map(({pid, comm}) => [pid, comm]));
  const rows = sockets.flatMap(socket =>
    socket.pids
      .filter(pid => pids.has(pid))
      .map(pid => {
        const peer = socket.remotePort === 0 ? '' : `->localhost:${socket.remotePort}`;
        const state = socket.listening ? '(LISTEN)' : '(ESTABLISHED)';
        const host = /^(?:0\.0\.0\.0|::)$/.test(socket.localAddress) ? '*' : socket.localAddress;
        return `${names.get(pid) ?? '?'} ${pid} ${call.caller.user} 20u IPv${socket.family} ${socket.inode} 0t0 ${socket.protocol.toUpperCase()} ${host}:${socket.localPort}${peer} ${state}`;
      }),
  );
  return rows.length === 0 ? answer('', 1) : lines([HEADER, ...rows], 0);
};

export const lsof: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const wanted = parse(words.value);
  const sockets = wanted.addresses.length > 0 ? socketsMeant(call, wanted) : known([]);
  const sets = selections(call, wanted, sockets);
  if (!sets.known) {
    return unclear(sets.because);
  }
  const [first = new Set<number>(), ...rest] = sets.value;
  const pids = wanted.and ? [...first].filter(pid => rest.every(set => set.has(pid))) : [...new Set(sets.value.flatMap(set => [...set]))];
  if (wanted.fields !== null && !wanted.terse) {
    const isPlain = /^[pf]+0?$/.test(wanted.fields);
    return isPlain ? lines(pids.flatMap(pid => [`p${pid}`, 'f20'])) : unclear('what lsof prints of fields is not followed');
  }
  if (!wanted.terse) {
    return sockets.known && wanted.addresses.length > 0
      ? longRows(call, new Set(pids), sockets.value)
      : unclear('what lsof prints of files is not followed');
  }
  return lines(
    pids.toSorted((a, b) => a - b),
    pids.length === 0 ? 1 : 0,
  );
};
