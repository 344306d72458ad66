// A literal fleet for tests of the store and the screen: four rigs, a live agent, a zombie, orphans, a wrong owner, a silent server.
import type {Agent} from '../../src/core/domain/agent.ts';
import type {Finding} from '../../src/core/domain/finding.ts';
import {finish} from '../../src/core/domain/finish.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {known} from '../../src/core/domain/known.ts';
import {type Pane, type Server, type Session, sessionKey} from '../../src/core/domain/multiplexer.ts';
import type {Outcome} from '../../src/core/domain/outcome.ts';
import type {Plan} from '../../src/core/domain/plan.ts';
import type {Process} from '../../src/core/domain/process.ts';
import type {Service} from '../../src/core/domain/slot.ts';
import {NO_SLOTS} from '../../src/core/domain/slot-place.ts';
import {identifyingPorts} from '../../src/core/judge/slots/ports.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UPTIME = 100 * HOUR;
export const TAKEN_AT = Date.UTC(2026, 10, 20, 10, 0, 0);

export const process_ = (pid: number, ppid: number, argv: readonly string[], more: Partial<Process> = {}): Process => ({
  pid,
  startTime: pid * 10,
  ppid,
  pgid: pid,
  sid: pid,
  tty: null,
  state: 'S',
  uid: 1000,
  comm: argv[0] ?? '',
  argv,
  bornMs: UPTIME - 2 * HOUR,
  cpu: 0,
  rss: 120 * 1024 ** 2,
  cwd: known('/home/u/w'),
  cwdDeleted: false,
  env: known({}),
  ...more,
});

export const pane = (id: string, pid: number, more: Partial<Pane> = {}): Pane => ({
  id,
  windowId: '@0',
  windowIndex: 0,
  windowName: 'main',
  index: 0,
  active: true,
  pid,
  dead: false,
  exitStatus: null,
  startCommand: '',
  tty: 'pts/1',
  ...more,
});

export const session = (name: string, id: string, panes: readonly Pane[], more: Partial<Session> = {}): Session => ({
  kind: 'tmux',
  socket: '/tmp/tmux-1000/default',
  server: 'default',
  id,
  created: TAKEN_AT / 1000 - 7200,
  name,
  attached: 0,
  activity: TAKEN_AT / 1000 - 1300,
  group: null,
  panes,
  env: null,
  ...more,
});

export const agent = (rig: string, name: string, of: Session | null, more: Partial<Agent> = {}): Agent => ({
  ref: `agent:${rig}/${name}`,
  rig,
  name,
  role: 'agent',
  town: null,
  runtime: 'claude',
  state: 'running',
  because: 'claude runs in its pane',
  session: of === null ? null : sessionKey(of),
  sessionRef: of === null ? null : `session:default/${of.name}`,
  process: null,
  slot: null,
  evidence: [{fact: `pane %3 works in ~/w/${rig}`, source: 'working directory'}],
  ...more,
});

export const finding = (id: string, subject: string, more: Partial<Finding> = {}): Finding => ({
  id,
  kind: 'orphan-process',
  severity: 'medium',
  certainty: 'sure',
  subject,
  title: `${subject} has no owner any more`,
  evidence: [{fact: 'no agent above; pane %12 is gone', source: 'two looks'}],
  processes: [],
  protectedBy: null,
  remedies: ['kill'],
  rig: null,
  session: null,
  holds: [],
  ...more,
});

const service = (rig: string, slot: number, port: number, more: Partial<Service> = {}): Service => ({
  ref: `slot:${rig}/${slot}/web`,
  rig,
  slot,
  slug: null,
  service: 'web',
  port,
  state: 'free',
  because: 'nobody listens there',
  expected: null,
  listeners: [],
  actualPorts: [],
  conflictingSlot: null,
  worktree: null,
  declaredBy: '.ecluse.toml',
  doubt: null,
  rigPath: '/w/shop',
  ...more,
});

