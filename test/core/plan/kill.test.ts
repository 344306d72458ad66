import {describe, expect, it} from 'vitest';
import type {Finding} from '../../../src/core/domain/finding.ts';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, listener, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';

const NOW = 1_800_000_000_000;

const assessed = (snapshot: Snapshot, findings: readonly Finding[] = []): Assessment => ({...assessAll([snapshot]).assessment, findings});

const ask = (
  snapshot: Snapshot,
  asked: readonly string[],
  more: Partial<PlanRequest> = {},
  findings: readonly Finding[] = [],
): Plan | Refusal =>
  makePlan({action: 'kill', asked, ...more}, assessed(snapshot, findings), settings, {id: 'p1', now: NOW, sources: SOURCES});

const plan = (...args: Parameters<typeof ask>): Plan => {
  const answer = ask(...args);
  if (isRefusal(answer)) {
    throw new Error(`${answer.rule}: ${answer.because}`);
  }
  return answer;
};

const refusal = (...args: Parameters<typeof ask>): Refusal => {
  const answer = ask(...args);
  if (!isRefusal(answer)) {
    throw new Error('not refused');
  }
  return answer;
};

const pids = ({targets}: Plan): readonly number[] => targets.map(({pid}) => pid);

/** Session `w`: pane %1 runs sh 1001 → npm 1002 → node 1003, pane %2 in another window runs node 1011. */
const inFirst = {tty: 'pts/1', sid: 1001};
const trees: readonly Process[] = [
  process(1001, 700, ['sh', '-c', 'npm run dev'], {...inFirst, env: inPane('%1')}),
  process(1002, 1001, 'npm run dev', {...inFirst, pgid: 1001, env: inPane('%1')}),
  process(1003, 1002, 'node vite', {...inFirst, pgid: 1001, env: inPane('%1')}),
  process(1011, 700, 'node worker.js', {tty: 'pts/2', env: inPane('%2')}),
];
const panes = [pane('%1', 1001), pane('%2', 1011, {windowId: '@2', windowIndex: 1})];
const w = session('w', panes);

const world = (extra: readonly Process[] = [], more: Partial<Omit<Snapshot, 'processes' | 'checkouts'>> = {}): Snapshot =>
  look({processes: [...trees, ...extra], servers: [server('default', [w])], ...more});

const W = 'session:default/w';

