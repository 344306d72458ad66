// Agent programs without an owner: what makes one sure, what makes it unknown, and what is somebody's.
import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {
  facts,
  inPane,
  look,
  ofKind,
  type ProcessFacts,
  pane,
  process,
  server,
  session,
  settled,
  silentServer,
  verdicts,
} from '../../support/world.ts';

const KIND = 'orphan-process';

/** A claude whose environment names %12 of the default server, which is not there. */
const leftOver = (more: ProcessFacts = {}, ppid = 1): Process =>
  process(4388, ppid, 'claude --continue', {env: inPane('%12'), cwd: '/home/u/w/shop', ...more});

const orphans = (processes: readonly Process[], more: Parameters<typeof look>[0] = {}): readonly string[] =>
  verdicts(settled(look({processes, ...more})), KIND);

describe('sure', () => {
  test('adopted by init, with a pane that its server does not have', () => {
    const findings = settled(look({processes: [leftOver()]}));
    expect(verdicts(findings, KIND)).toEqual(['sure process:4388']);
    const [finding] = ofKind(findings, KIND);
    expect(finding).toMatchObject({remedies: ['kill'], protectedBy: null, severity: 'high'});
    expect(facts(finding)).toContain('its environment names pane %12 of /tmp/tmux-1000/default, server 700');
    expect(facts(finding)).toContain('the server of its pane answered and has no %12');
    expect(facts(finding)).toContain('its parent is init (systemd)');
    expect(facts(finding)).toContain('age 1h');
  });

  test('adopted by the tmux server, below no pane: a survivor of kill-session', () => {
    const findings = settled(look({processes: [leftOver({}, 700)]}));
    expect(verdicts(findings, KIND)).toEqual(['sure process:4388']);
    expect(facts(ofKind(findings, KIND)[0])).toContain('adopted by tmux server 700, below no pane');
  });

  test('adopted by a user’s systemd: the parent need not be pid 1', () => {
    const findings = settled(look({processes: [leftOver({}, 500)]}));
    expect(verdicts(findings, KIND)).toEqual(['sure process:4388']);
    expect(facts(ofKind(findings, KIND)[0])).toContain('systemd --user 500');
  });

  test('below a shell that only carries it, and run by node', () => {
    const shell = process(4380, 1, ['sh', '-c', 'codex'], {env: inPane('%12')});
    const codex = process(4381, 4380, 'node /usr/bin/codex --yolo', {env: inPane('%12')});
    expect(orphans([shell, codex])).toEqual(['sure process:4381']);
  });

  test('its pane is dead', () => {
    const servers = [server('default', [session('x', [pane('%12', 4388, {dead: true})])])];
    expect(orphans([leftOver({pid: 4400, startTime: 44000})], {servers})).toEqual(['sure process:4400']);
  });

  test('its pane was respawned since: the process of the pane is younger', () => {
    const servers = [server('default', [session('x', [pane('%12', 4500)])])];
    const head = process(4500, 700, 'claude', {ageMs: 120_000, tty: 'pts/12', env: inPane('%12')});
    const findings = settled(look({processes: [leftOver(), head], servers}));
    expect(verdicts(findings, KIND)).toEqual(['sure process:4388']);
    expect(facts(ofKind(findings, KIND)[0])).toContain('respawned');
  });

  test('an earlier server on the same socket: its %3 is not today’s %3', () => {
    const servers = [server('default', [session('x', [pane('%3', 4500)])])];
    const head = process(4500, 700, 'bash', {ageMs: 3_600_000, tty: 'pts/3'});
    const findings = settled(look({processes: [leftOver({env: inPane('%3', 666)}), head], servers}));
    expect(verdicts(findings, KIND)).toEqual(['sure process:4388']);
    expect(facts(ofKind(findings, KIND)[0])).toContain('its server 666 is no longer running');
  });

  test('an earlier server that happened to have the same pid', () => {
    const young = process(700, 1, 'tmux', {comm: 'tmux: server', ageMs: 120_000});
    const servers = [server('default', [session('x', [pane('%12', 4500)])])];
    const head = process(4500, 700, 'bash', {ageMs: 119_000, tty: 'pts/12'});
    expect(orphans([young, head, leftOver({ageMs: 7_200_000})], {servers})).toEqual(['sure process:4388']);
  });

  test('a server that is proven absent', () => {
    const servers = [server('old', [], {state: 'absent', because: 'no server running', pid: null})];
    expect(orphans([leftOver({env: inPane('%1', 666, 'old')})], {servers})).toEqual(['sure process:4388']);
  });

  test('a socket that is not there any more, its server process gone with it', () => {
    expect(orphans([leftOver({env: inPane('%1', 666, 'vanished')})])).toEqual(['sure process:4388']);
  });

  test('started by a town, by the paths in its arguments, in no pane of any server', () => {
    const towns = [townRecord({rigs: {shop: {prefix: 'sh', polecats: ['fury']}}})];
    const polecat = process(4388, 1, 'claude --settings /home/u/gt/shop/polecats/.claude/settings.json', {
      cwd: '/home/u/gt/shop/polecats/fury/shop',
      env: null,
    });
    expect(orphans([polecat], {towns})).toEqual(['sure process:4388']);
    expect(orphans([polecat], {towns, servers: [server('default', []), silentServer('gt-56fe62')]})).toEqual(['unknown process:4388']);
  });
});

