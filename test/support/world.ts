// One look at a machine from compact literals, for pure tests: what is not said is sane and dull.

import {DEFAULT_SETTINGS} from '../../src/config/defaults.ts';
import type {Finding, FindingKind} from '../../src/core/domain/finding.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {known, unknown} from '../../src/core/domain/known.ts';
import type {Listener} from '../../src/core/domain/listener.ts';
import type {Pane, Server, Session} from '../../src/core/domain/multiplexer.ts';
import type {Process} from '../../src/core/domain/process.ts';
import type {Settings} from '../../src/core/domain/settings.ts';
import type {Slots} from '../../src/core/domain/slot-place.ts';
import type {Checkout, Snapshot} from '../../src/core/domain/snapshot.ts';
import {assess, emptyMemory, type Memory} from '../../src/core/judge/assess.ts';
import {buildWorld} from '../../src/core/judge/detect/world.ts';
import {askSlotTools, slotToolsOf} from '../../src/core/judge/slots/slot-tool.ts';
import {createServerMarks} from '../../src/core/look/mark-servers.ts';
import {SOURCES} from '../../src/sources/sources.ts';

const UID = 1000;
export const SOCKETS = '/tmp/tmux-1000';
const UPTIME_MS = 100 * 3_600_000;
const TAKEN_AT = Date.UTC(2026, 2, 1, 12);
const HOUR_MS = 3_600_000;

export interface ProcessFacts extends Partial<Omit<Process, 'cwd' | 'env' | 'bornMs'>> {
  readonly ageMs?: number;
  /** null: could not be read. */
  readonly cwd?: string | null;
  readonly env?: Readonly<Record<string, string>> | null;
}

const markServers = createServerMarks(SOURCES);

/** `process(4388, 4387, 'claude --continue')`: an hour old, without a terminal, in the home directory, environment empty. */
export const process = (pid: number, ppid: number, command: string | readonly string[], facts: ProcessFacts = {}): Process => {
  const argv = typeof command === 'string' ? command.split(' ').filter(word => word !== '') : command;
  const {ageMs = HOUR_MS, cwd = '/home/u', env = {}, ...more} = facts;
  const made: Process = {
    pid,
    ppid,
    startTime: pid * 10,
    pgid: pid,
    sid: pid,
    tty: null,
    state: 'S',
    uid: UID,
    comm: (argv[0] ?? '').split('/').at(-1)?.slice(0, 15) ?? '',
    argv,
    bornMs: UPTIME_MS - ageMs,
    cpu: null,
    rss: 1024,
    cwd: cwd === null ? unknown('EACCES') : known(cwd),
    cwdDeleted: false,
    env: env === null ? unknown('EACCES') : known(env),
    ...more,
  };
  return markServers(new Map([[pid, made]])).get(pid) ?? made;
};

/** `pane('%7', 4387)`. */
export const pane = (id: string, pid: number, facts: Partial<Pane> = {}): Pane => ({
  id,
  windowId: '@1',
  windowIndex: 0,
  windowName: 'main',
  index: Number(id.slice(1)),
  active: true,
  pid,
  dead: false,
  exitStatus: null,
  startCommand: '',
  tty: `pts/${id.slice(1)}`,
  ...facts,
});

export interface SessionFacts extends Partial<Omit<Session, 'panes'>> {
  readonly panes?: readonly Pane[];
}

let sessions = 0;

export const session = (name: string, panes: readonly Pane[], facts: SessionFacts = {}): Session => {
  sessions += 1;
  return {
    kind: 'tmux',
    socket: `${SOCKETS}/default`,
    server: 'default',
    id: `$${sessions}`,
    created: TAKEN_AT / 1000 - 3600,
    name,
    attached: 0,
    activity: TAKEN_AT / 1000,
    group: null,
    env: {},
    panes,
    ...facts,
  };
};

/** A server that answered, pid 700 unless told; sessions are given its name and socket. */
export const server = (name: string, held: readonly Session[], facts: Partial<Server> = {}): Server => {
  const socket = facts.socket ?? `${SOCKETS}/${name}`;
  return {
    kind: 'tmux',
    name,
    socket,
    state: 'ok',
    because: `${held.length} sessions`,
    pid: 700,
    version: '3.3a',
    sessions: held.map(each => ({...each, socket, server: name})),
    ...facts,
  };
};

export const silentServer = (name: string): Server => server(name, [], {state: 'unknown', because: 'did not answer within 2 s', pid: null});

/** What tmux puts into the environment of a pane's programs. */
export const inPane = (paneId: string, serverPid = 700, name = 'default'): Readonly<Record<string, string>> => ({
  TMUX: `${SOCKETS}/${name},${serverPid},0`,
  TMUX_PANE: paneId,
});