describe('a session', () => {
  it('is every pane of every window with its tree, children before parents', () => {
    const made = plan(world(), [W]);
    expect(pids(made)).toEqual([1003, 1002, 1011, 1001]);
    expect(made.sessions).toMatchObject([{id: w.id, created: w.created, panes: ['%1', '%2'], serverPid: 700}]);
    expect(made).toMatchObject({expiresAt: NOW + 30_000, command: 'rigtop apply p1', leftOut: [], warnings: []});
    expect(made.irreversible).toEqual([`the scrollback of ${W} (2 panes)`]);
  });

  it('takes along what was left of a pane: in its terminal session, by its environment, and below that', () => {
    const made = plan(
      world([
        process(1020, 1, 'sleep 9', {...inFirst, pgid: 1020, env: {}}),
        process(1021, 500, 'node worker.js', {env: inPane('%2')}),
        process(1022, 1021, 'node child.js'),
      ]),
      [W],
    );
    expect(made.targets.filter(({pid}) => pid > 1019).map(({pid, step}) => [pid, step])).toEqual([
      [1022, 'escaped'],
      [1021, 'escaped'],
      [1020, 'group'],
    ]);
  });

  it('leaves what the same pane id of another server, or of this socket before a restart, has started', () => {
    const made = plan(
      world([
        process(1030, 1, 'node a.js', {env: inPane('%1', 701)}),
        process(1031, 1, 'node b.js', {env: inPane('%1', 700, 'other')}),
        process(1032, 1, 'node c.js', {env: {TMUX_PANE: '%1'}}),
      ]),
      [W],
    );
    expect(pids(made).filter(pid => pid >= 1030)).toEqual([]);
  });

  it('leaves daemons that serve more than it: a key agent, a town’s own', () => {
    const made = plan(world([process(1040, 1, 'ssh-agent', {env: inPane('%1')}), process(1041, 1, 'gt daemon run', {env: inPane('%1')})]), [
      W,
    ]);
    expect(pids(made).filter(pid => pid >= 1040)).toEqual([]);
  });

  it('leaves what runs below a pane of another session, whatever its environment says', () => {
    const other = session('other', [pane('%9', 1060)]);
    const elsewhere = {...session('x', [pane('%1', 1070)]), socket: '/tmp/tmux-1000/second'};
    const snapshot = look({
      processes: [
        ...trees,
        process(701, 1, ['tmux'], {comm: 'tmux: server'}),
        process(1060, 700, 'node agent.js', {tty: 'pts/9', env: inPane('%1')}),
        process(1061, 1060, 'node tool.js', {env: inPane('%1')}),
        process(1070, 701, 'node agent.js', {tty: 'pts/1', env: inPane('%1')}),
      ],
      servers: [server('default', [w, other]), server('second', [elsewhere], {pid: 701})],
    });
    expect(pids(plan(snapshot, [W])).filter(pid => pid >= 1060)).toEqual([]);
  });

  it('takes nothing from the old pid of a dead pane that another pane’s program has now', () => {
    const dead = session('d', [pane('%1', 1060, {dead: true, tty: ''}), pane('%2', 1011)]);
    const other = session('other', [pane('%9', 1060)]);
    const snapshot = look({
      processes: [trees[3] as Process, process(1060, 700, 'node agent.js', {tty: 'pts/9'})],
      servers: [server('default', [dead, other])],
    });
    expect(pids(plan(snapshot, ['session:default/d']))).toEqual([1011]);
  });

  it('takes nothing from the pid of a living pane that is not at its terminal: the pane ended between the two looks', () => {
    const made = plan(
      look({
        processes: [trees[3] as Process, process(1001, 890, 'psql', {tty: 'pts/90', sid: 890}), process(1002, 1001, 'less')],
        servers: [server('default', [w])],
      }),
      [W],
    );
    expect(pids(made)).toEqual([1011]);
  });

  it('is protected as such, even when nothing runs in it any more', () => {
    const watched = session('d', [pane('%1', 1060, {dead: true, tty: ''})], {attached: 1});
    expect(refusal(look({servers: [server('default', [watched])]}), ['session:default/d'])).toMatchObject({rule: 'attached'});
  });

  it('takes nothing from the old pid of a dead pane', () => {
    const dead = session('d', [pane('%1', 1001, {dead: true, tty: ''}), pane('%2', 1011)]);
    const stranger = process(1001, 890, 'psql', {tty: 'pts/90', sid: 890});
    const made = plan(look({processes: [stranger, trees[3] as Process], servers: [server('default', [dead])]}), ['session:default/d']);
    expect(pids(made)).toEqual([1011]);
  });

  it('is told by `$id` and by the path of its socket too, and never by a prefix of its name', () => {
    expect(plan(world(), [`session:/tmp/tmux-1000/default/${w.id}`]).sessions).toHaveLength(1);
    expect(refusal(look({processes: trees, servers: [server('default', [session('w-b', panes)])]}), [W])).toMatchObject({
      rule: 'not-found',
    });
  });

  it('names those who share its windows, and is protected by a client of theirs', () => {
    const viewer = session('viewer', panes);
    expect(plan(world([], {servers: [server('default', [w, viewer])]}), [W]).warnings).toEqual([
      `${W} shares its windows with session:default/viewer: what runs in them ends for all of them`,
      'session:default/viewer ends with it: those are all its panes',
    ]);
    const watched = world([], {servers: [server('default', [w, {...viewer, attached: 1}])]});
    expect(refusal(watched, [W])).toMatchObject({rule: 'attached', protection: {unlock: 'attached'}});
    expect(pids(plan(watched, [W], {unlocks: ['attached']}))).toHaveLength(4);
  });

  it('in which rigtop runs is refused whatever is unlocked', () => {
    const self = {pid: 900, startTime: 9000, uid: 1000, ancestors: [890, 880, 1], pane: {socket: '/tmp/tmux-1000/default', paneId: '%2'}};
    expect(refusal(world([], {self}), [W], {unlocks: ['attached', 'shell', 'crew', 'editor']})).toMatchObject({rule: 'own-pane'});
  });

  it('of a server that did not answer is unknown, not missing', () => {
    const blind = look({processes: trees, servers: [silentServer('default')]});
    expect(refusal(blind, [W])).toMatchObject({rule: 'unknown'});
    expect(refusal(blind, ['session:other/x'])).toMatchObject({rule: 'unknown'});
  });
});

