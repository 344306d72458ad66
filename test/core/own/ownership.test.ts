// What is an agent's own: below it, in its slot, or in a work tree that is its alone; everything else is somebody's.
import {describe, expect, it} from 'vitest';
import {inPane, type LookFacts, look, pane, process, server, session} from '../../support/world.ts';
import {askedBy, callerIn, claudeSession, codexThread, ownOf, ownPids, store} from './own-fleet.ts';

const APP = '/home/u/r/app';
const NEXT = '/home/u/r/app-2';
const trees = {[APP]: APP, [NEXT]: APP, [`${APP}/docs`]: APP, '/home/u/r/other': '/home/u/r/other'};
const seats = server('default', [session('a', [pane('%1', 1000)]), session('b', [pane('%2', 2000)])]);
const one = {tty: 'pts/1', sid: 1000, cwd: APP, env: inPane('%1')};
const two = {tty: 'pts/2', sid: 2000, cwd: NEXT, env: inPane('%2')};
const mark = (id: string, pid: number) => ({CLAUDECODE: '1', CLAUDE_CODE_SESSION_ID: id, CLAUDE_PID: String(pid)});
const ofA = {...inPane('%1'), ...mark('A', 1000)};
const ofB = {...inPane('%2'), ...mark('B', 2000)};

/** Claude A in pane 1 in one work tree, Claude B in pane 2 in the sibling whose path begins alike; rigtop (1002) asks for A. */
const pair = [
  process(1000, 700, 'claude', one),
  process(1001, 1000, 'bash -c rigtop kill --mine', {cwd: APP, env: ofA}),
  process(1002, 1001, 'node /usr/bin/rigtop kill', {cwd: APP, env: ofA}),
  process(2000, 700, 'claude', two),
  process(2001, 2000, 'node /x/vite', {cwd: NEXT, env: ofB}),
];
const records = [store('claude', [claudeSession(1000, 'A', APP), claudeSession(2000, 'B', NEXT)])];

const fleet = (more: readonly ReturnType<typeof process>[], facts: LookFacts = {}) =>
  look({processes: [...pair, ...more], servers: [seats], checkouts: trees, runtimeStores: records, ...facts});

const from = (snapshot: ReturnType<typeof look>, pid: number, asker = 1002) => ownOf(askedBy(snapshot, asker), snapshot, pid);

describe('who asks', () => {
  it('is the nearest agent above', () => {
    const nested = [process(1010, 1001, 'claude -p x', {cwd: APP}), process(1011, 1010, 'rigtop mcp', {cwd: APP})];
    const snapshot = fleet(nested);
    expect(callerIn(askedBy(snapshot, 1002))).toMatch(/^agent:/);
    expect(callerIn(askedBy(snapshot, 1011))).toBe('claude 1010');
  });

  it('is nobody at a person’s shell, below a server’s pane, or for a pid that is another process’s', () => {
    const snapshot = fleet([process(1020, 700, '-bash', {...one, sid: 1020}), process(1021, 1020, 'rigtop kill', {cwd: APP, env: ofA})]);
    expect(callerIn(askedBy(snapshot, 1021))).toMatch(/^no agent program is above it/);
    expect(callerIn(askedBy(snapshot, 4242))).toContain('not in the process table');
  });

  it('is not told where the agent is handed whatever loses its parent', () => {
    const inside = look({
      processes: [process(1, 0, 'claude', {cwd: APP}), process(1002, 1, 'rigtop mcp', {cwd: APP})],
      checkouts: trees,
    });
    expect(callerIn(askedBy(inside, 1002))).toContain('handed whatever loses its parent');
  });
});

