// Random machines and what happens to them while rigtop acts, for fast-check: small numbers, so that counter-examples shrink to few parts.
import fc from 'fast-check';
import type {Agent} from '../../../../src/core/domain/agent.ts';
import type {Assessment} from '../../../../src/core/domain/fleet.ts';
import {type Session, sessionKey} from '../../../../src/core/domain/multiplexer.ts';
import {NO_SLOTS} from '../../../../src/core/domain/slot-place.ts';
import {look, SOCKETS} from '../../../support/world.ts';
import {listenersOf, tableOf} from './machine.ts';
import {type Birth, keyOf, type SimProcess, type SimServer, SimWorld, type Temper} from './world.ts';

const SOCKET = `${SOCKETS}/default`;
const SERVER_PID = 700;
const CREATED = 1_700_000_000;

export interface ProcessSpec {
  /** Index into what exists already: pane heads first, then these specs. */
  readonly below: number;
  readonly comm: 'node' | 'sh' | 'vim' | 'bash';
  readonly temper: Temper;
  readonly setsid: boolean;
  readonly ownGroup: boolean;
  readonly stopped: boolean;
  readonly hupDeaf: boolean;
  readonly careless: boolean;
  /** Its parent ends once it is there. */
  readonly orphaned: boolean;
  readonly cleanEnv: boolean;
  readonly otherUser: boolean;
  readonly port: boolean;
}

export interface SessionSpec {
  readonly panes: number;
  readonly remains: boolean;
  readonly hook: boolean;
  readonly attached: boolean;
  readonly agent: boolean;
  /** Shares the window of the session before. */
  readonly linked: boolean;
}

export type Happening =
  | 'end'
  | 'fork'
  | 'fork-deaf'
  | 'fork-escaped'
  | 'reuse'
  | 'stop'
  | 'rename'
  | 'recreate'
  | 'attach'
  | 'restart-server'
  | 'edit'
  | 'come-back';

export interface Scenario {
  readonly sessions: readonly SessionSpec[];
  readonly processes: readonly ProcessSpec[];
  /** Indexes into sessions and into all processes. */
  readonly askSessions: readonly number[];
  readonly askProcesses: readonly number[];
  readonly happenings: readonly {readonly at: number; readonly what: Happening; readonly which: number}[];
  readonly force: boolean;
}

const temper: fc.Arbitrary<Temper> = fc.oneof(
  {weight: 6, arbitrary: fc.constant<Temper>('meek')},
  {weight: 2, arbitrary: fc.constantFrom<Temper>('slow', 'deaf', 'forks')},
  {weight: 1, arbitrary: fc.constant<Temper>('stuck')},
);

const seldom = fc.integer({min: 0, max: 7}).map(each => each === 7);

const processSpec: fc.Arbitrary<ProcessSpec> = fc.record({
  below: fc.nat(12),
  comm: fc.constantFrom('node', 'node', 'sh', 'vim', 'bash'),
  temper,
  setsid: seldom,
  ownGroup: fc.boolean(),
  stopped: seldom,
  hupDeaf: seldom,
  careless: seldom,
  orphaned: seldom,
  cleanEnv: seldom,
  otherUser: seldom,
  port: fc.boolean(),
});

const sessionSpec: fc.Arbitrary<SessionSpec> = fc.record({
  panes: fc.integer({min: 1, max: 3}),
  remains: seldom,
  hook: fc.boolean(),
  attached: seldom,
  agent: fc.boolean(),
  linked: seldom,
});

const HAPPENINGS: readonly Happening[] = [
  'end',
  'fork',
  'fork-deaf',
  'fork-escaped',
  'reuse',
  'stop',
  'rename',
  'recreate',
  'attach',
  'restart-server',
  'edit',
  'come-back',
];

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  sessions: fc.array(sessionSpec, {minLength: 1, maxLength: 3}),
  processes: fc.array(processSpec, {maxLength: 9}),
  askSessions: fc.array(fc.nat(2), {maxLength: 2}),
  askProcesses: fc.array(fc.nat(11), {minLength: 0, maxLength: 2}),
  happenings: fc.array(fc.record({at: fc.nat(900), what: fc.constantFrom(...HAPPENINGS), which: fc.nat(11)}), {maxLength: 5}),
  force: seldom,
});

