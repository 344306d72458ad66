// fuser, ss, netstat, kill-port, fkill, tree-kill: who holds a port or a file, and ends for it. Pure.
import {childrenByParent, descendantsOf} from '../../core/domain/forest.ts';
import {type Known, known, unknown} from '../../core/domain/known.ts';
import type {SocketUse} from '../../core/domain/socket-use.ts';
import type {Call, Program, Result, Text} from '../call.ts';
import {answer, end, lines, listedOf, NOTHING, openFilesOf, pathOf, socketsOf, someOf, unclear, undecided, wordsOf} from '../results.ts';
import {killall} from './match-names.ts';
import {type Options, parseOptions} from './options.ts';
import {ends, takeSignal} from './signals.ts';

const PORT_NAME = /^(\d+)(?:,[^/]*)?\/(tcp|udp)$/;

/** fuser(1): the local port counts, whoever is at the other end. */
const holdersOf = (call: Call, name: string, space: string | undefined): Known<readonly number[]> => {
  const [, port, protocol] = PORT_NAME.exec(space === 'tcp' || space === 'udp' ? `${name}/${space}` : name) ?? [];
  if (port === undefined) {
    const path = pathOf(call.scope, name);
    return path.known ? openFilesOf(call, path.value) : path;
  }
  const sockets = socketsOf(call, Number(port));
  return sockets.known
    ? known(sockets.value.filter(socket => socket.protocol === protocol && socket.localPort === Number(port)).flatMap(({pids}) => pids))
    : sockets;
};

/** A signal stands in a word of its own: `-k9` is refused. */
const STRANGE = /^-[acfiklmMsuvw46]+[0-35789]/;

export const fuser: Program = call => {
  const words = wordsOf(call.args);
  const isKill = call.args.some(arg => arg.known && /^-[a-z]*k|^--kill$/.test(arg.value));
  if (!words.known) {
    return isKill ? undecided(call, words.because) : unclear(words.because);
  }
  const {signal, words: others} = takeSignal(words.value);
  if (others.some(word => STRANGE.test(word))) {
    return answer('', 1);
  }
  const options = parseOptions(others, {short: 'nN', long: ['namespace']});
  const [space] = options.all('n', 'namespace');
  const kills = options.has('k', 'kill') && ends(signal);
  if (options.has('m', 'mount', 'c')) {
    return kills ? undecided(call, 'it means everybody on a whole file system') : unclear('who is on a file system is not followed');
  }
  const pids = new Set<number>();
  for (const name of options.rest) {
    const holders = holdersOf(call, name, space);
    if (!holders.known) {
      return kills ? undecided(call, holders.because) : unclear(holders.because);
    }
    for (const pid of holders.value) {
      pids.add(pid);
    }
  }
  if (kills) {
    end(call, pids);
  }
  const out = known([...pids].map(pid => ` ${pid}`).join(''));
  return {out, both: withErrors(options, out), status: pids.size === 0 ? 1 : 0};
};

/** The name of what is held goes to the errors, as what is said of each holder does. */
const withErrors = (options: Options, out: Text): Text => {
  const [name = '', ...more] = options.rest;
  const isPort = PORT_NAME.test(name) || options.has('n', 'namespace');
  return !isPort || more.length > 0 || options.has('v', 'verbose', 'u', 'user')
    ? unknown('what fuser says beside the numbers is not followed')
    : known(out.known && out.value !== '' ? `${name}: ${out.value}\n` : '');
};

type SocketFilter = (socket: SocketUse) => boolean;

/** A filter of ss(8) with ports alone; null where it is more than that. */
const socketFilter = (words: readonly string[]): SocketFilter | null => {
  const text = words.join(' ').replace(/[()]/g, ' ').trim();
  if (text === '') {
    return () => true;
  }
  const terms = text.split(/\s+(?:or|\|\|?)\s+/).map(term => /^(sport|dport|src|dst)\s*(?:=|==|eq)?\s*:?(\d+)$/.exec(term));
  return terms.includes(null)
    ? null
    : socket =>
        terms.some(
          term =>
            Number(term?.[2]) ===
            (/^[ds]?(?:port|rc|st)$/.test(term?.[1] ?? '') && /^d/.test(term?.[1] ?? '') ? socket.remotePort : socket.localPort),
        );
};