describe('lineage', () => {
  const below = [
    process(1100, 1000, 'bash -c npm run dev', {cwd: APP, env: ofA}),
    process(1101, 1100, 'node /x/vite', {cwd: '/tmp', env: ofA}),
    process(1102, 1000, 'claude -p nested', {cwd: NEXT, env: ofA}),
    process(1103, 1102, 'sleep 9', {cwd: NEXT, env: null}),
  ];
  const snapshot = fleet(below);

  it('makes everything below the agent its own, wherever it works', () => {
    for (const pid of [1100, 1101, 1102, 1103]) {
      expect(from(snapshot, pid), String(pid)).toBe('yes by below');
    }
  });

  it('never the agent itself, what asks, its shell, what stands above it, or another’s', () => {
    for (const pid of [1, 500, 700, 1000, 1001, 1002, 2000, 2001, 890]) {
      expect(from(snapshot, pid), String(pid)).toMatch(/^(?:no|unknown)$/);
    }
  });

  it('ends at servers that several work through', () => {
    const shared = fleet([
      process(1200, 1000, 'codex app-server --listen unix:///x.sock --managed-daemon', {cwd: APP, env: ofA}),
      process(1201, 1200, 'sleep 1', {cwd: APP, env: {...ofA, CODEX_THREAD_ID: 'T'}}),
      process(1210, 1000, 'tmux -L x new-session', {comm: 'tmux: server', cwd: APP, env: ofA}),
      process(1211, 1210, 'vite', {cwd: APP, env: ofA}),
      process(1220, 1000, 'opencode serve --port 7001', {cwd: APP, env: ofA}),
      process(1221, 1220, 'sleep 1', {cwd: APP, env: {...ofA, OPENCODE: '1'}}),
      process(1230, 1000, 'codex mcp-server', {cwd: APP, env: ofA}),
    ]);
    for (const pid of [1200, 1201, 1211, 1220, 1221]) {
      expect(from(shared, pid), String(pid)).toBe('unknown');
    }
    expect(from(shared, 1210)).toBe('no');
    expect(from(shared, 1230)).toBe('yes by below');
  });
});