const max = session('checkout', '$0', [pane('%3', 4387)]);
const ida = session('search', '$1', [pane('%7', 4977)], {activity: TAKEN_AT / 1000 - 20});
const bob = session('billing', '$2', [pane('%9', 6000)], {attached: 1});
const idle = session('notes', '$4', [pane('%14', 6500)]);

const processes = [
  process_(1, 0, ['/sbin/init'], {uid: 0, bornMs: 0}),
  process_(4387, 900, ['-zsh'], {tty: 'pts/1'}),
  process_(4388, 4387, ['claude'], {cpu: 31, rss: 610 * 1024 ** 2}),
  process_(4977, 900, ['codex']),
  process_(5120, 4977, ['node', '/w/search-a/node_modules/.bin/vite', '--port', '3102'], {rss: 310 * 1024 ** 2}),
  process_(5131, 5120, ['esbuild']),
  process_(6000, 900, ['-zsh']),
  process_(6500, 900, ['-zsh']),
  process_(7714, 1, ['node', 'vite'], {bornMs: UPTIME - 74 * HOUR}),
  process_(7731, 7714, ['esbuild'], {bornMs: UPTIME - 74 * HOUR}),
  process_(8102, 1, ['claude'], {bornMs: UPTIME - 31 * HOUR, rss: 420 * 1024 ** 2}),
  process_(8377, 1, ['opencode'], {bornMs: UPTIME - 22 * MINUTE}),
];

export const servers: readonly Server[] = [
  {
    kind: 'tmux',
    name: 'default',
    socket: '/tmp/tmux-1000/default',
    state: 'ok',
    because: '',
    pid: 900,
    version: '3.3a',
    sessions: [max, ida, bob, idle],
  },
];

const id = (pid: number) => ({pid, startTime: pid * 10});

const fleetRecord = (more: Partial<Assessment>): Omit<Assessment, 'ports'> => ({
  feeds: [],
  multiplexers: ['tmux'],
  snapshot: {
    takenAt: TAKEN_AT,
    monotonicMs: UPTIME,
    tookMs: 41,
    uptimeMs: UPTIME,
    bootedAt: TAKEN_AT - UPTIME,
    hostname: 'devbox-3',
    platform: 'linux',
    bootId: 'boot',
    self: {pid: 9000, startTime: 1, uid: 1000, ancestors: [1], pane: null},
    sources: [
      {source: 'tmux', target: 'default', state: 'ok', detail: '4 sessions', tookMs: 4},
      {source: 'tmux', target: 'work', state: 'unknown', detail: 'did not answer within 2 s', tookMs: 2000},
    ],
    processes: new Map(processes.map(each => [each.pid, each])),
    processesComplete: true,
    listeners: [
      {port: 3102, address: '127.0.0.1', family: 4, inode: '1', uid: 1000, owners: known([5120])},
      {port: 3131, address: '127.0.0.1', family: 4, inode: '2', uid: 1000, owners: known([7714])},
    ],
    servers,
    towns: [],
    repos: [],
    registers: [],
    runtimeStores: [],
    worktrees: [],
    programs: new Map(),
    checkouts: new Map(),
  },
  fleet: {
    rigs: ['checkout', 'search', 'billing'].map(name => ({
      name,
      origin: 'discovered',
      path: `/home/u/w/${name}`,
      provenance: 'found',
      town: null,
      operational: true,
      because: null,
    })),
    agents: [
      agent('checkout', 'max', max, {process: id(4388)}),
      agent('search', 'ida', ida, {process: id(4977), runtime: 'codex'}),
      agent('billing', 'bob', bob, {state: 'zombie', runtime: null, because: 'only a shell is left'}),
    ],
    sessionOwners: new Map(),
    processOwners: new Map(),
    runtimes: new Map(),
    records: new Map(),
  },
  slots: NO_SLOTS,
  services: [
    service('checkout', 1, 3101),
    service('checkout', 2, 3102, {
      state: 'wrong-owner',
      because: 'held by vite 5120 of search',
      listeners: [{...id(5120), address: '127.0.0.1', command: 'node vite'}],
    }),
  ],
  locks: [],
  findings: [
    finding('f-1', 'process:7714', {processes: [{...id(7714), command: 'node vite'}], holds: [3131], rig: 'billing'}),
    finding('f-2', 'process:8102', {processes: [{...id(8102), command: 'claude'}]}),
    finding('f-3', 'process:8377', {
      processes: [{...id(8377), command: 'opencode'}],
      certainty: 'unknown',
      remedies: [],
      title: 'opencode 8377 may be nobody’s: server "work" did not answer',
      evidence: [{fact: 'server "work" did not answer', source: 'tmux work'}],
    }),
    finding('f-4', 'session:default/billing', {
      kind: 'zombie-session',
      title: 'session billing has only a shell left',
      session: sessionKey(bob),
      rig: 'billing',
      protectedBy: {rule: 'attached', because: 'a client is attached', unlock: 'attached'},
      remedies: [],
    }),
    finding('f-5', 'slot:checkout/2/web', {
      kind: 'wrong-owner',
      severity: 'high',
      title: 'port 3102 of checkout slot 2 is held by vite 5120 of search',
      evidence: [{fact: '3102 = base 3100 + slot 2 × stride 1', source: '.ecluse.toml'}],
      processes: [{...id(5120), command: 'node vite'}],
      rig: 'checkout',
      holds: [3102],
      remedies: ['kill', 'flush'],
    }),
  ],
  ...more,
});