const addSystem = (world: SimWorld): void => {
  const system = (pid: number, ppid: number, comm: string, more: Partial<Birth> = {}): SimProcess =>
    world.add({ppid, comm, argv: [comm], setsid: true, uid: 1000, env: {}, ...more}, pid);
  system(1, 0, 'systemd', {uid: 0});
  system(500, 1, 'systemd', {argv: ['/usr/lib/systemd/systemd', '--user']});
  system(SERVER_PID, 1, 'tmux: server');
  system(880, 1, 'sshd', {uid: 0});
  const shell = system(890, 880, 'bash', {uid: 1000, argv: ['-bash']});
  shell.tty = 'pts/90';
  world.add({ppid: 890, comm: 'node', argv: ['node', '/usr/bin/rigtop'], uid: 1000, pgid: 900}, 900);
};

const addSession = (world: SimWorld, server: SimServer, spec: SessionSpec, index: number): void => {
  const before = server.sessions.at(-1);
  const shared = spec.linked && before !== undefined ? [...before.panes] : [];
  const panes = Array.from({length: shared.length > 0 ? 0 : spec.panes}, (_, at) => {
    const number = index * 10 + at;
    const pane = {
      id: `%${number}`,
      windowId: `@${number}`,
      tty: `pts/${number}`,
      pid: 0,
      dead: false,
      remains: spec.remains,
      hook: spec.remains && spec.hook,
    };
    pane.pid = world.startPane(server, pane, {comm: 'node', argv: ['node', 'agent.js'], uid: 1000}).pid;
    return pane;
  });
  server.sessions.push({
    id: `$${index}`,
    created: CREATED + index,
    name: `s${index}`,
    attached: spec.attached ? 1 : 0,
    panes: [...shared, ...panes],
  });
};

const ARGV = {node: ['node', 'vite'], sh: ['sh', '-c', 'x'], vim: ['vim', 'notes.md'], bash: ['bash', 'run.sh']} as const;

const addProcess = (world: SimWorld, all: SimProcess[], spec: ProcessSpec, index: number): void => {
  const parent = all[spec.below % all.length];
  const child =
    parent === undefined
      ? null
      : world.fork(parent.pid, {
          comm: spec.comm,
          argv: ARGV[spec.comm],
          temper: spec.temper,
          hupDeaf: spec.hupDeaf,
          careless: spec.careless,
          setsid: spec.setsid,
          ports: spec.port ? [3000 + index] : [],
          ...(spec.cleanEnv ? {env: {}} : {}),
          ...(spec.otherUser ? {uid: 0} : {}),
        });
  if (child === null || parent === undefined) {
    return;
  }
  if (spec.ownGroup && !spec.setsid) {
    child.pgid = child.pid;
  }
  if (spec.stopped) {
    child.state = 'T';
  }
  all.push(child);
  if (spec.orphaned && parent.sid !== parent.pid) {
    world.end(parent.pid);
  }
};

export interface Built {
  readonly world: SimWorld;
  readonly server: SimServer;
  readonly all: readonly SimProcess[];
}

export const build = (spec: Scenario): Built => {
  const world = new SimWorld();
  addSystem(world);
  const server: SimServer = {socket: SOCKET, name: 'default', pid: SERVER_PID, alive: true, sessions: []};
  world.servers.push(server);
  spec.sessions.forEach((session, index) => {
    addSession(world, server, session, index);
  });
  const all = server.sessions.flatMap(({panes}) => panes).flatMap(({pid}) => world.processes.get(pid) ?? []);
  spec.processes.forEach((process, index) => {
    addProcess(world, all, process, index);
  });
  return {world, server, all};
};

const agentOf = (session: Session, pid: number, startTime: number): Agent => ({
  ref: `agent:rig/${session.name}`,
  rig: 'rig',
  name: session.name,
  role: 'agent',
  town: null,
  runtime: 'claude',
  state: 'running',
  because: '',
  session: sessionKey(session),
  sessionRef: null,
  process: {pid, startTime},
  slot: null,
  evidence: [],
});

