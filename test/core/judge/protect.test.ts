// Every protection of rule 5, on processes and on sessions.
import {describe, expect, test} from 'vitest';
import {matchesGlob, matchesPath} from '../../../src/core/domain/glob.ts';
import type {Session} from '../../../src/core/domain/multiplexer.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {createProtections, protectionsOf} from '../../../src/core/judge/protect/protect.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {
  assessAll,
  inPane,
  type LookFacts,
  look,
  pane,
  process,
  type SessionFacts,
  server,
  session,
  settings,
  silentServer,
  worldOf,
} from '../../support/world.ts';

const judge = (facts: LookFacts, overrides: Partial<Settings> = {}) => {
  const {snapshot, look: indexed, fleet} = worldOf(look(facts), overrides);
  const protections = createProtections({look: indexed, fleet, settings: {...settings, ...overrides}});
  return {
    process: (pid: number): readonly string[] => protections.ofProcess(snapshot.processes.get(pid) as Process).map(each => each.rule),
    session: (name: string): readonly string[] =>
      protections
        .ofSession(snapshot.servers.flatMap(each => each.sessions).find(each => each.name === name) as Session)
        .map(each => each.rule),
  };
};

const vite = process(5000, 1, 'vite');

describe('nothing lifts', () => {
  test('pid 1, rigtop, its ancestors, a user’s systemd, multiplexer servers', () => {
    const other = process(810, 1, 'tmux -L x new', {comm: 'tmux', sid: 810});
    const rules = judge({processes: [other, process(811, 1, 'zellij --server /run/x'), process(812, 1, 'SCREEN -dmS x')]});
    expect(rules.process(1)).toContain('init');
    expect(rules.process(900)).toContain('self');
    expect(rules.process(890)).toContain('ancestor');
    expect(rules.process(500)).toContain('system');
    for (const pid of [700, 810, 811, 812]) {
      expect(rules.process(pid), String(pid)).toContain('multiplexer');
    }
  });

  test('a server that answered under any name, and one that did not answer', () => {
    const servers = [server('odd', [], {pid: 5000}), silentServer('work')];
    expect(judge({processes: [vite], servers}).process(5000)).toContain('multiplexer');
  });

  test('other users’ processes and kernel threads', () => {
    const thread = process(60, 2, [], {comm: 'kworker/0:1', rss: 0, uid: 0});
    const rules = judge({processes: [process(5001, 1, 'vite', {uid: 1001}), thread]});
    expect(rules.process(5001)).toContain('other-user');
    expect(rules.process(60)).toEqual(expect.arrayContaining(['kernel', 'other-user']));
  });

  test('the pane rigtop runs in, and its session', () => {
    const own = session('mine', [pane('%5', 4000)]);
    const rules = judge({
      servers: [server('default', [own, session('other', [pane('%6', 4100)])])],
      processes: [process(4000, 700, 'bash', {tty: 'pts/5'}), process(4001, 4000, 'vite'), process(4100, 700, 'claude', {tty: 'pts/6'})],
      self: {pid: 900, startTime: 9000, uid: 1000, ancestors: [890, 1], pane: {socket: '/tmp/tmux-1000/default', paneId: '%5'}},
    });
    expect(rules.process(4001)).toContain('own-pane');
    expect(rules.session('mine')).toContain('own-pane');
    expect(rules.session('other')).not.toContain('own-pane');
  });

  test('what the configuration protects', () => {
    const protect = {sessions: ['scratch-*'], commands: ['*postgres*'], paths: ['/w/keep', '/w/*-gold']};
    const rules = judge(
      {
        servers: [server('default', [session('scratch-1', [pane('%1', 4000)]), session('work', [pane('%2', 4100)])])],
        processes: [
          process(4000, 700, 'claude', {tty: 'pts/1'}),
          process(4100, 700, 'claude', {tty: 'pts/2', cwd: '/w/keep/deep'}),
          process(5001, 1, '/usr/lib/postgresql/bin/postgres -D /x'),
          process(5002, 1, 'vite', {cwd: '/w/keep-not'}),
          process(5003, 1, 'vite', {cwd: '/w/shop-gold/src'}),
          process(5004, 1, 'vite', {cwd: null}),
        ],
      },
      {protect},
    );
    expect(rules.session('scratch-1')).toContain('protect-session');
    expect(rules.process(4000)).toContain('protect-session');
    expect(rules.session('work')).toContain('protect-path');
    expect(rules.process(5001)).toEqual(['protect-command']);
    expect(rules.process(5002)).toEqual([]);
    expect(rules.process(5003)).toEqual(['protect-path']);
    // What works where cannot be told may work in a protected place.
    expect(rules.process(5004)).toEqual(['protect-path']);
  });
});