describe('the work tree', () => {
  const orphan = (pid: number, facts: Parameters<typeof process>[3] = {}) => process(pid, 1, 'node /x/vite', {cwd: APP, ...facts});

  it('makes its own what lives there with nobody above it, and not what lives in a tree whose path begins alike', () => {
    const snapshot = fleet([
      orphan(1300),
      orphan(1301, {cwd: `${APP}/docs`}),
      orphan(1302, {cwd: NEXT}),
      orphan(1303, {cwd: '/home/u/r/other'}),
    ]);
    const inDocs = {
      ...snapshot,
      checkouts: new Map([...snapshot.checkouts, [`${APP}/docs`, {directory: `${APP}/docs`, root: APP, mainRoot: APP}]]),
    };
    expect(from(inDocs, 1300)).toBe('yes by tree');
    expect(from(inDocs, 1301)).toBe('yes by tree');
    expect(from(inDocs, 1302)).toBe('no');
    expect(from(inDocs, 1303)).toBe('no');
  });

  it('not a work tree or repository of its own inside of it', () => {
    expect(from(fleet([orphan(1300, {cwd: `${APP}/docs`})]), 1300)).toBe('no');
  });

  it('not what another agent started there, or moved there', () => {
    const snapshot = fleet([
      orphan(1300, {env: ofB}),
      orphan(1301, {env: mark('B', 4711)}),
      process(1302, 2001, 'esbuild', {cwd: APP, env: {}}),
      orphan(1303, {env: {GEMINI_CLI: '1'}}),
      orphan(1304, {env: null}),
      orphan(1305, {env: {CODEX_THREAD_ID: 'T'}}),
    ]);
    expect([1300, 1301, 1302, 1303, 1304].map(pid => from(snapshot, pid))).toEqual(['no', 'no', 'no', 'unknown', 'unknown']);
    expect(from(snapshot, 1305)).toBe('yes by tree');
  });

  it('what an agent that has ended left there, unless its conversation may go on', () => {
    const left = orphan(1300, {env: mark('gone', 4711)});
    expect(from(fleet([left]), 1300)).toBe('yes by tree');
    // A session of the same program that no record names may be that conversation.
    expect(from(fleet([left, process(3000, 1, 'claude -p x', {cwd: '/home/u/r/other'})]), 1300)).toBe('unknown');
    const blind = [
      {...store('claude', [claudeSession(1000, 'A', APP), claudeSession(2000, 'B', NEXT)]), unreadable: [{file: '/x', because: 'cut'}]},
    ];
    expect(from(fleet([left], {runtimeStores: blind}), 1300)).toBe('unknown');
  });

  it('not a person’s: at a terminal, in another pane, below an editor or what keeps it running', () => {
    const snapshot = fleet([
      process(1310, 880, '-bash', {tty: 'pts/91', sid: 1310, cwd: APP}),
      process(1311, 1310, 'node /x/vite', {tty: 'pts/91', sid: 1310, cwd: APP}),
      process(1320, 1, 'code-server', {cwd: APP}),
      process(1321, 1320, 'node lint.js', {cwd: APP}),
      process(1330, 1, 'PM2 v5.3.0: God Daemon', {comm: 'PM2 v5.3.0: God', cwd: '/home/u'}),
      process(1331, 1330, 'node srv.js', {cwd: APP}),
      process(1340, 1, 'node hub.js', {cwd: '/home/u'}),
      process(1341, 1340, 'node srv.js', {cwd: APP}),
    ]);
    for (const pid of [1310, 1311, 1320, 1321, 1330, 1331, 1340, 1341]) {
      expect(from(snapshot, pid), String(pid)).toMatch(/^(?:no|unknown)$/);
    }
  });

  it('is nobody’s alone while two agents live in it; then the mark of the conversation tells', () => {
    const mate = process(2000, 700, 'claude', {...two, cwd: APP});
    const snapshot = look({
      processes: [...pair.filter(({pid}) => pid < 2000), mate, orphan(1300), orphan(1301, {env: ofA}), orphan(1302, {env: ofB})],
      servers: [seats],
      checkouts: trees,
      runtimeStores: [store('claude', [claudeSession(1000, 'A', APP), claudeSession(2000, 'B', APP)])],
    });
    expect([1300, 1301, 1302].map(pid => from(snapshot, pid))).toEqual(['unknown', 'yes by mark', 'no']);
  });

  it('is not a home directory, not the root, not a tree that an unseen agent may live in', () => {
    const home = {'/home/u': '/home/u'};
    const atHome = look({
      processes: [
        process(1000, 700, 'claude', {...one, cwd: '/home/u'}),
        process(1002, 1000, 'rigtop mcp', {cwd: '/home/u'}),
        orphan(1300, {cwd: '/home/u'}),
      ],
      servers: [seats],
      checkouts: home,
    });
    expect(from(atHome, 1300)).toBe('unknown');
    const unseen = fleet([orphan(1300), process(3000, 1, 'gemini -p x', {cwd: null})]);
    expect(from(unseen, 1300)).toBe('unknown');
  });

  it('a directory that was removed, or made again, is no longer known to be in it', () => {
    const snapshot = fleet([orphan(1300, {cwdDeleted: true}), orphan(1301, {cwdRemade: APP})]);
    expect([1300, 1301].map(pid => from(snapshot, pid))).toEqual(['no', 'no']);
  });

  it('marks that the agent itself was started with say nothing of what it starts', () => {
    // A was typed at a tool shell of a conversation that goes on elsewhere.
    const outer = {...inPane('%1'), ...mark('B', 2000)};
    const snapshot = look({
      processes: [
        process(1000, 700, 'gemini', {...one, env: outer}),
        process(1002, 1000, 'rigtop mcp', {cwd: APP, env: outer}),
        ...pair.slice(3),
        orphan(1300, {env: {...outer, GEMINI_CLI: '1'}}),
        orphan(1301, {env: ofB}),
      ],
      servers: [seats],
      checkouts: trees,
      runtimeStores: records,
    });
    expect(from(snapshot, 1300)).toBe('yes by tree');
  });
});

