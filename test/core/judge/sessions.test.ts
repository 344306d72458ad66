// Sessions whose agent, worker or place is gone: zombies, orphans, dead panes, doubles. And those that only look like it.
import {describe, expect, test} from 'vitest';
import {unknown} from '../../../src/core/domain/known.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {
  assessAll,
  facts,
  inPane,
  type LookFacts,
  look,
  ofKind,
  pane,
  process,
  type SessionFacts,
  server,
  session,
  settled,
  verdicts,
} from '../../support/world.ts';

const SOCKET = 'gt-56fe62';
const town = townRecord({rigs: {shop: {prefix: 'sh', polecats: ['fury'], crew: ['max']}}});
const shell = (pid: number, more = {}) => process(pid, 700, '-bash', {tty: 'pts/1', cwd: '/home/u/gt/shop/polecats/fury/shop', ...more});
const furyEnv = {GT_ROLE: 'shop/polecats/fury', GT_RIG: 'shop', GT_ROOT: '/home/u/gt'};
const fury = (more: SessionFacts = {}, panes = [pane('%1', 4000)]) => session('sh-fury', panes, {env: furyEnv, ...more});
const inTown = (held: ReturnType<typeof session>, processes: LookFacts['processes'], more: LookFacts = {}) =>
  look({towns: [town], servers: [server(SOCKET, [held])], processes: processes ?? [], ...more});

describe('an agent whose window several sessions show', () => {
  const agents = [process(4000, 700, 'claude', {tty: 'pts/1', cwd: '/w/a'}), process(4100, 700, 'codex', {tty: 'pts/2', cwd: '/w/a'})];
  const seen = (...held: readonly ReturnType<typeof session>[]) =>
    assessAll([look({processes: agents, servers: [server('default', held)], checkouts: {'/w/a': '/w/a'}})]).assessment.fleet.agents.map(
      ({ref, process: at}) => `${ref} ${at?.pid}`,
    );

  test('is one: of a group in the session that was there first', () => {
    const shown = [pane('%1', 4000)];
    expect(seen(session('a-view', shown, {group: 'one'}), session('one', shown, {group: 'one'}))).toEqual([
      'agent:a/one 4000',
      'agent:a/codex-4100 4100',
    ]);
  });

  test('is one: of a linked window in the older session, and a session keeps those of its own', () => {
    const held = seen(session('other', [pane('%1', 4000), pane('%2', 4100)]), session('one', [pane('%1', 4000)], {created: 1}));
    expect(held).toEqual(['agent:a/other 4100', 'agent:a/one 4000']);
  });
});