describe('unknown', () => {
  test('the server it was started in did not answer', () => {
    const findings = settled(look({processes: [leftOver({env: inPane('%1', 700, 'work')})], servers: [silentServer('work')]}));
    expect(verdicts(findings, KIND)).toEqual(['unknown process:4388']);
    expect(ofKind(findings, KIND)[0]?.remedies).toEqual([]);
    expect(facts(ofKind(findings, KIND)[0])).toContain('did not answer');
  });

  test('the socket is gone, its server process is not', () => {
    const server888 = process(888, 1, 'tmux new -s y', {comm: 'tmux: server', ageMs: 7_200_000});
    expect(orphans([leftOver({env: inPane('%1', 888, 'unlinked')}), server888])).toEqual(['unknown process:4388']);
  });

  test('another server took the socket, the first one lives on', () => {
    const server888 = process(888, 1, 'tmux new -s y', {comm: 'tmux: server', ageMs: 7_200_000});
    expect(orphans([leftOver({env: inPane('%1', 888)}), server888])).toEqual(['unknown process:4388']);
  });

  test('its pane still exists', () => {
    const servers = [server('default', [session('x', [pane('%12', 4500)])])];
    const head = process(4500, 700, 'bash', {ageMs: 7_200_000, tty: 'pts/12'});
    expect(orphans([leftOver(), head], {servers})).toEqual(['unknown process:4388']);
  });

  test('its environment cannot be read, or names nothing: nohup on purpose looks the same', () => {
    expect(orphans([leftOver({env: null})])).toEqual(['unknown process:4388']);
    expect(orphans([leftOver({env: {}})])).toEqual(['unknown process:4388']);
  });

  test('the process table is incomplete', () => {
    expect(orphans([leftOver()], {processesComplete: false})).toEqual(['unknown process:4388']);
  });
});

describe('somebody’s', () => {
  test('inside a live pane, however deep', () => {
    const servers = [server('default', [session('x', [pane('%1', 4000)])])];
    const tree = [process(4000, 700, 'bash', {tty: 'pts/1'}), process(4001, 4000, ['sh', '-c', 'x']), leftOver({}, 4001)];
    expect(orphans(tree, {servers})).toEqual([]);
  });

  test('at a terminal of its own, or below one', () => {
    expect(orphans([leftOver({tty: 'pts/44'})])).toEqual([]);
    expect(orphans([process(4000, 1, 'bash', {tty: 'pts/44'}), leftOver({}, 4000)])).toEqual([]);
  });

  test('handed over, but still at the terminal of a live pane', () => {
    const servers = [server('default', [session('x', [pane('%1', 4000)])])];
    expect(orphans([process(4000, 700, 'bash', {tty: 'pts/1'}), leftOver({tty: 'pts/1'})], {servers})).toEqual([]);
  });

  test('below an editor, its remote server, or driven over pipes', () => {
    const editor = process(4000, 1, '/home/u/.vscode-server/bin/abc/node out/server-main.js', {comm: 'node'});
    expect(orphans([editor, leftOver({}, 4000)])).toEqual([]);
    expect(orphans([process(4388, 1, 'claude --output-format stream-json --input-format stream-json', {env: inPane('%12')})])).toEqual([]);
    expect(orphans([leftOver({env: {VSCODE_PID: '1'}})])).toEqual([]);
  });

  test('below another supervisor: sshd, cron, a container’s shim, pm2, an orchestrator', () => {
    for (const engine of ['sshd', 'cron', '/usr/bin/containerd-shim-runc-v2 -id x', 'python3 /home/u/orchestrate.py']) {
      expect(orphans([process(4000, 1, engine), leftOver({}, 4000)]), engine).toEqual([]);
    }
    expect(orphans([process(4000, 1, ['PM2 v5.3.0: God Daemon (/home/u/.pm2)'], {comm: 'PM2 v5.3.0: God'}), leftOver({}, 4000)])).toEqual(
      [],
    );
  });

  test('below a tmux server that did not answer: it may be in a pane of it', () => {
    const other = process(888, 1, 'tmux -L work new', {comm: 'tmux: server'});
    expect(orphans([other, leftOver({}, 888)], {servers: [silentServer('work')]})).toEqual([]);
  });

  test('below another agent, another user’s, younger than a minute, defunct', () => {
    expect(orphans([leftOver(), process(4400, 4388, 'claude -p sub', {env: inPane('%12')})])).toEqual(['sure process:4388']);
    expect(orphans([leftOver({uid: 0})])).toEqual([]);
    expect(orphans([leftOver({ageMs: 50_000})])).toEqual([]);
    expect(orphans([leftOver({state: 'Z', argv: []})])).toEqual([]);
  });

  test('a parent outside of this table: another namespace', () => {
    expect(orphans([leftOver({}, 0)])).toEqual([]);
    expect(orphans([leftOver({}, 31_337)])).toEqual([]);
  });

  test('the tmux server itself, whose argv is that of its first session', () => {
    expect(settled(look())).toEqual([]);
  });

  test('above or beside rigtop itself, though that was put into the background', () => {
    const self = {pid: 4400, startTime: 44000, uid: 1000, ancestors: [4388, 1], pane: null};
    expect(orphans([leftOver(), process(4400, 4388, 'node /usr/bin/rigtop', {env: inPane('%12')})], {self})).toEqual([]);
  });

  test('recorded in a pid file of its town: the mayor outside tmux', () => {
    const record = {
      kind: 'acp' as const,
      pid: 4388,
      session: null,
      path: '/home/u/gt/mayor/mayor-acp.pid',
      writtenAt: look().takenAt - 1_000,
    };
    const mayor = leftOver({cwd: '/home/u/gt/mayor'});
    const snapshot = look({processes: [mayor], towns: [townRecord({records: {helpers: [record]}})]});
    expect(verdicts(settled(snapshot), KIND)).toEqual([]);
  });
});

test('a pane’s number may be somebody else’s by now: a dead pane’s pid does not house anybody', () => {
  const servers = [server('default', [session('x', [pane('%12', 4388, {dead: true})])])];
  expect(orphans([leftOver()], {servers})).toEqual(['sure process:4388']);
});
