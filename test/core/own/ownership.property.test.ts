// Over random fleets nothing of somebody else is ever called an agent's own, and what it plainly started always is.
// RIGTOP_SEED repeats a run, RIGTOP_WORLDS sets how many; counter-examples shrink.
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import type {RuntimeRecord} from '../../../src/core/domain/runtime-record.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {inPane, look, pane, process, server, session} from '../../support/world.ts';
import {askedBy, claudeSession, codexThread, endedFor, ownPids, store} from './own-fleet.ts';

const SEED = Number(globalThis.process.env.RIGTOP_SEED ?? Math.floor(Math.random() * 0x7fffffff));
const WORLDS = Number(globalThis.process.env.RIGTOP_WORLDS ?? 1_500);

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
  readonly starts: readonly Started[];
}

interface FleetSpec {
  readonly agents: readonly AgentSpec[];
  /** What a person runs: at a terminal, in a pane without an agent, below an editor, kept by a daemon of theirs. */
  readonly persons: readonly {readonly where: 'terminal' | 'pane' | 'editor' | 'daemon'; readonly tree: number}[];
  readonly asks: number;
}

/** Whose a process is: an agent by its number; -1 a person. */
interface Fleet {
  readonly snapshot: Snapshot;
  readonly owners: ReadonlyMap<number, number>;
  /** What anybody can see to be an agent's. */
  readonly plain: ReadonlySet<number>;
  /** Pid that asks for each agent, and the conversation of its own channel. */
  readonly askers: readonly number[];
}

const treeAt = (at: number): string => TREES[at % TREES.length] ?? TREES[0];

class Draft {
  readonly processes: Process[] = [];
  readonly owners = new Map<number, number>();
  readonly plain = new Set<number>();
  readonly records: RuntimeRecord[] = [];
  readonly heads: {readonly name: string; readonly id: string; readonly pid: number}[] = [];
  private pid = 1000;

  add(owner: number, ppid: number, command: string, facts: Parameters<typeof process>[3] = {}): number {
    this.pid += 1;
    this.processes.push(process(this.pid, ppid, command, {sid: this.pid, ...facts}));
    this.owners.set(this.pid, owner);
    return this.pid;
  }

  pane(owner: number, command: string, cwd: string): {readonly pid: number; readonly env: Readonly<Record<string, string>>} {
    const id = `%${this.heads.length + 1}`;
    const env = inPane(id);
    const pid = this.add(owner, 700, command, {cwd, env, tty: `pts/${id.slice(1)}`});
    this.heads.push({name: `s${this.heads.length}`, id, pid});
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

const build = ({agents, persons}: FleetSpec): Fleet => {
  const draft = new Draft();
  const screens = agents.map((agent, at) => draft.pane(at, agent.program, treeAt(agent.tree)));
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
      servers: [
        server(
          'default',
          draft.heads.map(({name, id, pid}) => session(name, [pane(id, pid)])),
        ),
      ],
      checkouts: Object.fromEntries(TREES.map(tree => [tree, tree])),
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
    askers,
  };
};

const started: fc.Arbitrary<Started> = fc.record({how: fc.constantFrom(...HOWS), tree: fc.nat(4)});
const fleetSpec: fc.Arbitrary<FleetSpec> = fc.record({
  agents: fc.array(
    fc.record({program: fc.constantFrom(...PROGRAMS), tree: fc.nat(4), recorded: fc.boolean(), starts: fc.array(started, {maxLength: 4})}),
    {minLength: 1, maxLength: 4},
  ),
  persons: fc.array(fc.record({where: fc.constantFrom('terminal', 'pane', 'editor', 'daemon'), tree: fc.nat(4)}), {maxLength: 3}),
  asks: fc.nat(3),
});

describe(`whose a process is, seed ${SEED}`, () => {
  it(
    'is never an agent’s own where it is somebody else’s, and always where it was plainly started by it',
    () => {
      let found = 0;
      fc.assert(
        fc.property(fleetSpec, spec => {
          const {snapshot, owners, plain, askers} = build(spec);
          const at = spec.asks % spec.agents.length;
          const answer = askedBy(snapshot, askers[at] ?? 0);
          const own = ownPids(answer, snapshot);
          found += own.length;
          expect(own.filter(pid => owners.get(pid) !== at)).toEqual([]);
          const known = !('refused' in answer);
          expect(known).toBe(true);
          expect([...plain].filter(pid => owners.get(pid) === at && !own.includes(pid))).toEqual([]);
        }),
        {numRuns: WORLDS, seed: SEED},
      );
      expect(found).toBeGreaterThan(WORLDS / 4);
    },
    60_000 + 20 * WORLDS,
  );

  it(
    'is never ended by a plan of own things, whatever is asked for and unlocked',
    () => {
      let ended = 0;
      fc.assert(
        fc.property(fleetSpec, fc.boolean(), (spec, flush) => {
          const {snapshot, owners, askers} = build(spec);
          const at = spec.asks % spec.agents.length;
          const everything = [
            ...snapshot.processes.keys(),
            ...snapshot.servers.flatMap(({sessions}) => sessions.map(each => `session:default/${each.name}`)),
          ];
          const request = flush
            ? ({action: 'flush', asked: [treeAt(0)]} as const)
            : ({action: 'kill', asked: everything.map(String)} as const);
          const pids = endedFor(snapshot, askers[at] ?? 0, request);
          ended += pids.length;
          expect(pids.filter(pid => owners.get(pid) !== at)).toEqual([]);
        }),
        {numRuns: WORLDS / 3, seed: SEED},
      );
      expect(ended).toBeGreaterThan(WORLDS / 12);
    },
    60_000 + 40 * WORLDS,
  );
});