describe('what must live', () => {
  const vim = process(1050, 1001, 'vim notes.md', {...inFirst, pgid: 1050, env: inPane('%1')});

  it('an editor in a pane keeps its children, whoever holds its terminal, and the session', () => {
    const made = plan(world([vim, process(1051, 1050, 'node formatter.js', {...inFirst, pgid: 1050})]), [W]);
    expect(pids(made)).toEqual([1003, 1002, 1011]);
    expect(made.sessions).toEqual([]);
    expect(made.leftOut.map(({ref, rule}) => [ref, rule])).toEqual([
      [W, 'editor'],
      ['process:1050', 'editor'],
      ['process:1051', 'editor'],
      ['process:1001', 'editor'],
    ]);
  });

  it('unlocked, it is a target, and its unsaved changes are named', () => {
    const made = plan(world([vim]), [W], {unlocks: ['editor']});
    expect(pids(made)).toContain(1050);
    expect(made.irreversible).toContain('unsaved changes in 1050 (vim notes.md)');
  });

  it.each(['emacs-nox', 'view', 'pico', 'mcedit', 'gvim', 'zed', 'ed'])('so are those of %s', program => {
    const made = plan(world([{...vim, comm: program, argv: [program, 'notes.md']}]), [W], {unlocks: ['editor']});
    expect(made.irreversible).toContain(`unsaved changes in 1050 (${program} notes.md)`);
  });

  it('a tmux server below a target, with all its panes', () => {
    const made = plan(
      world([
        process(1060, 1003, ['tmux', '-L', 'inner'], {comm: 'tmux: server', pgid: 1060, sid: 1060}),
        process(1061, 1060, 'claude', {tty: 'pts/61', sid: 1061}),
      ]),
      [W],
    );
    expect(pids(made)).toEqual([1003, 1002, 1011, 1001]);
    expect(made.warnings).toContain('1003 is an ancestor of the tmux server 1060, which is left running');
  });

  it.each([
    ['pid 1', 'process:1'],
    ['rigtop itself', 'process:900'],
    ['an ancestor of rigtop', 'process:890'],
    ['another user’s process', 'process:880'],
    ['the tmux server', 'process:700'],
  ])('%s, whatever is unlocked', (_, ref) => {
    const {rule} = refusal(world(), [ref], {unlocks: ['attached', 'shell', 'crew', 'editor']});
    expect(['init', 'self', 'ancestor', 'other-user', 'multiplexer']).toContain(rule);
  });

  it('whatever is below a multiplexer’s server that did not answer', () => {
    const lost = look({processes: trees, servers: [silentServer('default')]});
    expect(refusal(lost, ['process:1003'])).toMatchObject({rule: 'unknown'});
  });
});

describe('a process', () => {
  it('is its tree and what lost its parent in its group, not the other half of its pipeline', () => {
    const made = plan(
      look({
        processes: [
          process(2000, 890, 'node server.js', {pgid: 2000, tty: 'pts/90', sid: 890}),
          process(2001, 2000, 'esbuild', {pgid: 2000, tty: 'pts/90', sid: 890}),
          process(2002, 890, 'tee log', {pgid: 2000, tty: 'pts/90', sid: 890}),
          process(2003, 500, 'node left.js', {pgid: 2000, tty: 'pts/90', sid: 890}),
        ],
      }),
      ['process:2000'],
    );
    expect([...pids(made)].sort()).toEqual([2000, 2001, 2003]);
    expect(made.warnings).toEqual(['process group 2000 is shared with 2002 (tee log), left alone: its targets are signalled one by one']);
  });

  it('that a pane was started with closes it, and with the last pane the session: both are said', () => {
    expect(plan(world(), ['process:1011']).warnings).toEqual([`pane %2 of ${W} closes with 1011`]);
    expect(plan(world(), ['process:1001', 'process:1011']).warnings).toEqual([`${W} ends with it: those are all its panes`]);
    const single = look({processes: trees, servers: [server('default', [session('w', [pane('%1', 1001)])])]});
    expect(plan(single, ['pane:default/%1']).warnings).toEqual([`${W} ends with it: that is its only pane`]);
  });

  it('that is defunct can only be cleared by its parent', () => {
    const made = refusal(look({processes: [process(2000, 500, '', {argv: [], comm: 'node', state: 'Z'})]}), ['process:2000']);
    expect(made).toMatchObject({rule: 'defunct', because: 'defunct: only its parent 500 can clear it'});
  });

  it('asked for twice is one root', () => {
    const made = plan(look({processes: [process(2000, 500, 'node a.js')]}), ['process:2000', 'process:2000']);
    expect(made.roots).toHaveLength(1);
    expect(pids(made)).toEqual([2000]);
  });
});