export const listener = (port: number, ...owners: readonly number[]): Listener => ({
  port,
  address: '127.0.0.1',
  family: 4,
  inode: String(port),
  uid: UID,
  owners: known(owners),
});

const SYSTEM: readonly Process[] = [
  process(1, 0, 'systemd', {uid: 0}),
  process(500, 1, ['/usr/lib/systemd/systemd', '--user'], {comm: 'systemd'}),
  process(700, 1, ['tmux', 'new-session', '-s', 'x', 'claude'], {comm: 'tmux: server'}),
  process(890, 880, '-bash', {tty: 'pts/90', sid: 890}),
  process(880, 1, 'sshd', {uid: 0}),
  process(900, 890, 'node /usr/bin/rigtop', {tty: 'pts/90', sid: 890}),
];

export interface LookFacts extends Partial<Omit<Snapshot, 'processes' | 'checkouts'>> {
  readonly processes?: readonly Process[];
  /** Main work tree by directory. */
  readonly checkouts?: Readonly<Record<string, string>>;
}

const checkout = (directory: string, mainRoot: string): Checkout => ({directory, root: directory, mainRoot});

/** A look with systemd, a user's systemd (500), a tmux server (700) and rigtop (900, below a shell at pts/90) in it. */
export const look = ({processes = [], checkouts = {}, ...more}: LookFacts = {}): Snapshot => ({
  takenAt: TAKEN_AT,
  monotonicMs: 50_000,
  tookMs: 20,
  uptimeMs: UPTIME_MS,
  bootedAt: TAKEN_AT - UPTIME_MS,
  hostname: 'box',
  platform: 'linux',
  bootId: 'boot-1',
  self: {pid: 900, startTime: 9000, uid: UID, ancestors: [890, 880, 1], pane: null},
  sources: [],
  processes: new Map([...SYSTEM, ...processes].map(each => [each.pid, each])),
  processesComplete: true,
  listeners: [],
  servers: [server('default', [])],
  towns: [],
  repos: [],
  registers: [],
  runtimeStores: [],
  worktrees: [],
  programs: new Map(),
  checkouts: new Map(Object.entries(checkouts).map(([directory, mainRoot]) => [directory, checkout(directory, mainRoot)])),
  ...more,
});

/** The same look, taken later by every clock. */
export const later = (snapshot: Snapshot, ms: number): Snapshot => ({
  ...snapshot,
  takenAt: snapshot.takenAt + ms,
  monotonicMs: snapshot.monotonicMs + ms,
  uptimeMs: snapshot.uptimeMs + ms,
});

export const settings: Settings = DEFAULT_SETTINGS;

export const worldOf = (snapshot: Snapshot, overrides: Partial<Settings> = {}) =>
  buildWorld(snapshot, {...settings, ...overrides}, SOURCES);

/** What the slot tools tell of a look. */
export const slotsOf = (snapshot: Snapshot, inForce: Settings = settings): Slots => askSlotTools(slotToolsOf(SOURCES), snapshot, inForce);

/** Judge these looks in turn; the last assessment and the memory after it. */
export const assessAll = (
  looks: readonly Snapshot[],
  overrides: Partial<Settings> = {},
  memory: Memory = emptyMemory,
): {readonly assessment: Assessment; readonly memory: Memory} => {
  const judged = looks.reduce<{assessment: Assessment | null; memory: Memory}>(
    (before, each) => assess(each, {...settings, ...overrides}, before.memory, SOURCES),
    {assessment: null, memory},
  );
  if (judged.assessment === null) {
    throw new Error('no look to judge');
  }
  return {assessment: judged.assessment, memory: judged.memory};
};

/** Findings after two looks of an unchanged machine, two seconds apart. */
export const settled = (snapshot: Snapshot, overrides: Partial<Settings> = {}): readonly Finding[] =>
  assessAll([snapshot, later(snapshot, 2_000)], overrides).assessment.findings;

export const ofKind = (findings: readonly Finding[], kind: FindingKind): readonly Finding[] =>
  findings.filter(finding => finding.kind === kind);

/** `sure process:4388`, for comparing at a glance. */
export const verdicts = (findings: readonly Finding[], kind: FindingKind): readonly string[] =>
  ofKind(findings, kind).map(finding => `${finding.certainty} ${finding.subject}`);

/** Everything that stands as evidence, as one text. */
export const facts = (finding: Finding | undefined): string => (finding?.evidence ?? []).map(({fact}) => fact).join('\n');
