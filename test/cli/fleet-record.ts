// A small fleet as records, for pure tests of what the commands make of it.
import type {Agent, Rig} from '../../src/core/domain/agent.ts';
import type {Finding} from '../../src/core/domain/finding.ts';
import {finish} from '../../src/core/domain/finish.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {known} from '../../src/core/domain/known.ts';
import type {Listener} from '../../src/core/domain/listener.ts';
import {type Server, type Session, sessionKey} from '../../src/core/domain/multiplexer.ts';
import type {Process} from '../../src/core/domain/process.ts';
import type {Service} from '../../src/core/domain/slot.ts';
import {NO_SLOTS} from '../../src/core/domain/slot-place.ts';
import type {Snapshot} from '../../src/core/domain/snapshot.ts';
import {identifyingPorts} from '../../src/core/judge/slots/ports.ts';

const NOW = Date.parse('2026-11-20T10:00:00.000Z');

const processRecord = (pid: number, ppid: number, argv: readonly string[], more: Partial<Process> = {}): Process => ({
  pid,
  startTime: pid * 10,
  ppid,
  pgid: pid,
  sid: pid,
  tty: null,
  state: 'S',
  uid: 1000,
  comm: (argv[0] ?? 'x').slice(0, 15),
  argv,
  bornMs: 1_000_000,
  cpu: null,
  rss: 1024 ** 2,
  cwd: known('/w/shop'),
  cwdDeleted: false,
  env: known({}),
  ...more,
});

export const sessionRecord = (server: string, name: string, panePid: number, more: Partial<Session> = {}): Session => ({
  kind: 'tmux',
  server,
  socket: `/tmp/tmux-1000/${server}`,
  id: '$3',
  created: NOW / 1000 - 3600,
  name,
  attached: 0,
  activity: NOW / 1000,
  group: null,
  env: null,
  panes: [
    {
      id: '%7',
      windowId: '@1',
      windowIndex: 0,
      windowName: 'w',
      index: 0,
      active: true,
      pid: panePid,
      dead: false,
      exitStatus: null,
      startCommand: '',
      tty: 'pts/7',
    },
  ],
  ...more,
});

export const serverRecord = (name: string, sessions: readonly Session[], more: Partial<Server> = {}): Server => ({
  kind: 'tmux',
  name,
  socket: `/tmp/tmux-1000/${name}`,
  state: 'ok',
  because: '',
  pid: 900,
  version: '3.4',
  sessions,
  ...more,
});

export const findingRecord = (more: Partial<Finding> = {}): Finding => ({
  id: 'f-3c91',
  kind: 'orphan-process',
  severity: 'high',
  certainty: 'sure',
  subject: 'process:5120',
  title: 'vite 5120 has lost its agent',
  evidence: [{fact: 'its parent is init', source: 'processes'}],
  processes: [{pid: 5120, startTime: 51_200, command: 'node vite'}],
  protectedBy: null,
  remedies: ['kill'],
  rig: 'shop',
  session: null,
  holds: [3102],
  ...more,
});

const agentSession = sessionRecord('default', 'gt-shop-max', 4387);

const agent: Agent = {
  ref: 'agent:shop/crew/max',
  rig: 'shop',
  name: 'max',
  role: 'crew',
  town: null,
  runtime: 'claude',
  state: 'running',
  because: 'claude runs in its pane',
  session: sessionKey(agentSession),
  sessionRef: 'session:default/gt-shop-max',
  process: {pid: 4388, startTime: 43_880},
  slot: 2,
  evidence: [{fact: 'GT_RIG=shop', source: 'environment of 4388'}],
};

const rig: Rig = {name: 'shop', origin: 'ecluse', path: '/w/shop', provenance: 'named', town: null, operational: true, because: null};

const service: Service = {
  ref: 'slot:shop/2/web',
  rig: 'shop',
  slot: 2,
  slug: 'feat-a',
  service: 'web',
  port: 3102,
  state: 'wrong-owner',
  because: '5120 is not below its session',
  expected: {pid: 4410, session: 'session:default/ecluse-feat-a'},
  listeners: [{pid: 5120, startTime: 51_200, address: '127.0.0.1', command: 'node vite'}],
  actualPorts: [3102],
  conflictingSlot: null,
  worktree: '/w/shop',
  declaredBy: '.ecluse.toml',
  doubt: null,
  rigPath: '/w/shop',
};

const listener: Listener = {port: 3102, address: '127.0.0.1', family: 4, inode: '77', uid: 1000, owners: known([5120])};

const table: readonly Process[] = [
  processRecord(1, 0, ['/sbin/init'], {uid: 0}),
  processRecord(900, 1, ['tmux']),
  processRecord(4387, 900, ['-bash'], {tty: 'pts/7', comm: 'bash'}),
  processRecord(4388, 4387, ['claude'], {tty: 'pts/7', sid: 4387, comm: 'claude'}),
  processRecord(5120, 1, ['/usr/bin/node', '/w/shop/vite'], {comm: 'node'}),
];

type More = Partial<Omit<Assessment, 'snapshot'>> & {readonly snapshot?: Partial<Snapshot>};

const withoutPorts = ({snapshot = {}, ...more}: More): Omit<Assessment, 'ports'> => ({
  feeds: [],
  multiplexers: ['tmux'],
  snapshot: {
    takenAt: NOW,
    monotonicMs: 5,
    tookMs: 41,
    uptimeMs: 5_000_000,
    bootedAt: NOW - 5_000_000,
    hostname: 'devbox-3',
    platform: 'linux',
    bootId: 'boot',
    self: {pid: 7, startTime: 70, uid: 1000, ancestors: [1], pane: null},
    sources: [{source: 'tmux', target: 'default', state: 'ok', detail: '1 session', tookMs: 4}],
    processes: new Map(table.map(one => [one.pid, one])),
    processesComplete: true,
    listeners: [listener],
    servers: [serverRecord('default', [agentSession, sessionRecord('default', 'notes', 1, {id: '$4', panes: []})])],
    towns: [],
    repos: [],
    registers: [],
    runtimeStores: [],
    worktrees: [],
    programs: new Map(),
    checkouts: new Map(),
    ...snapshot,
  },
  fleet: {
    rigs: [rig],
    agents: [agent],
    sessionOwners: new Map(),
    processOwners: new Map(),
    records: new Map(),
    runtimes: new Map([
      [4388, {process: {pid: 4388, startTime: 43_880}, runtime: 'claude', evidence: {fact: 'its name', source: 'processes'}}],
    ]),
  },
  slots: NO_SLOTS,
  services: [service],
  locks: [],
  findings: [findingRecord()],
  ...more,
});

export const fleetRecord = (more: More = {}): Assessment => {
  const fleet = withoutPorts(more);
  return {ports: finish(identifyingPorts(fleet)), ...fleet};
};