describe('a port', () => {
  const holders = [process(3000, 500, 'node a.js'), process(3001, 3000, 'node a.js'), process(3002, 500, 'node b.js')];

  it('is everyone who holds it, and free when all of them go', () => {
    const made = plan(look({processes: holders, listeners: [listener(8080, 3000, 3001)]}), [':8080']);
    expect(pids(made)).toEqual([3001, 3000]);
    expect(made.frees).toEqual([8080]);
  });

  it('is not promised while another holds it', () => {
    const made = plan(look({processes: holders, listeners: [listener(8080, 3000, 3002)]}), ['process:3000']);
    expect(made.frees).toEqual([]);
  });

  it('whose holder could not be seen is unknown', () => {
    const hidden = {...listener(8080), owners: {known: false, because: 'permission denied'} as const};
    expect(refusal(look({processes: holders, listeners: [hidden]}), ['port:8080'])).toMatchObject({rule: 'unknown'});
  });
});

describe('a finding', () => {
  const finding: Finding = {
    id: 'f-1',
    kind: 'orphan-process',
    severity: 'medium',
    certainty: 'sure',
    subject: 'process:2000',
    title: 'claude 2000 has nobody',
    evidence: [],
    processes: [{pid: 2000, startTime: 20_000, command: 'claude'}],
    protectedBy: null,
    remedies: ['kill'],
    rig: null,
    session: null,
    holds: [],
  };
  const orphan = look({processes: [process(2000, 500, 'claude --continue')]});

  it('that is sure is carried out, with its words as the reason', () => {
    expect(plan(orphan, ['f-1'], {}, [finding]).targets).toMatchObject([{pid: 2000, because: 'claude 2000 has nobody'}]);
  });

  it.each<[string, Partial<Finding>, string]>([
    ['unknown', {certainty: 'unknown', remedies: []}, 'unknown'],
    ['protected', {protectedBy: {rule: 'crew', because: 'max', unlock: 'crew'}, remedies: []}, 'crew'],
    ['protected for good', {protectedBy: {rule: 'protect-path', because: 'kept', unlock: null}, remedies: []}, 'protect-path'],
    ['about another process by now', {processes: [{pid: 2000, startTime: 1, command: 'claude'}]}, 'not-found'],
    ['of a kind that ending does not help', {kind: 'stale-lock', subject: 'lock:/x', remedies: ['clean-lock']}, 'no-remedy'],
  ])('that is %s is not', (_, change, rule) => {
    expect(refusal(orphan, ['finding:f-1'], {unlocks: ['shell', 'editor', 'attached']}, [{...finding, ...change}]).rule).toBe(rule);
  });

  it('that is protected is acted on when exactly that is unlocked, and never while it is unknown', () => {
    const crew = {...finding, protectedBy: {rule: 'crew', because: 'max', unlock: 'crew'}, remedies: []} as const;
    expect(plan(orphan, ['f-1'], {unlocks: ['crew']}, [crew]).targets).toHaveLength(1);
    expect(refusal(orphan, ['f-1'], {unlocks: ['crew']}, [{...crew, certainty: 'unknown'}]).rule).toBe('unknown');
  });

  it('cleanup takes the sure ones of the kinds asked for and names the others', () => {
    const other: Finding = {...finding, id: 'f-2', subject: 'process:2001', certainty: 'unknown', remedies: []};
    const helper: Finding = {
      ...finding,
      id: 'f-3',
      kind: 'orphan-helper',
      subject: 'process:3000',
      processes: [{pid: 3000, startTime: 30_000, command: 'x'}],
    };
    const snapshot = look({processes: [process(2000, 500, 'claude'), process(2001, 500, 'claude'), process(3000, 500, 'node')]});
    const answer = makePlan({action: 'cleanup', asked: ['orphan-process']}, assessed(snapshot, [finding, other, helper]), settings, {
      id: 'p',
      now: NOW,
      sources: SOURCES,
    });
    expect(answer).toMatchObject({targets: [{pid: 2000}], leftOut: [{ref: 'process:2001', rule: 'unknown'}]});
    const nothing = makePlan({action: 'cleanup', asked: []}, assessed(snapshot, []), settings, {id: 'p', now: NOW, sources: SOURCES});
    expect(nothing).toMatchObject({refused: true, rule: 'nothing-to-do'});
  });
});