const hostOf = ({localAddress}: SocketUse): string => (localAddress.includes(':') ? `[${localAddress}]` : localAddress);

const isShown = (socket: SocketUse, has: (...names: string[]) => boolean): boolean => {
  const isWanted = !has('t', 'tcp', 'u', 'udp') || has(socket.protocol.slice(0, 1), socket.protocol);
  return isWanted && (has('a', 'all') || socket.listening === has('l', 'listening'));
};

/** Names of whoever holds these. */
const namesOf = (call: Call, sockets: readonly SocketUse[]): Known<ReadonlyMap<number, string>> => {
  const holders = someOf(call, [...new Set(sockets.flatMap(({pids}) => pids))]);
  return holders.known ? known(new Map(holders.value.map(({pid, comm}) => [pid, comm]))) : holders;
};

const KINDS = [
  ['t', 'tcp'],
  ['u', 'udp'],
  ['x', 'unix'],
  ['w', 'raw'],
  ['0', 'packet'],
  ['S', 'sctp'],
  ['d', 'dccp'],
] as const;
const SS_FLAGS = (
  'numeric resolve all listening options extended memory processes threads info tipcinfo summary tos cgroup bpf events context contexts ' +
  'ipv4 ipv6 packet tcp mptcp sctp udp dccp raw unix tipc vsock xdp kill no-header oneline inet-sockopt help version'
).split(' ');

export const ss: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return unclear(words.because);
  }
  const options = parseOptions(words.value, {
    short: 'fADFN',
    long: ['family', 'query', 'socket', 'diag', 'filter', 'net'],
    flags: SS_FLAGS,
  });
  if (options.has('K', 'kill')) {
    return undecided(call, 'it closes sockets under whoever holds them');
  }
  const isOneState = options.rest[0] === 'state' && !/^(?:all|connected|synchronized|bucket|big)$/.test(options.rest[1] ?? '');
  const filter = socketFilter(options.rest.filter(word => word !== 'state' && word !== 'listening'));
  const sockets = socketsOf(call, null);
  const shown = filter === null || !sockets.known ? [] : sockets.value.filter(socket => filter(socket) && isShown(socket, options.has));
  const names = namesOf(call, options.has('p', 'processes') ? shown : []);
  if (filter === null || !sockets.known || !names.known) {
    return unclear('what ss prints is not known');
  }
  // Of one kind of sockets the first column is left out.
  const kinds = KINDS.filter(([letter, name]) => options.has(letter, name)).length + options.all('A', 'query', 'socket').length;
  const rows = shown.map(socket => {
    const users = socket.pids.map(pid => `("${names.value.get(pid) ?? '?'}",pid=${pid},fd=20)`).join(',');
    const peer = socket.remotePort === 0 ? '0.0.0.0:*' : `127.0.0.1:${socket.remotePort}`;
    const used = options.has('p', 'processes') && users !== '' ? ` users:(${users})` : '';
    const state = isOneState ? '' : `${socket.listening ? 'LISTEN' : 'ESTAB'} `;
    return `${kinds === 1 ? '' : `${socket.protocol} `}${state}0 511 ${hostOf(socket)}:${socket.localPort} ${peer}${used}`;
  });
  const head = `${kinds === 1 ? '' : 'Netid '}${isOneState ? '' : 'State '}Recv-Q Send-Q Local Address:Port Peer Address:Port Process`;
  return lines(options.has('H', 'no-header') ? rows : [head, ...rows]);
};

const NETSTAT_FLAGS = (
  'route interfaces groups statistics masquerade verbose wide numeric numeric-hosts numeric-ports numeric-users symbolic extend programs ' +
  'timers continuous listening all fib cache context tcp udp udplite sctp raw unix'
).split(' ');

