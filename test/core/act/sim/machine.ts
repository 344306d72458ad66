// The Host and Hands of a simulated machine: every call lets time pass, may fail when told to, and signals are written down.
import {known, unknown} from '../../../../src/core/domain/known.ts';
import type {Listener} from '../../../../src/core/domain/listener.ts';
import type {Process, ProcessId} from '../../../../src/core/domain/process.ts';
import type {Hands, SignalName, SignalResult} from '../../../../src/core/os/hands.ts';
import type {CommandResult, Host} from '../../../../src/core/os/host.ts';
import {keyOf, type SimProcess, type SimServer, type SimWorld} from './world.ts';

/** As in test/support/world.ts: rigtop, below a shell and sshd. */
const SELF_PID = 900;
const UID = 1000;

/** Which calls fail: asked once per call, with its running number. */
export interface Faults {
  tables(call: number): boolean;
  tmux(call: number): 'fine' | 'hangs' | 'fails';
  look(call: number): boolean;
  journal(call: number): boolean;
}

export const noFaults: Faults = {tables: () => false, tmux: () => 'fine', look: () => false, journal: () => false};

export interface Delivered {
  readonly key: string;
  readonly signal: SignalName;
  readonly at: number;
  readonly process: SimProcess;
  /** How many journal lines were written before it. */
  readonly intents: number;
}

export interface Machine {
  readonly world: SimWorld;
  readonly host: Host;
  readonly hands: Hands;
  readonly delivered: Delivered[];
  /** Set by the journal. */
  intents: number;
  /** When the process and socket tables were read. */
  readonly reads: number[];
}

export const recordOf = (process: SimProcess): Process => ({
  pid: process.pid,
  startTime: process.startTime,
  ppid: process.ppid,
  pgid: process.pgid,
  sid: process.sid,
  tty: process.tty,
  state: process.state,
  uid: process.uid,
  comm: process.comm,
  argv: process.state === 'Z' ? [] : process.argv,
  bornMs: process.bornMs,
  cpu: null,
  rss: 4096,
  cwd: known('/home/u'),
  cwdDeleted: false,
  env: known(process.env),
});

export const tableOf = (world: SimWorld): ReadonlyMap<number, Process> =>
  new Map([...world.processes].map(([pid, process]) => [pid, recordOf(process)]));

export const listenersOf = (world: SimWorld): readonly Listener[] => {
  const owners = new Map<number, number[]>();
  for (const {pid, ports, state} of world.processes.values()) {
    for (const port of state === 'Z' ? [] : ports) {
      owners.set(port, [...(owners.get(port) ?? []), pid]);
    }
  }
  return [...owners].map(([port, pids]) => ({port, address: '127.0.0.1', family: 4, inode: String(port), uid: UID, owners: known(pids)}));
};

const ran = (stdout: string): CommandResult => ({stdout, stderr: '', exitCode: 0, trouble: null, tookMs: 1});
const failed = (stderr: string): CommandResult => ({stdout: '', stderr, exitCode: 1, trouble: null, tookMs: 1});
const HUNG: CommandResult = {stdout: '', stderr: '', exitCode: null, trouble: 'timeout', tookMs: 2000};

const paneRows = (server: SimServer): string =>
  server.sessions
    .flatMap(session =>
      session.panes.map(pane =>
        [
          server.pid,
          session.id,
          session.created,
          session.attached,
          pane.windowId,
          pane.id,
          pane.pid,
          pane.dead ? 1 : 0,
          pane.remains ? 'on' : 'off',
          session.name,
        ].join('\t'),
      ),
    )
    .join('\n');

const splitCommands = (args: readonly string[]): readonly (readonly string[])[] => {
  const commands: string[][] = [[]];
  for (const word of args) {
    if (word === ';') {
      commands.push([]);
    } else {
      commands.at(-1)?.push(word);
    }
  }
  return commands;
};

/** The few tmux commands that an action uses, with tmux's meaning. */
const tmuxCommand = (world: SimWorld, server: SimServer, args: readonly string[]): CommandResult => {
  const target = args[args.indexOf('-t') + 1] ?? '';
  const pane = server.sessions.flatMap(({panes}) => panes).find(({id}) => id === target);
  switch (args[0]) {
    case 'list-panes':
      return ran(paneRows(server));
    case 'show-options':
      return pane === undefined ? failed(`can't find pane: ${target}`) : ran(pane.hook ? 'respawn-pane -k' : '');
    case 'set-option':
      if (pane !== undefined) {
        pane.remains = args.at(-1) === 'on';
      }
      return pane === undefined ? failed(`can't find pane: ${target}`) : ran('');
    case 'set-hook':
      if (pane !== undefined) {
        pane.hook = args.at(-1) !== '';
      }
      return pane === undefined ? failed(`can't find pane: ${target}`) : ran('');
    case 'run-shell':
      world.reap(server);
      return ran('');
    case 'if-shell': {
      const condition = args[4] ?? '';
      const sessionId = /session_id\},(\$\d+)\}/.exec(condition)?.[1];
      const created = /session_created\},(\d+)\}/.exec(condition)?.[1];
      const session = server.sessions.find(({id}) => id === sessionId);
      if (sessionId !== undefined) {
        if (session === undefined) {
          return failed(`can't find session: ${sessionId}`);
        }
        if (String(session.created) === created && /#\{pid\},(\d+)\}/.exec(condition)?.[1] === String(server.pid)) {
          world.killSession(server, session);
        }
        return ran('');
      }
      const panePid = /pane_pid\},(\d+)\}/.exec(condition)?.[1];
      if (pane !== undefined && String(pane.pid) === panePid) {
        world.dropPane(server, pane.id);
      }
      return ran('');
    }
    default:
      return failed(`unknown command: ${args[0]}`);
  }
};