/** The fleet; with an override for whatever a test is about. */
export const buildFleet = (more: Partial<Assessment> = {}): Assessment => {
  const fleet = fleetRecord(more);
  return {ports: finish(identifyingPorts(fleet)), ...fleet};
};

/** A later look at the same fleet: everything is read anew, nothing is different but the time. */
export const lookAgain = (before: Assessment, afterMs = 2000): Assessment => {
  const again = structuredClone(before);
  return {
    ...again,
    snapshot: {
      ...again.snapshot,
      takenAt: before.snapshot.takenAt + afterMs,
      monotonicMs: before.snapshot.monotonicMs + afterMs,
      uptimeMs: before.snapshot.uptimeMs + afterMs,
      tookMs: 38,
    },
  };
};

export const buildPlan = (roots: number, more: Partial<Plan> = {}): Plan => ({
  id: 'c41f',
  action: 'kill',
  asked: ['f-1'],
  createdAt: TAKEN_AT,
  expiresAt: TAKEN_AT + 30_000,
  bootId: 'boot',
  roots: Array.from({length: roots}, (_, index) => ({ref: `process:${7000 + index}`, title: 'node vite', because: 'no agent above'})),
  targets: Array.from({length: roots}, (_, index) => ({
    ...id(7000 + index),
    ref: `process:${7000 + index}`,
    pgid: 7000 + index,
    command: 'node vite',
    because: 'no agent above; its pane is gone',
    parent: 1,
    step: 'tree' as const,
    depth: 0,
    stopped: false,
    ageMs: 74 * HOUR,
    uid: 1000,
    holds: index === 0 ? [3131] : [],
    root: `process:${7000 + index}`,
  })),
  sessions: [],
  panes: [],
  locks: [],
  vacates: [],
  compose: [],
  starts: [],
  frees: [3131],
  leftOut: [{ref: 'process:8377', because: 'unknown: server "work" did not answer', rule: 'unknown', unlock: null}],
  warnings: [],
  irreversible: ['Unsent input of what ends is lost.'],
  command: 'rigtop apply c41f',
  force: false,
  graceMs: 5000,
  unlocks: [],
  ...more,
});

export const buildOutcome = (plan: Plan, survivors: readonly number[] = []): Outcome => ({
  ok: survivors.length === 0,
  tookMs: 310,
  targets: plan.targets.map(({ref, pid}) => ({
    ref,
    pid,
    result: survivors.includes(pid) ? 'survived' : 'gone',
    signal: 'SIGTERM',
    because: survivors.includes(pid) ? 'still there after 5 s' : null,
    tookMs: 300,
  })),
  ports: plan.frees.map(port => ({port, free: survivors.length === 0})),
  late: [],
  escaped: [],
  started: [],
  problems: [],
  refused: null,
});
