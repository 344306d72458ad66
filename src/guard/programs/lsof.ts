// lsof: who holds sockets and files, by its selection rules (lsof(8)). Pure.
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {SocketUse, TerminalProcess} from '../../core/domain/socket-use.ts';
import type {Call, Program, Result} from '../call.ts';
import {answer, lines, openFilesOf, pathOf, processesOf, socketsOf, someOf, unclear, wordsOf} from '../results.ts';
import {UNTOLD} from './filter-input.ts';
import {parseLsof, type Wanted} from './lsof-options.ts';
import {uidOf} from './match-processes.ts';
import {posixPattern} from './posix-pattern.ts';

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

type Test = (process: TerminalProcess) => boolean;

/** The beginning of a name, or `/PATTERN/`. */
const commandTest = (name: string): Test => {
  const [, pattern, flags = ''] = /^\/(.*)\/([bix]*)$/.exec(name) ?? [];
  const regex =
    pattern === undefined
      ? null
      : posixPattern(pattern, {dialect: flags.includes('b') ? 'basic' : 'extended', ignoreCase: flags.includes('i')});
  return ({comm}) => (pattern === undefined ? comm.startsWith(name) : regex?.test(comm) !== false);
};

/** Each list of values with how one of them is held against a process. */
const lists = ({users, pids, groups, commands}: Wanted, call: Call): readonly (readonly [readonly string[], (value: string) => Test])[] => [
  [
    users,
    value =>
      ({uid}) =>
        uidOf(value, call.caller) === uid,
  ],
  [
    pids,
    value =>
      ({pid}) =>
        value === String(pid),
  ],
  [
    groups,
    value =>
      ({pgid}) =>
        value === String(pgid),
  ],
  [commands, commandTest],
];

const byProcess = (wanted: Wanted, call: Call): readonly Test[] =>
  lists(wanted, call).flatMap(([values, test]) => {
    const tests = values.filter(value => !value.startsWith('^')).map(test);
    return tests.length === 0 ? [] : [(process: TerminalProcess) => tests.some(each => each(process))];
  });

/** `^VALUE` leaves out, whatever else is selected. */
const without = (call: Call, wanted: Wanted, pids: readonly number[]): Known<readonly number[]> => {
  const tests = lists(wanted, call).flatMap(([values, test]) =>
    values.filter(value => value.startsWith('^')).map(value => test(value.slice(1))),
  );
  const some = tests.length === 0 ? null : someOf(call, pids);
  if (some === null || !some.known) {
    return some ?? known(pids);
  }
  return known(some.value.filter(process => !tests.some(test => test(process))).map(({pid}) => pid));
};

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
  const isEverybody = sets.length === 0 && !wanted.more;
  if (filters.length > 0 || isEverybody) {
    const table = processesOf(call);
    if (!table.known) {
      return table;
    }
    sets.push(
      ...(filters.length > 0 ? filters : [() => true]).map(filter => new Set([...table.value.values()].filter(filter).map(({pid}) => pid))),
    );
  }
  if (wanted.more && !(wanted.and && sets.length > 0)) {
    return unknown('what lsof selects is not followed');
  }
  return known(sets);
};

const HEADER = 'COMMAND     PID   USER   FD   TYPE DEVICE SIZE/OFF NODE NAME';

/** Of a machine elsewhere the name is not known. */
const hostOf = (address: string, numeric: boolean): string => {
  if (/^(?:0\.0\.0\.0|::)$/.test(address)) {
    return '*';
  }
  if (numeric) {
    return address.includes(':') ? `[${address}]` : address;
  }
  return /^(?:127\.|::1$)/.test(address) ? 'localhost' : UNTOLD;
};

const longRows = (call: Call, pids: ReadonlySet<number>, sockets: readonly SocketUse[], numeric: boolean): Result => {
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
        const host = hostOf(socket.localAddress, numeric);
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
  const wanted = parseLsof(words.value);
  const sockets = wanted.addresses.length > 0 ? socketsMeant(call, wanted) : known([]);
  const sets = selections(call, wanted, sockets);
  if (!sets.known) {
    return unclear(sets.because);
  }
  const [first = new Set<number>(), ...rest] = sets.value;
  const selected = wanted.and
    ? [...first].filter(pid => rest.every(set => set.has(pid)))
    : [...new Set(sets.value.flatMap(set => [...set]))];
  const kept = without(call, wanted, selected);
  if (!kept.known) {
    return unclear(kept.because);
  }
  const pids = kept.value;
  if (wanted.fields !== null && !wanted.terse) {
    const isPlain = /^[pf]+0?$/.test(wanted.fields);
    return isPlain ? lines(pids.flatMap(pid => [`p${pid}`, 'f20'])) : unclear('what lsof prints of fields is not followed');
  }
  if (!wanted.terse) {
    return sockets.known && wanted.addresses.length > 0
      ? longRows(call, new Set(pids), sockets.value, wanted.numeric)
      : unclear('what lsof prints of files is not followed');
  }
  return lines(
    pids.toSorted((a, b) => a - b),
    pids.length === 0 ? 1 : 0,
  );
};