/** A machine whose clock only moves when it is asked something. */
export const createMachine = (world: SimWorld, faults: Faults = noFaults): Machine => {
  const delivered: Delivered[] = [];
  const calls = {tables: 0, tmux: 0, look: 0};
  const reads: number[] = [];
  const machine = {world, delivered, reads, intents: 0};

  const run: Host['run'] = async (file, args) => {
    if (file !== 'tmux') {
      return {...failed(''), exitCode: null, trouble: 'missing'};
    }
    world.advance(3);
    calls.tmux += 1;
    const fault = faults.tmux(calls.tmux);
    if (fault === 'hangs') {
      world.advance(2000);
      return HUNG;
    }
    const server = world.servers.find(({socket, alive}) => alive && socket === args[2]);
    if (server === undefined) {
      return failed(`no server running on ${args[2]}`);
    }
    return fault === 'fails'
      ? failed('server exited unexpectedly')
      : splitCommands(args.slice(3)).reduce<CommandResult>(
          (before, command) => (before.exitCode === 0 ? tmuxCommand(world, server, command) : before),
          ran(''),
        );
  };

  const host: Host = {
    platform: 'linux',
    hostname: 'sim',
    uid: UID,
    pid: SELF_PID,
    home: '/home/u',
    markers: new Set(),
    cwd: '/home/u',
    env: {},
    bootId: 'boot-1',
    pidNamespace: null,
    files: {
      readText: async () => ({state: 'missing'}),
      readHead: async () => ({state: 'missing'}),
      readTail: async () => ({state: 'missing'}),
      list: async () => ({state: 'missing'}),
      listDirectories: async () => ({state: 'missing'}),
      inspect: async () => ({state: 'missing'}),
      realPath: async path => ({state: 'ok', value: path}),
    },
    epochMs: () => world.now,
    monotonicMs: () => world.now,
    sleep: async ms => {
      world.advance(ms);
    },
    run,
    probeSocket: async socket => (world.servers.some(server => server.alive && server.socket === socket) ? 'accepted' : 'missing'),
    readTables: async () => {
      world.advance(2);
      calls.tables += 1;
      reads.push(world.now);
      const broken = faults.tables(calls.tables);
      const processes = broken
        ? unknown('/proc was not read within 1 ms')
        : known({uptimeMs: world.now, bootedAt: 0, processes: tableOf(world), incomplete: null});
      const listeners = broken ? unknown('/proc was not read within 1 ms') : known({listeners: listenersOf(world), incomplete: null});
      world.advance(2);
      return {processes, processesTookMs: 2, listeners, listenersTookMs: 2};
    },
    close: async () => undefined,
  };

  const find = ({pid, startTime}: ProcessId): SimProcess | 'gone' | 'changed' => {
    const process = world.processes.get(pid);
    if (process === undefined || (process.startTime === startTime && process.state === 'Z')) {
      return 'gone';
    }
    return process.startTime === startTime ? process : 'changed';
  };

  const deliver = (process: SimProcess, signal: SignalName): void => {
    delivered.push({key: keyOf(process), signal, at: world.now, process: {...process}, intents: machine.intents});
    world.deliver(process, signal);
  };

  const hands: Hands = {
    look: pid => {
      calls.look += 1;
      if (faults.look(calls.look)) {
        return {state: 'unknown', because: 'EIO'};
      }
      const process = world.processes.get(pid);
      return process === undefined ? {state: 'gone'} : {state: 'here', process: {...process}};
    },
    signal: (target, signal): SignalResult => {
      const process = find(target);
      if (typeof process === 'string') {
        return {result: process};
      }
      deliver(process, signal);
      return {result: 'sent'};
    },
    signalGroup: (pgid, members, signal): SignalResult => {
      const starts = new Map(members.map(({pid, startTime}) => [pid, startTime]));
      const group = [...world.processes.values()].filter(process => process.pgid === pgid && process.state !== 'Z');
      if (group.some(({pid, startTime}) => starts.get(pid) !== startTime)) {
        return {result: 'refused', because: 'somebody else is in it'};
      }
      for (const process of group.filter(each => world.isAlive(each))) {
        deliver(process, signal);
      }
      return group.length === 0 ? {result: 'gone'} : {result: 'sent'};
    },
    childrenOf: target =>
      typeof find(target) === 'string'
        ? []
        : [...world.processes.values()].filter(({ppid}) => ppid === target.pid).map(({pid, startTime}) => ({pid, startTime})),
    treeOf: async pid => known([pid, ...[...world.processes.values()].filter(({ppid}) => ppid === pid).map(each => each.pid)]),
  };
  return Object.assign(machine, {host, hands});
};