describe('a look that is blind', () => {
  it('is no ground for any plan', () => {
    const sources = [{source: 'processes', target: 'table', state: 'unknown', detail: 'hidepid', tookMs: 1}] as const;
    expect(refusal(world([], {sources}), [W])).toMatchObject({rule: 'unknown'});
  });
});

describe('an agent by name', () => {
  it('is refused when two have that name, because nobody has said which is meant', () => {
    const snapshot = look({
      servers: [server('default', [session('one', [pane('%1', 100)])])],
      processes: [process(100, 700, 'claude --continue', {tty: 'pts/1', cwd: '/w/shop'})],
      checkouts: {'/w/shop': '/w/shop'},
    });
    const seen = assessed(snapshot);
    const agent = seen.fleet.agents.find(({session: key}) => key !== null);
    if (agent === undefined) {
      throw new Error('the look has an agent');
    }
    const request = (agents: Assessment['fleet']['agents']) =>
      makePlan({action: 'kill', asked: [agent.ref]}, {...seen, fleet: {...seen.fleet, agents}}, settings, {
        id: 'p1',
        now: NOW,
        sources: SOURCES,
      });
    expect(request([agent])).toMatchObject({sessions: [{name: 'one'}]});
    expect(request([agent, {...agent, town: 'other', sessionRef: 'session:other/one'}])).toMatchObject({
      refused: true,
      rule: 'ambiguous',
      because: expect.stringContaining('session:default/one, session:other/one'),
    });
  });
});

describe('what follows from a plan', () => {
  const watched = look({
    processes: [
      process(1100, 500, 'node --watch server.js'),
      process(1101, 1100, 'node server.js'),
      process(1200, 500, 'sh run'),
      process(1201, 1200, 'node server.js'),
    ],
    listeners: [listener(3000, 1101), listener(4000, 1201)],
  });

  it('names the systemd whose unit it ends, once, and how to find that', () => {
    const inUnit = {env: {SYSTEMD_EXEC_PID: '1301'}};
    const world = look({
      processes: [
        process(1300, 1, '/lib/systemd/systemd --user'),
        process(1301, 1300, 'sh -c serve', inUnit),
        process(1302, 1301, 'node server.js', inUnit),
        process(1303, 1300, 'node server.js', inUnit),
      ],
    });
    expect(plan(world, ['process:1301']).warnings).toEqual([
      'systemd --user 1300 runs 1301 as a unit and may start it again: `systemctl --user status 1301` names the unit to stop instead',
    ]);
    expect(plan(world, ['process:1303']).warnings).toEqual([]);
  });

  it('names a watcher above that stays and may start it again', () => {
    expect(plan(watched, ['port:3000']).warnings).toContain(
      'node --watch server.js 1100 stays and may start 1101 again: process:1100 ends both',
    );
    expect(plan(watched, ['port:4000']).warnings).toEqual([]);
    expect(plan(watched, ['process:1100']).warnings).toEqual([]);
  });

  it('says that a pane stays, not that its session ends, where tmux keeps it', () => {
    const remaining = new Set([`${w.socket}\u0000%1`]);
    const ended = plan(world([], {remaining}), ['process:1001']).warnings;
    expect(ended).toEqual(['pane %1 of session:default/w stays when 1001 ends (remain-on-exit), and a hook of it may start that again']);
    expect(plan(world(), ['process:1001']).warnings).toEqual(['pane %1 of session:default/w closes with 1001']);
  });
});