describe('zombie-session', () => {
  const zombies = (snapshot: ReturnType<typeof look>, overrides = {}) => verdicts(settled(snapshot, overrides), 'zombie-session');

  test('a town’s session in which only a shell is left', () => {
    const findings = ofKind(settled(inTown(fury(), [shell(4000)])), 'zombie-session');
    expect(findings).toMatchObject([
      {certainty: 'sure', subject: `session:${SOCKET}/sh-fury`, remedies: ['restart', 'kill'], protectedBy: null},
    ]);
    expect(facts(findings[0])).toContain('no agent program in its only pane, only -bash 4000');
    expect(facts(findings[0])).toContain('GT_ROLE=shop/polecats/fury');
  });

  test('only `sleep` below the shell', () => {
    expect(zombies(inTown(fury(), [shell(4000), process(4001, 4000, 'sleep 100')]))).toEqual([`sure session:${SOCKET}/sh-fury`]);
  });

  test.each<[string, readonly ReturnType<typeof process>[], Record<string, string>]>([
    ['a shell with an agent below', [shell(4000), process(4001, 4000, 'claude')], {}],
    ['a shell, npm, node, an agent', [shell(4000), process(4001, 4000, 'npm exec x'), process(4002, 4001, 'node /usr/bin/codex')], {}],
    ['node below bash, declared in GT_PROCESS_NAMES', [shell(4000), process(4001, 4000, 'node x.js')], {GT_PROCESS_NAMES: 'node,claude'}],
    ['a version for a title, comm says claude', [process(4000, 700, '2.1.30', {comm: 'claude', tty: 'pts/1'})], {}],
    ['a version for a title, GT_AGENT says claude', [process(4000, 700, '2.1.30', {env: {GT_AGENT: 'claude'}, tty: 'pts/1'})], {}],
    ['a Nix wrapper', [process(4000, 700, '/nix/store/x/bin/.claude-unwrapped', {comm: '.claude-unwrapp', tty: 'pts/1'})], {}],
    ['stopped by a signal', [process(4000, 700, 'claude', {state: 'T', tty: 'pts/1'})], {}],
  ])('alive: %s', (_, processes, env) => {
    expect(zombies(inTown(fury({env: {...furyEnv, ...env}}), processes))).toEqual([]);
  });

  test('alive in the second pane, and in another window', () => {
    const held = fury({}, [pane('%1', 4000), pane('%2', 4100, {windowIndex: 1})]);
    expect(zombies(inTown(held, [shell(4000), process(4100, 700, 'claude', {tty: 'pts/2'})]))).toEqual([]);
  });

  test('the declared pane is missing while another runs an agent: unknown, never sure', () => {
    const held = fury({env: {...furyEnv, GT_PANE_ID: '%55'}});
    const findings = ofKind(settled(inTown(held, [process(4000, 700, 'claude', {tty: 'pts/1'})])), 'zombie-session');
    expect(findings).toMatchObject([{certainty: 'unknown', remedies: []}]);
    expect(facts(findings[0])).toContain('%55');
  });

  test('a tool server below the shell is no sign of life', () => {
    const held = fury({env: {...furyEnv, GT_PROCESS_NAMES: 'node,claude'}});
    expect(zombies(inTown(held, [shell(4000), process(4001, 4000, 'node /x/mcp-server-git')]))).toHaveLength(1);
  });

  test('a dev server that it left running in its pane does not make it live', () => {
    const findings = ofKind(settled(inTown(fury(), [shell(4000), process(4001, 4000, 'node /x/.bin/vite')])), 'zombie-session');
    expect(findings).toMatchObject([{certainty: 'sure'}]);
    expect(facts(findings[0])).toContain('only -bash 4000, node vite 4001');
  });

  test('a program rigtop does not know may be an agent', () => {
    expect(zombies(inTown(fury(), [shell(4000), process(4001, 4000, '/opt/newagent --auto')]))).toEqual([
      `unknown session:${SOCKET}/sh-fury`,
    ]);
  });

  test('just started, or not in the process table: nothing is said', () => {
    expect(zombies(inTown(fury(), [shell(4000, {ageMs: 20_000})]))).toEqual([]);
    expect(zombies(inTown(fury(), []))).toEqual([]);
    expect(zombies(inTown(fury(), [shell(4000)], {processesComplete: false}))).toEqual([]);
  });

  test('all panes dead', () => {
    const findings = settled(
      inTown(fury({}, [pane('%1', 4000, {dead: true, exitStatus: 1, tty: ''})]), [process(4000, 1, 'claude', {env: null})]),
    );
    expect(verdicts(findings, 'zombie-session')).toEqual([`sure session:${SOCKET}/sh-fury`]);
    expect(ofKind(findings, 'zombie-session')[0]?.processes).toEqual([]);
    expect(verdicts(findings, 'dead-pane')).toEqual([`sure pane:${SOCKET}/%1`]);
  });

  test('a person’s own shell is nobody’s zombie, whatever its session is called', () => {
    for (const name of ['gt-fury', 'sh-fury', 'claude', 'dotfiles-main', 'hq-mayor']) {
      const snapshot = look({
        towns: [town],
        servers: [server('default', [session(name, [pane('%1', 4000)])])],
        processes: [shell(4000, {cwd: '/home/u'})],
      });
      expect(settled(snapshot), name).toEqual([]);
    }
  });

  test('a town server started by an agent taints its panes’ environment: that is no claim', () => {
    const tainted = shell(4000, {cwd: '/home/u', env: {...furyEnv, GT_SESSION: 'sh-fury', ...inPane('%1')}});
    const snapshot = look({
      towns: [town],
      servers: [server('default', [session('personal', [pane('%1', 4000)], {env: null})])],
      processes: [tainted],
    });
    expect(settled(snapshot)).toEqual([]);
  });

  test('started with an agent program, outside of every town', () => {
    const held = session('work', [pane('%1', 4000, {startCommand: 'claude; exec bash'})]);
    const snapshot = look({
      servers: [server('default', [held])],
      processes: [shell(4000, {cwd: '/w/shop'})],
      checkouts: {'/w/shop': '/w/shop'},
    });
    expect(zombies(snapshot)).toEqual(['unknown session:default/work']);
    const command = {...snapshot, processes: new Map(snapshot.processes).set(4000, process(4000, 700, ['sh', '-c', 'claude; sleep 99']))};
    expect(zombies(command)).toEqual(['sure session:default/work']);
    const [finding] = ofKind(settled(snapshot), 'zombie-session');
    expect(finding).toMatchObject({protectedBy: {rule: 'shell', unlock: 'shell'}, remedies: []});
  });

  test('configured, with a pane in its rig; services there are no agents and no zombies', () => {
    const rigs = [{name: 'search', path: '/w/search', session: 'search-{slot}', slots: 4, slotStride: 10, services: []}];
    const held = session('search-2', [pane('%1', 4000)]);
    const at = (cwd: string, ...below: readonly ReturnType<typeof process>[]) =>
      look({servers: [server('default', [held])], processes: [shell(4000, {cwd}), ...below]});
    // Its dev server may have been stopped by the person who is in it.
    expect(zombies(at('/w/search'), {rigs})).toEqual([]);
    expect(zombies(at('/w/search', process(4001, 4000, 'node /w/search/node_modules/.bin/vite')), {rigs})).toEqual([]);
    expect(zombies(at('/home/u'), {rigs})).toEqual([]);
  });

  test('crew and attached sessions are protected, and say so', () => {
    const max = session('sh-crew-max', [pane('%1', 4000)], {env: {GT_ROLE: 'shop/crew/max', GT_ROOT: '/home/u/gt'}});
    expect(ofKind(settled(inTown(max, [shell(4000)])), 'zombie-session')).toMatchObject([
      {protectedBy: {rule: 'crew', unlock: 'crew'}, remedies: []},
    ]);
    expect(ofKind(settled(inTown(fury({attached: 1}), [shell(4000)])), 'zombie-session')).toMatchObject([
      {protectedBy: {rule: 'attached', unlock: 'attached'}, remedies: []},
    ]);
  });

  test('the overseer’s seat needs no agent', () => {
    const seat = session('hq-overseer', [pane('%1', 4000)], {env: {GT_ROLE: 'overseer', GT_ROOT: '/home/u/gt'}});
    expect(zombies(inTown(seat, [shell(4000)]))).toEqual([]);
  });
});