describe('an unlock lifts', () => {
  const town = townRecord({rigs: {shop: {prefix: 'sh', crew: ['max'], polecats: ['fury']}}});
  const crew = session('sh-crew-max', [pane('%1', 4000)], {env: {GT_ROLE: 'shop/crew/max', GT_ROOT: '/home/u/gt'}});
  const held = (facts: SessionFacts = {}) => session('work', [pane('%1', 4000)], facts);
  const claude = process(4000, 700, 'claude', {tty: 'pts/1'});

  test('crew: its session, what is in it, and what it left', () => {
    const left = process(5000, 1, 'vite', {env: {...inPane('%9'), GT_ROLE: 'shop/crew/max', GT_ROOT: '/home/u/gt'}});
    const rules = judge({towns: [town], servers: [server('gt-56fe62', [crew])], processes: [claude, left]});
    expect(rules.session('sh-crew-max')).toEqual(['crew']);
    expect(rules.process(4000)).toEqual(['crew']);
    expect(rules.process(5000)).toEqual(['crew']);
  });

  test('attached: also through a session of the same group', () => {
    expect(judge({servers: [server('default', [held({attached: 2})])], processes: [claude]}).session('work')).toEqual(['attached']);
    const grouped = [held({group: 'g'}), session('view', [pane('%1', 4000)], {group: 'g', attached: 1})];
    const rules = judge({servers: [server('default', grouped)], processes: [claude]});
    expect(rules.session('work')).toEqual(['attached']);
    expect(rules.process(4000)).toEqual(['attached']);
  });

  test('editors, what runs below them, language servers, programs driven over pipes', () => {
    const rules = judge({
      processes: [
        process(5001, 890, 'nvim notes.md', {tty: 'pts/90'}),
        process(5002, 5001, 'bash', {tty: 'pts/91'}),
        process(5003, 1, 'node /home/u/.vscode-server/extensions/x/server.js'),
        process(5004, 1, 'typescript-language-server --stdio'),
        process(5005, 1, 'claude --input-format stream-json --output-format stream-json'),
        process(5006, 1, 'node /x/node_modules/typescript/lib/tsserver.js'),
      ],
    });
    for (const pid of [5001, 5002, 5003, 5004, 5005, 5006]) {
      expect(rules.process(pid), String(pid)).toContain('editor');
    }
  });

  test('not a language server that an agent started', () => {
    const rules = judge({servers: [server('default', [held()])], processes: [claude, process(4001, 4000, 'gopls')]});
    expect(rules.process(4001)).toEqual([]);
  });

  test('a person’s shell: at a terminal, or in a session that is nobody’s; not the shell of an agent’s session', () => {
    const personal = session('personal', [pane('%2', 4100)]);
    const agent = session('work', [pane('%1', 4050)]);
    const rules = judge({
      servers: [server('default', [agent, personal])],
      processes: [
        process(4050, 700, '-bash', {tty: 'pts/1'}),
        process(4051, 4050, 'claude', {tty: 'pts/1'}),
        process(4100, 700, '-zsh', {tty: 'pts/2'}),
        process(5001, 880, 'bash', {tty: 'pts/80'}),
        process(5002, 1, ['bash', '-c', 'x'], {tty: 'pts/81'}),
        process(5003, 1, 'bash /x/script.sh', {tty: 'pts/82'}),
      ],
    });
    expect(rules.process(4100)).toEqual(['shell']);
    expect(rules.session('personal')).toEqual(['shell']);
    expect(rules.process(5001)).toEqual(['shell']);
    expect(rules.process(4050)).toEqual([]);
    expect(rules.session('work')).toEqual([]);
    expect(rules.process(5002)).toEqual([]);
    expect(rules.process(5003)).toEqual([]);
  });

  test('the rule that nothing lifts is named first', () => {
    const {assessment} = assessAll([look({servers: [server('default', [held({attached: 1})])], processes: [{...claude, uid: 7}]})]);
    const rules = protectionsOf(assessment, settings).ofProcess({...claude, uid: 7});
    expect(rules.map(each => [each.rule, each.unlock])).toEqual([
      ['other-user', null],
      ['attached', 'attached'],
    ]);
  });
});