export const netstat: Program = call => {
  const words = wordsOf(call.args);
  const sockets = socketsOf(call, null);
  if (!words.known || !sockets.known) {
    return unclear('what netstat prints is not known');
  }
  const options = parseOptions(words.value, {short: '', flags: NETSTAT_FLAGS});
  const shown = sockets.value.filter(socket => isShown(socket, options.has));
  const names = namesOf(call, options.has('p', 'programs', 'program') ? shown : []);
  if (!names.known) {
    return unclear('what netstat prints is not known');
  }
  const rows = shown.flatMap(socket => {
    const [pid] = socket.pids;
    const program = options.has('p', 'programs', 'program') && pid !== undefined ? ` ${pid}/${names.value.get(pid) ?? ''}` : ' -';
    const peer = socket.remotePort === 0 ? '0.0.0.0:*' : `127.0.0.1:${socket.remotePort}`;
    return [
      `${socket.protocol}${socket.family === 6 ? '6' : ''} 0 0 ${socket.localAddress}:${socket.localPort} ${peer} ${socket.listening ? 'LISTEN' : 'ESTABLISHED'}${program}`,
    ];
  });
  return lines(['Active Internet connections', 'Proto Recv-Q Send-Q Local Address Foreign Address State PID/Program name', ...rows]);
};

/** Whoever listens on a port, or has a datagram socket with it: who is connected to a server is spared. */
const endAtPort = (call: Call, port: number, protocols: readonly SocketUse['protocol'][]): Result => {
  const sockets = socketsOf(call, port);
  if (!sockets.known) {
    return undecided(call, sockets.because);
  }
  const isMeant = ({protocol, listening, localPort, remotePort}: SocketUse): boolean =>
    protocols.includes(protocol) && (protocol === 'tcp' ? listening && localPort === port : localPort === port || remotePort === port);
  end(
    call,
    sockets.value.filter(isMeant).flatMap(({pids}) => pids),
  );
  return NOTHING;
};

/** kill-port, every version since 1.0: `lsof -i tcp:PORT | grep LISTEN`, or with `--method udp` all of UDP. */
export const killPort: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const options = parseOptions(words.value, {short: 'pm', long: ['port', 'method']});
  const ports = [...options.rest, ...options.all('p', 'port')].flatMap(word => word.split(',')).map(Number);
  for (const port of ports.filter(Number.isInteger)) {
    endAtPort(call, port, [options.all('m', 'method')[0] === 'udp' ? 'udp' : 'tcp']);
  }
  return NOTHING;
};

/** fkill: a pid, a `:port`, or a name, for which it calls killall. */
export const fkill: Program = call => {
  const words = wordsOf(call.args);
  if (!words.known) {
    return undecided(call, words.because);
  }
  const targets = parseOptions(words.value, {short: 't', long: ['force-after-timeout']}).rest;
  if (targets.length === 0) {
    return undecided(call, 'whom it ends is chosen while it runs');
  }
  for (const target of targets) {
    if (target.startsWith(':')) {
      endAtPort(call, Number(target.slice(1)), ['tcp', 'udp']);
    } else if (/^\d+$/.test(target)) {
      end(call, [Number(target)]);
    } else {
      killall({...call, args: [known('-I'), known(target)]});
    }
  }
  return NOTHING;
};

/** tree-kill: a pid and everybody below it. */
export const treeKill: Program = call => {
  const words = wordsOf(call.args);
  const table = listedOf(call);
  if (!words.known || !table.known) {
    return undecided(call, words.known ? 'the processes cannot be seen' : words.because);
  }
  const [target, signal = 'TERM'] = words.value;
  const pid = Number(target);
  if (ends(signal) && Number.isInteger(pid)) {
    end(call, [pid, ...descendantsOf(childrenByParent(table.value), pid).map(below => below.pid)]);
  }
  return NOTHING;
};