describe('orphan-session', () => {
  const orphans = (snapshot: ReturnType<typeof look>) => verdicts(settled(snapshot), 'orphan-session');
  const claude = process(4000, 700, 'claude', {tty: 'pts/1', cwd: '/tmp'});

  test('its rig is not registered any more: also one that the town’s own tools skip', () => {
    const held = session('zz-fury', [pane('%1', 4000)], {env: {GT_ROLE: 'oldrig/polecats/fury', GT_ROOT: '/home/u/gt'}});
    const findings = ofKind(settled(inTown(held, [claude])), 'orphan-session');
    expect(findings).toMatchObject([{certainty: 'sure', remedies: ['kill']}]);
    expect(facts(findings[0])).toContain('rig oldrig is not in the registry of town home');
  });

  test('its worker has no directory; crew would be protected', () => {
    const polecat = session('sh-ghost', [pane('%1', 4000)], {env: {GT_ROLE: 'shop/polecats/ghost', GT_ROOT: '/home/u/gt'}});
    expect(orphans(inTown(polecat, [claude]))).toEqual([`sure session:${SOCKET}/sh-ghost`]);
    const crew = session('sh-crew-ghost', [pane('%1', 4000)], {env: {GT_ROLE: 'shop/crew/ghost', GT_ROOT: '/home/u/gt'}});
    expect(ofKind(settled(inTown(crew, [claude])), 'orphan-session')).toMatchObject([{protectedBy: {rule: 'crew'}, remedies: []}]);
  });

  test('by name and socket alone it cannot be sure', () => {
    const held = session('sh-ghost', [pane('%1', 4000)], {env: {}});
    expect(orphans(inTown(held, [claude]))).toEqual([`unknown session:${SOCKET}/sh-ghost`]);
  });

  test('the registry cannot be read: nothing is an orphan', () => {
    const blind = {...town, rigs: unknown('rigs.json is not JSON')};
    const held = session('zz-fury', [pane('%1', 4000)], {env: {GT_ROLE: 'oldrig/polecats/fury', GT_ROOT: '/home/u/gt'}});
    expect(orphans(look({towns: [blind], servers: [server(SOCKET, [held])], processes: [claude]}))).toEqual([]);
  });

  test('hyphenated rigs, boot, mayor, dogs and personal sessions are left alone', () => {
    const hyphen = townRecord({rigs: {'my-web-app': {prefix: 'mwa', polecats: ['a-b']}}});
    for (const [name, env] of [
      ['mwa-a-b', {GT_ROLE: 'my-web-app/polecats/a-b', GT_ROOT: '/home/u/gt'}],
      ['hq-boot', {GT_ROLE: 'deacon/boot', GT_ROOT: '/home/u/gt'}],
      ['hq-mayor', {GT_ROLE: 'mayor', GT_ROOT: '/home/u/gt'}],
      ['hq-dog-alpha', {GT_ROLE: 'dog', GT_DOG_NAME: 'alpha', GT_ROOT: '/home/u/gt'}],
      ['dotfiles-main', {}],
      ['gt-boot', {}],
    ] as const) {
      const snapshot = look({towns: [hyphen], servers: [server(SOCKET, [session(name, [pane('%1', 4000)], {env})])], processes: [claude]});
      expect(orphans(snapshot), name).toEqual([]);
    }
  });

  test('its directory was removed under it; an agent still at work there makes it unknown', () => {
    const held = session('work', [pane('%1', 4000, {startCommand: 'claude'})]);
    const at = (command: string) =>
      look({
        servers: [server('default', [held])],
        processes: [process(4000, 700, command, {tty: 'pts/1', cwd: '/w/shop-wt/a', cwdDeleted: true})],
      });
    expect(orphans(at('-bash'))).toEqual(['sure session:default/work']);
    expect(orphans(at('claude'))).toEqual(['unknown session:default/work']);
  });
});