/** What a look at the machine would show and identification would make of it. */
export const assess = ({world, server}: Built, spec: Scenario): Assessment => {
  const sessions = server.sessions.map(
    (session): Session => ({
      kind: 'tmux',
      socket: server.socket,
      server: server.name,
      id: session.id,
      created: session.created,
      name: session.name,
      attached: session.attached,
      activity: CREATED,
      group: null,
      env: null,
      panes: session.panes.map((pane, index) => ({
        id: pane.id,
        windowId: pane.windowId,
        windowIndex: index,
        windowName: 'w',
        index: 0,
        active: true,
        pid: pane.pid,
        dead: pane.dead,
        exitStatus: null,
        startCommand: '',
        tty: pane.dead ? '' : pane.tty,
      })),
    }),
  );
  const owned = sessions.filter((_, index) => spec.sessions[index]?.agent === true);
  const agents = owned.flatMap(session => {
    const head = world.processes.get(session.panes[0]?.pid ?? 0);
    return head === undefined ? [] : [agentOf(session, head.pid, head.startTime)];
  });
  const owner = (agent: string) => ({rig: 'rig', town: null, agent, pane: null, slot: null, evidence: []});
  const self = world.processes.get(900) as SimProcess;
  return {
    feeds: [],
    multiplexers: ['tmux'],
    ports: [],
    snapshot: look({
      takenAt: world.now,
      uptimeMs: world.now,
      processes: [...tableOf(world).values()],
      listeners: listenersOf(world),
      self: {pid: 900, startTime: self.startTime, uid: 1000, ancestors: [890, 880, 1], pane: null},
      servers: [
        {
          kind: 'tmux',
          name: server.name,
          socket: server.socket,
          state: server.alive ? 'ok' : 'absent',
          because: '',
          pid: server.pid,
          version: '3.3a',
          sessions,
        },
      ],
    }),
    fleet: {
      rigs: [],
      agents,
      sessionOwners: new Map(owned.map(session => [sessionKey(session), owner(`agent:rig/${session.name}`)])),
      processOwners: new Map(),
      runtimes: new Map(),
      records: new Map(),
    },
    slots: NO_SLOTS,
    services: [],
    locks: [],
    findings: [],
  };
};

/** The server ends with everything in it, and another one counts its sessions from $0 again. */
const restart = (world: SimWorld, server: SimServer): void => {
  if (server.alive) {
    for (const session of [...server.sessions]) {
      world.killSession(server, session);
    }
    const next = world.add({ppid: 1, comm: 'tmux: server', argv: ['tmux'], setsid: true, env: {}, uid: 1000});
    const again: SimServer = {socket: SOCKET, name: 'default', pid: next.pid, alive: true, sessions: []};
    world.servers.push(again);
    addSession(world, again, {panes: 1, remains: false, hook: false, attached: false, agent: false, linked: false}, 0);
  }
};

/** Let the happenings of a scenario take place in time, from now on. Returns the keys of processes that ended by themselves. */
export const schedule = ({world, server, all}: Built, spec: Scenario): ReadonlySet<string> => {
  const ended = new Set<string>();
  const endSelf = (process: SimProcess): void => {
    if (world.isAlive(process)) {
      ended.add(keyOf(process));
      world.end(process.pid);
    }
  };
  for (const {at, what, which} of spec.happenings) {
    const process = all[which % Math.max(1, all.length)];
    world.at(at, () => {
      const session = server.sessions[which % Math.max(1, server.sessions.length)];
      const lives = process !== undefined && world.isAlive(process) ? process : null;
      switch (what) {
        case 'end':
          if (lives !== null) {
            endSelf(lives);
          }
          break;
        case 'fork':
        case 'fork-deaf':
        case 'fork-escaped':
        case 'edit':
          if (lives !== null) {
            world.fork(lives.pid, {
              temper: what === 'fork-deaf' ? 'deaf' : 'meek',
              setsid: what === 'fork-escaped',
              ...(what === 'edit' ? {comm: 'vim', argv: ['vim', 'new.md']} : {}),
            });
          }
          break;
        case 'reuse':
          if (lives !== null && ![...world.processes.values()].some(each => each !== lives && [each.pgid, each.sid].includes(lives.pid))) {
            endSelf(lives);
            if (!world.processes.has(lives.pid)) {
              world.add({ppid: 500, comm: 'stranger', setsid: true, env: {}, uid: 1000}, lives.pid);
            }
          }
          break;
        case 'stop':
          if (lives !== null) {
            lives.state = 'T';
          }
          break;
        case 'rename':
          if (session !== undefined) {
            session.name = `renamed-${which}`;
          }
          break;
        case 'recreate':
        case 'come-back':
          if (server.alive && session !== undefined) {
            const {name} = session;
            if (what === 'recreate') {
              for (const {pid} of session.panes) {
                const head = world.processes.get(pid);
                if (head !== undefined) {
                  endSelf(head);
                }
              }
            }
            if (server.alive && !server.sessions.some(each => each.name === name)) {
              addSession(world, server, {panes: 1, remains: false, hook: false, attached: false, agent: false, linked: false}, 7);
              (server.sessions.at(-1) as {name: string}).name = name;
            }
          }
          break;
        case 'attach':
          if (session !== undefined) {
            session.attached += 1;
          }
          break;
        case 'restart-server':
          restart(world, server);
          break;
      }
    });
  }
  return ended;
};