describe('a daemon that several sessions work through', () => {
  const daemon = process(1100, 1000, 'codex app-server --listen unix:// --managed-daemon', {cwd: APP, env: inPane('%1')});
  const thread = (id: string) => ({...inPane('%1'), CODEX_CI: '1', CODEX_THREAD_ID: id, CODEX_SESSION_ID: id});
  const screens = [process(1000, 700, 'codex', one), process(2000, 700, 'codex', two)];
  const tools = [
    process(1110, 1100, 'bash -lc rigtop kill --mine', {cwd: APP, env: thread('T1')}),
    process(1111, 1110, 'rigtop kill --mine', {cwd: APP, env: thread('T1')}),
    process(1120, 1100, 'python3 -m http.server', {cwd: APP, env: thread('T1')}),
    process(1130, 1100, 'python3 -m http.server', {cwd: NEXT, env: thread('T2')}),
    process(1140, 1100, 'node mcp.js', {cwd: APP, env: {}}),
    process(1150, 1, 'node /x/vite', {cwd: APP, env: thread('T1')}),
    process(1151, 1, 'node /x/vite', {cwd: APP, env: thread('T2')}),
    process(1152, 1, 'node /x/vite', {cwd: APP}),
  ];
  const threads = [codexThread(1100, 'T1', APP), codexThread(1100, 'T2', NEXT)];
  const codex = (more: readonly ReturnType<typeof process>[] = [], held = threads) =>
    look({processes: [...screens, daemon, ...tools, ...more], servers: [seats], checkouts: trees, runtimeStores: [store('codex', held)]});

  it('is asked by the conversation that its records and the marks of its children agree on', () => {
    const snapshot = codex();
    expect(callerIn(askedBy(snapshot, 1111))).toBe('codex conversation T1');
    expect(ownPids(askedBy(snapshot, 1111), snapshot)).toEqual([1120, 1150, 1152]);
  });

  it('never by a mere claim', () => {
    const forged = process(1131, 1130, 'rigtop kill --mine', {cwd: NEXT, env: thread('T1')});
    expect(callerIn(askedBy(codex([forged]), 1131))).toContain('another conversation');
    const bare = process(1160, 1100, 'rigtop mcp', {cwd: APP, env: {}});
    expect(callerIn(askedBy(codex([bare]), 1160))).toContain('bears no mark');
    expect(callerIn(askedBy(codex([bare]), 1160, 'T9'))).toContain('do not say that it holds conversation T9');
    expect(callerIn(askedBy(codex([], [codexThread(1100, 'T2', NEXT)]), 1111))).toContain('do not say');
    expect(callerIn(askedBy(codex([], [codexThread(4711, 'T1', APP)]), 1111))).toContain('do not say');
  });

  it('what the runtime names on its own channel counts as its records say, and not against the marks', () => {
    const hook = process(1160, 1100, 'rigtop guard', {cwd: APP, env: {}});
    const snapshot = codex([hook]);
    expect(callerIn(askedBy(snapshot, 1160, 'T2'))).toBe('codex conversation T2');
    expect(ownPids(askedBy(snapshot, 1160, 'T2'), snapshot)).toEqual([1130]);
    expect(callerIn(askedBy(snapshot, 1111, 'T2'))).toContain('two conversations');
  });

  it('a second screen or thread in the tree makes it nobody’s alone', () => {
    const screen = process(3000, 1, 'codex', {tty: 'pts/93', cwd: APP});
    const both = codex([screen]);
    expect(ownOf(askedBy(both, 1111), both, 1152)).toBe('unknown');
    const more = codex([], [...threads, codexThread(1100, 'T3', APP)]);
    expect(ownOf(askedBy(more, 1111), more, 1152)).toBe('unknown');
    const lost = codex([], [...threads, codexThread(1100, 'T3', null)]);
    expect(ownOf(askedBy(lost, 1111), lost, 1152)).toBe('unknown');
    expect(ownOf(askedBy(lost, 1111), lost, 1150)).toBe('yes by mark');
  });
});
