// One look at a machine for pure tests: processes, sessions and towns from a few facts, and who owns what.
import type {Owner, RuntimeProcess} from '../../../src/core/domain/agent.ts';
import type {Fleet} from '../../../src/core/domain/fleet.ts';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {Server, Session} from '../../../src/core/domain/multiplexer.ts';
import {sessionKey} from '../../../src/core/domain/multiplexer.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import type {Town} from '../../../src/core/domain/town.ts';

export const NOW = Date.parse('2026-03-01T12:00:00Z');
const UPTIME_MS = 10 * 3_600_000;

export const settings: Settings = {
  orphanMinAgeMs: 60_000,
  confirmGapMs: 500,
  termGraceMs: 5_000,
  protect: {sessions: [], commands: [], paths: []},
  runtimes: [],
  towns: [],
  repos: [],
  rigs: [],
  registers: [],
  sockets: null,
};

/** `agoMs`: how long before the look it was started. */
export const process = (
  pid: number,
  {agoMs = 3_600_000, cwd, ...more}: Partial<Omit<Process, 'cwd'>> & {agoMs?: number; cwd?: string} = {},
): Process => ({
  pid,
  startTime: pid * 10,
  ppid: 1,
  pgid: pid,
  sid: pid,
  tty: null,
  state: 'S',
  uid: 1000,
  comm: 'claude',
  argv: ['claude'],
  bornMs: UPTIME_MS - agoMs,
  cpu: null,
  rss: 1,
  cwd: cwd === undefined ? unknown('not looked at') : known(cwd),
  cwdDeleted: false,
  env: unknown('not looked at'),
  ...more,
});

/** One pane per pid given, `%7` for the first unless `paneId` says otherwise. */
export const session = (name: string, {server = 'gt-56fe62', pids = [100], paneId = 7, env = null as Session['env']} = {}): Session => ({
  kind: 'tmux',
  socket: `/tmp/tmux-1000/${server}`,
  server,
  id: '$3',
  created: NOW / 1000 - 3_600,
  name,
  attached: 0,
  activity: NOW / 1000,
  group: null,
  env,
  panes: pids.map((pid, index) => ({
    id: `%${paneId + index}`,
    windowId: '@1',
    windowIndex: 0,
    windowName: 'w',
    index,
    active: index === 0,
    pid,
    dead: false,
    exitStatus: null,
    startCommand: '',
    tty: `pts/${index}`,
  })),
});

const serversOf = (sessions: readonly Session[], silent: readonly string[]): readonly Server[] => [
  ...[...new Set(sessions.map(each => each.server))].map(
    (name): Server => ({
      kind: 'tmux',
      name,
      socket: `/tmp/tmux-1000/${name}`,
      state: 'ok',
      because: '',
      pid: 50,
      version: '3.3a',
      sessions: sessions.filter(each => each.server === name),
    }),
  ),
  ...silent.map(
    (name): Server => ({
      kind: 'tmux',
      name,
      socket: `/tmp/tmux-1000/${name}`,
      state: 'unknown',
      because: 'did not answer within 2 s',
      pid: null,
      version: null,
      sessions: [],
    }),
  ),
];

export interface WorldFacts {
  readonly processes?: readonly Process[];
  readonly sessions?: readonly Session[];
  /** Servers that did not answer. */
  readonly silent?: readonly string[];
  readonly towns?: readonly Town[];
  readonly complete?: boolean;
  /** Agent reference by session name. */
  readonly owners?: Readonly<Record<string, string>>;
  /** Pids of agent programs. */
  readonly runtimes?: readonly number[];
}

const owner = (agent: string): Owner => ({rig: null, town: null, agent, pane: null, slot: null, evidence: []});

export const worldOf = (facts: WorldFacts = {}): {readonly snapshot: Snapshot; readonly fleet: Fleet} => {
  const {processes = [], sessions = [], silent = [], towns = [], complete = true, owners = {}, runtimes = []} = facts;
  const heads = new Set(sessions.flatMap(({panes}) => panes.map(({pid}) => pid)));
  const snapshot: Snapshot = {
    takenAt: NOW,
    monotonicMs: 1_000,
    tookMs: 10,
    uptimeMs: UPTIME_MS,
    bootedAt: NOW - UPTIME_MS,
    hostname: 'box',
    platform: 'linux',
    bootId: 'boot',
    self: {pid: 9_999, startTime: 1, uid: 1000, ancestors: [1], pane: null},
    sources: [],
    processes: new Map(processes.map(each => [each.pid, heads.has(each.pid) && each.ppid === 1 ? {...each, ppid: 50} : each])),
    processesComplete: complete,
    listeners: [],
    servers: serversOf(sessions, silent),
    towns,
    repos: [],
    registers: [],
    runtimeStores: [],
    worktrees: [],
    programs: new Map(),
    checkouts: new Map(),
  };
  const fleet: Fleet = {
    rigs: [],
    agents: [],
    sessionOwners: new Map(
      sessions.flatMap(each => (owners[each.name] === undefined ? [] : [[sessionKey(each), owner(owners[each.name] ?? '')]])),
    ),
    processOwners: new Map(),
    records: new Map(),
    runtimes: new Map(
      runtimes.map((pid): [number, RuntimeProcess] => [
        pid,
        {process: {pid, startTime: pid * 10}, runtime: 'claude', evidence: {fact: 'claude', source: 'test'}},
      ]),
    ),
  };
  return {snapshot, fleet};
};