test('an orphan that is protected is shown with the rule, and without a remedy', () => {
  const {assessment} = assessAll([look({processes: [process(5000, 1, 'vite', {env: inPane('%12'), cwd: '/w/keep'})]})], {
    protect: {sessions: [], commands: [], paths: ['/w/keep']},
  });
  expect(assessment.findings).toMatchObject([{kind: 'orphan-helper', protectedBy: {rule: 'protect-path'}, remedies: []}]);
});

describe('globs', () => {
  test.each<[string, string, boolean]>([
    ['scratch-*', 'scratch-1', true],
    ['scratch-*', 'my-scratch-1', false],
    ['*postgres*', '/usr/bin/postgres -D', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['*', '', true],
    ['', '', true],
    ['', 'x', false],
    ['a*b*c', 'axxbyyc', true],
    ['a*b*c', 'axxbyy', false],
    ['[x]', 'x', false],
    ['*a*a*a*a*a*a*b', 'a'.repeat(200), false],
  ])('%s on %s', (glob, text, matches) => {
    expect(matchesGlob(glob, text)).toBe(matches);
  });

  test.each<[string, string, boolean]>([
    ['/tmp/gt', '/tmp/gt', true],
    ['/tmp/gt', '/tmp/gt/a/b', true],
    ['/tmp/gt', '/tmp/gt-old', false],
    ['/w/*-gold', '/w/shop-gold/src/x', true],
    ['/w/*-gold', '/w/shop-golden', false],
    ['/', '/anything', true],
  ])('%s keeps %s: %s', (pattern, path, kept) => {
    expect(matchesPath(pattern, path)).toBe(kept);
  });
});

describe('who holds a terminal', () => {
  const login = [
    process(3000, 1, ['sshd: u@pts/1'], {comm: 'sshd'}),
    process(3001, 3000, 'sh -i', {tty: 'pts/1', sid: 3001}),
    process(3002, 1, ['sshd: u@notty'], {comm: 'sshd'}),
    process(3003, 1, ['sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups'], {comm: 'sshd'}),
  ];
  test('an ssh login is as protected as its shell, and says whose terminal ends', () => {
    const {snapshot, look: indexed, fleet} = worldOf(look({processes: login}));
    const {ofProcess} = createProtections({look: indexed, fleet, settings});
    const said = (pid: number) => ofProcess(snapshot.processes.get(pid) as Process).map(({because, unlock}) => `${unlock}: ${because}`);
    expect(said(3000)).toEqual(['shell: ssh login of pts/1: it would be hung up']);
    expect(said(3002)).toEqual(['shell: ssh connection of u: what it forwards ends with it']);
    expect(said(3003)).toEqual([]);
  });

  test('so is whoever else opened the terminal of somebody’s shell, and nobody whose terminal only runs a program', () => {
    const rules = judge({
      processes: [
        process(3100, 1, 'tool-with-a-pty'),
        process(3101, 3100, 'bash', {tty: 'pts/3', sid: 3101}),
        process(3200, 1, 'tool-with-a-pty'),
        process(3201, 3200, 'make all', {tty: 'pts/4', sid: 3201}),
      ],
    });
    expect(rules.process(3100)).toEqual(['shell']);
    expect(rules.process(3200)).toEqual([]);
  });

  test('a container’s port is the container’s, whatever its helper is called', () => {
    const helpers = ['docker-proxy -proto tcp', '/usr/bin/rootlessport', 'slirp4netns --mtu=1', 'pasta --config-net', 'conmon -c x'];
    for (const helper of helpers) {
      expect(judge({processes: [process(3300, 1, helper)]}).process(3300), helper).toContain('container');
    }
  });
});
