// Random fleets with the truth of whose each process is: agents of four programs in work trees and slots, those of Codex in one daemon, and
// what persons run beside them.
import fc from 'fast-check';
import type {Listener} from '../../../src/core/domain/listener.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {RuntimeRecord} from '../../../src/core/domain/runtime-record.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {inPane, listener, look, pane, process, server, session} from '../../support/world.ts';
import {claudeSession, codexThread, store} from './own-fleet.ts';

const TREES = ['/home/u/r/app', '/home/u/r/app-2', '/home/u/r/app/nested', '/home/u/w/other', '/home/u'] as const;
const PROGRAMS = ['claude', 'codex', 'gemini', 'opencode'] as const;
/** What an agent starts, and where that ends up. */
const HOWS = ['child', 'deep', 'orphan', 'orphan-bare', 'nested'] as const;

interface Started {
  readonly how: (typeof HOWS)[number];
  readonly tree: number;
}

interface AgentSpec {
  readonly program: (typeof PROGRAMS)[number];
  readonly tree: number;
  /** Whether its program writes a record of it. */
  readonly recorded: boolean;
  /** Whether a window of its slot runs the dev server of the slot. */
  readonly serves: boolean;
  readonly starts: readonly Started[];
}

export interface FleetSpec {
  readonly agents: readonly AgentSpec[];
  /** What a person runs: at a terminal, in a pane without an agent, below an editor, kept by a daemon of theirs. */
  readonly persons: readonly {readonly where: 'terminal' | 'pane' | 'editor' | 'daemon'; readonly tree: number}[];
  readonly asks: number;
}

/** Whose a process is: an agent by its number; -1 a person, or nobody alone. */
export interface Fleet {
  readonly snapshot: Snapshot;
  readonly owners: ReadonlyMap<number, number>;
  /** What anybody can see to be an agent's. */
  readonly plain: ReadonlySet<number>;
  /** Dev servers of slots. */
  readonly served: ReadonlySet<number>;
  /** Pid that asks for each agent. */
  readonly askers: readonly number[];
}

export const treeAt = (at: number): string => TREES[at % TREES.length] ?? TREES[0];

/** Agents of this rig work in slots by their number from 1. */
const BASE_PORT = 5000;
export const RIGS: Settings['rigs'] = [
  {
    name: 'app',
    path: TREES[0],
    session: 's{slot}',
    slots: 4,
    slotStride: 10,
    services: [{name: 'web', basePort: BASE_PORT, command: 'npx vite --port {port}'}],
  },
];
const portOf = (at: number): number => BASE_PORT + 10 * (at + 1);

class Draft {
  readonly processes: Process[] = [];
  readonly owners = new Map<number, number>();
  readonly plain = new Set<number>();
  readonly records: RuntimeRecord[] = [];
  readonly listeners: Listener[] = [];
  readonly served = new Set<number>();
  readonly heads: {readonly name: string; readonly id: string; readonly pid: number}[] = [];
  private pid = 1000;

  add(owner: number, ppid: number, command: string, facts: Parameters<typeof process>[3] = {}): number {
    this.pid += 1;
    this.processes.push(process(this.pid, ppid, command, {sid: this.pid, ...facts}));
    this.owners.set(this.pid, owner);
    return this.pid;
  }

  pane(
    owner: number,
    command: string,
    cwd: string,
    name = `p${this.heads.length}`,
  ): {readonly pid: number; readonly env: Readonly<Record<string, string>>} {
    const id = `%${this.heads.length + 1}`;
    const env = inPane(id);
    const pid = this.add(owner, 700, command, {cwd, env, tty: `pts/${id.slice(1)}`});
    this.heads.push({name, id, pid});
    return {pid, env};
  }
}

const marksOf = ({program}: AgentSpec, at: number, pid: number): Readonly<Record<string, string>> =>
  ({
    claude: {CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: `A${at}`, CLAUDE_PID: String(pid)},
    codex: {CODEX_CI: '1', CODEX_THREAD_ID: `A${at}`, CODEX_SESSION_ID: `A${at}`},
    gemini: {GEMINI_CLI: '1'},
    opencode: {OPENCODE: '1', OPENCODE_PID: String(pid)},
  })[program];

/** One daemon for all screens of Codex: a child of the first, with its environment. */
const codexDaemon = (
  draft: Draft,
  screens: readonly {readonly pid: number; readonly env: Readonly<Record<string, string>>}[],
): number | null => {
  const [first] = screens;
  return first === undefined
    ? null
    : draft.add(-1, first.pid, 'codex app-server --listen unix:// --managed-daemon', {env: first.env, cwd: treeAt(0)});
};

/** The window in which a slot's dev server runs: its agent's alone where no other agent works in its tree. */
const serveSlot = (draft: Draft, agents: readonly AgentSpec[], at: number): void => {
  const {tree, serves} = agents[at] ?? {tree: 0, serves: false};
  if (!serves) {
    return;
  }
  const isAlone = agents.every((each, other) => other === at || treeAt(each.tree) !== treeAt(tree));
  const owner = isAlone ? at : -1;
  const {pid, env} = draft.pane(owner, 'sh -c vite', treeAt(tree), `s${at + 1}`);
  const server = draft.add(owner, pid, `node /x/vite --port ${portOf(at)}`, {cwd: treeAt(tree), env});
  draft.listeners.push(listener(portOf(at), server));
  draft.served.add(server);
};