describe('doubled-agent', () => {
  const mayor = {GT_ROLE: 'mayor', GT_ROOT: '/home/u/gt'};
  const claude = (pid: number) => process(pid, 700, 'claude', {tty: `pts/${pid % 10}`});
  const both = (first: SessionFacts, second: SessionFacts, processes: LookFacts['processes']) =>
    look({
      towns: [town],
      servers: [
        server(SOCKET, [session('hq-mayor', [pane('%1', 4001)], first)]),
        server('default', [session('hq-mayor', [pane('%2', 4002)], second)], {pid: 701}),
      ],
      processes: [process(701, 1, 'tmux', {comm: 'tmux: server'}), ...(processes ?? [])],
    });

  test('two mayors on two sockets, each server looking healthy', () => {
    const findings = ofKind(
      settled(both({env: mayor}, {env: mayor}, [claude(4001), process(4002, 701, 'claude', {tty: 'pts/2'})])),
      'doubled-agent',
    );
    expect(findings).toMatchObject([{certainty: 'sure', subject: 'agent:home/mayor', remedies: []}]);
    expect(findings[0]?.title).toContain(`${SOCKET}/hq-mayor, default/hq-mayor`);
    expect(findings[0]?.processes.map(each => each.pid).toSorted()).toEqual([4001, 4002]);
  });

  test('not: a second session of the name that is a person’s, another town’s, or without an agent in it', () => {
    const second = process(4002, 701, 'claude', {tty: 'pts/2'});
    expect(verdicts(settled(both({env: mayor}, {env: {}}, [claude(4001), second])), 'doubled-agent')).toEqual([]);
    const elsewhere = {GT_ROLE: 'mayor', GT_ROOT: '/srv/other/gt'};
    expect(verdicts(settled(both({env: mayor}, {env: elsewhere}, [claude(4001), second])), 'doubled-agent')).toEqual([]);
    expect(
      verdicts(settled(both({env: mayor}, {env: mayor}, [claude(4001), process(4002, 701, '-bash', {tty: 'pts/2'})])), 'doubled-agent'),
    ).toEqual([]);
  });
});

test('a dead pane of linked windows is one finding, with its status, and never offers its old pid', () => {
  const dead = pane('%3', 4000, {dead: true, exitStatus: 2, tty: '', startCommand: 'pnpm dev'});
  const held = [session('a', [dead, pane('%1', 4100)]), session('b', [dead])];
  const snapshot = look({
    servers: [server('default', held)],
    processes: [process(4000, 1, 'postgres'), process(4100, 700, '-bash', {tty: 'pts/1'})],
  });
  const findings = ofKind(settled(snapshot), 'dead-pane');
  expect(findings).toMatchObject([{certainty: 'sure', subject: 'pane:default/%3', processes: [], remedies: [], severity: 'low'}]);
  expect(findings[0]?.title).toContain('exit status 2');
});