/** Panes by the session that they are in. */
const sessionsOf = ({heads}: Draft) =>
  [...new Set(heads.map(({name}) => name))].map(name =>
    session(
      name,
      heads.filter(each => each.name === name).map(({id, pid}) => pane(id, pid)),
    ),
  );

export const buildFleet = ({agents, persons}: FleetSpec): Fleet => {
  const draft = new Draft();
  const screens = agents.map((agent, at) => draft.pane(at, agent.program, treeAt(agent.tree), `s${at + 1}`));
  const daemon = codexDaemon(
    draft,
    screens.filter((_, at) => agents[at]?.program === 'codex'),
  );
  const askers = agents.map((agent, at) => {
    const screen = screens[at] ?? {pid: 0, env: {}};
    const starter = agent.program === 'codex' && daemon !== null ? daemon : screen.pid;
    const env = {
      ...(starter === daemon ? (screens[agents.findIndex(({program}) => program === 'codex')]?.env ?? {}) : screen.env),
      ...marksOf(agent, at, screen.pid),
    };
    const cwd = treeAt(agent.tree);
    if (agent.program === 'claude' && agent.recorded) {
      draft.records.push(claudeSession(screen.pid, `A${at}`, cwd));
    }
    if (starter === daemon && daemon !== null) {
      draft.records.push(codexThread(daemon, `A${at}`, agent.recorded ? cwd : null));
    }
    serveSlot(draft, agents, at);
    for (const {how, tree} of agent.starts) {
      const there = {cwd: treeAt(tree), env};
      switch (how) {
        case 'child':
          draft.plain.add(draft.add(at, starter, 'node /x/vite', there));
          break;
        case 'deep':
          draft.plain.add(draft.add(at, draft.add(at, starter, 'bash -c x', there), 'node srv.js', {...there, cwd: '/tmp'}));
          break;
        case 'nested':
          draft.plain.add(draft.add(at, draft.add(at, starter, 'bash -c x', there), 'claude -p y', there));
          break;
        case 'orphan':
          draft.add(at, 1, 'node /x/vite', there);
          break;
        case 'orphan-bare':
          // Nothing says whose it is; it lives where it was started.
          draft.add(at, 1, 'node /x/vite', {cwd, env: {}});
          break;
      }
    }
    return draft.add(at, draft.add(at, starter, 'bash -c rigtop', {cwd, env}), 'rigtop kill --mine', {cwd, env});
  });
  for (const {where, tree} of persons) {
    const cwd = treeAt(tree);
    switch (where) {
      case 'terminal':
        draft.add(-1, draft.add(-1, 880, '-bash', {tty: 'pts/80', cwd}), 'node /x/vite', {tty: 'pts/80', cwd});
        break;
      case 'pane':
        draft.add(-1, draft.pane(-1, 'bash', cwd).pid, 'node /x/vite', {cwd});
        break;
      case 'editor':
        draft.add(-1, draft.add(-1, 1, 'code-server', {cwd: '/home/u'}), 'node lint.js', {cwd});
        break;
      case 'daemon':
        draft.add(-1, draft.add(-1, 1, 'node hub.js', {cwd: '/home/u'}), 'node srv.js', {cwd});
        break;
    }
  }
  return {
    snapshot: look({
      processes: draft.processes,
      servers: [server('default', sessionsOf(draft))],
      listeners: draft.listeners,
      checkouts: Object.fromEntries(TREES.map((tree, at) => [tree, at === 1 ? TREES[0] : tree])),
      worktrees: [{path: TREES[1], mainRoot: TREES[0], branch: 'b'}] as never,
      runtimeStores: [
        store(
          'claude',
          draft.records.filter(({program}) => program === 'claude'),
        ),
        store(
          'codex',
          draft.records.filter(({program}) => program === 'codex'),
        ),
      ],
    }),
    owners: draft.owners,
    plain: draft.plain,
    served: draft.served,
    askers,
  };
};

const started: fc.Arbitrary<Started> = fc.record({how: fc.constantFrom(...HOWS), tree: fc.nat(4)});
export const fleetSpec: fc.Arbitrary<FleetSpec> = fc.record({
  agents: fc.array(
    fc.record({
      program: fc.constantFrom(...PROGRAMS),
      tree: fc.nat(4),
      recorded: fc.boolean(),
      serves: fc.boolean(),
      starts: fc.array(started, {maxLength: 4}),
    }),
    {minLength: 1, maxLength: 4},
  ),
  persons: fc.array(fc.record({where: fc.constantFrom('terminal', 'pane', 'editor', 'daemon'), tree: fc.nat(4)}), {maxLength: 3}),
  asks: fc.nat(3),
});
