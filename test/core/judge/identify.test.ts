// Rigs, agents and owners of one look.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import {sessionKey} from '../../../src/core/domain/multiplexer.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {identifyFleet} from '../../../src/core/judge/owners/identify.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {townRecord} from '../../sources/gastown/town-record.ts';
import {inPane, type LookFacts, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';

const identify = (facts: LookFacts, overrides: Partial<Settings> = {}) => identifyFleet(look(facts), {...settings, ...overrides}, SOURCES);
const agentsOf = (facts: LookFacts, overrides: Partial<Settings> = {}) =>
  identify(facts, overrides).agents.map(({ref, state, runtime}) => `${ref} ${state} ${runtime}`);
const claudeIn = (id: number, cwd: string, more = {}) => process(4000 + id, 700, 'claude', {tty: `pts/${id}`, cwd, ...more});

describe('rigs', () => {
  test('the main work tree of the pane’s repository, for all of its work trees', () => {
    const fleet = identify({
      servers: [server('default', [session('a', [pane('%1', 4001)]), session('b', [pane('%2', 4002)])])],
      processes: [claudeIn(1, '/w/shop'), claudeIn(2, '/w/shop-wt/feat/src')],
      checkouts: {'/w/shop': '/w/shop', '/w/shop-wt/feat/src': '/w/shop'},
    });
    expect(fleet.rigs).toMatchObject([{name: 'shop', origin: 'discovered', path: '/w/shop'}]);
    expect(fleet.agents.map(each => each.ref)).toEqual(['agent:shop/a', 'agent:shop/b']);
  });

  test('at the root of the file system, as in a container, it has a name all the same', () => {
    const servers = [server('default', [session('a', [pane('%1', 4001)])])];
    expect(identify({servers, processes: [claudeIn(1, '/')]}).agents.map(each => each.ref)).toEqual(['agent:root/a']);
  });

  test('two repositories of one name are told apart, whichever comes first', () => {
    const facts = {
      servers: [server('default', [session('a', [pane('%1', 4001)]), session('b', [pane('%2', 4002)])])],
      processes: [claudeIn(1, '/w/x/shop'), claudeIn(2, '/w/y/shop')],
      checkouts: {'/w/x/shop': '/w/x/shop', '/w/y/shop': '/w/y/shop'},
    };
    expect(identify(facts).agents.map(each => each.rig)).toEqual(['x-shop', 'y-shop']);
  });

  test('a configured rig and a repository with slots come before discovery; slots come from their records', () => {
    const rigs = [{name: 'search', path: '/w/search', session: 'search-{slot}', slots: 4, slotStride: 10, services: []}];
    const repos = [
      {
        tool: 'ecluse',
        name: 'shop',
        root: '/w/shop',
        realRoot: '/w/shop',
        provenance: 'named' as const,
        config: known({
          mode: 'host' as const,
          prefix: 'ecluse',
          maxSlots: 8,
          slotStride: 1,
          worktreeDir: '/w/shop-wt',
          services: [],
          faults: [],
        }),
        sessions: known([
          {
            slug: 'feat-a',
            slot: 2,
            mode: 'host',
            branch: null,
            worktreePath: '/w/shop-wt/feat-a',
            worktreeRealPath: '/w/shop-wt/feat-a',
            worktreeExists: known(true),
            status: 'active' as const,
            pending: null,
            composeProject: null,
            portOverrides: {},
            processManager: null,
            tmuxSession: 'ecluse-feat-a',
            servicesSubset: null,
            startedAt: null,
            pidFiles: known([]),
          },
        ]),
      },
    ];
    const fleet = identify(
      {
        repos,
        servers: [
          server('default', [
            session('search-3', [pane('%1', 4001)]),
            session('x', [pane('%2', 4002)]),
            session('ecluse-feat-a', [pane('%3', 4003)]),
          ]),
        ],
        processes: [
          claudeIn(1, '/w/search'),
          claudeIn(2, '/w/shop-wt/feat-a'),
          process(4003, 700, ['sh', '-c', 'vite'], {tty: 'pts/3', cwd: '/w/shop-wt/feat-a'}),
        ],
        checkouts: {'/w/search': '/w/search', '/w/shop-wt/feat-a': '/w/shop'},
      },
      {rigs},
    );
    expect(fleet.rigs.map(({name, origin}) => `${name} ${origin}`)).toEqual(['search config', 'shop ecluse']);
    expect(fleet.agents.map(({ref, slot}) => `${ref} ${slot}`)).toEqual(['agent:search/search-3 3', 'agent:shop/x 2']);
    // Services of a slot are no agent, and yet somebody's.
    expect([...fleet.sessionOwners.values()].map(({agent, slot}) => [agent, slot?.slot])).toEqual([
      ['agent:search/search-3', 3],
      ['agent:shop/x', 2],
      [null, 2],
    ]);
  });
});

describe('agents', () => {
  test('several in one session are several agents; the same name on two servers is two', () => {
    expect(
      agentsOf({
        servers: [
          server('default', [session('main', [pane('%1', 4001), pane('%2', 4002)])]),
          server('work', [session('main', [pane('%3', 4003)])], {pid: 701}),
        ],
        processes: [
          claudeIn(1, '/w/shop'),
          process(4002, 700, 'node /usr/bin/codex', {tty: 'pts/2', cwd: '/w/shop', state: 'T'}),
          process(701, 1, 'tmux', {comm: 'tmux: server'}),
          process(4003, 701, 'claude', {tty: 'pts/3', cwd: '/w/shop'}),
        ],
        checkouts: {'/w/shop': '/w/shop'},
      }),
    ).toEqual(['agent:shop/main running claude', 'agent:shop/main.%2 stopped codex', 'agent:shop/main@work running claude']);
  });

  test('at a plain terminal, without any session', () => {
    const fleet = identify({processes: [process(5000, 890, 'claude', {tty: 'pts/90', cwd: '/w/shop'})], checkouts: {'/w/shop': '/w/shop'}});
    expect(fleet.agents).toMatchObject([{ref: 'agent:shop/claude-5000', state: 'running', session: null, because: 'runs at pts/90'}]);
  });

  test('below an editor; what an agent itself starts is a part of it, however deep', () => {
    const facts: LookFacts = {
      processes: [
        process(5000, 1, 'code'),
        process(5001, 5000, 'claude', {tty: 'pts/44', cwd: '/w/shop'}),
        process(5002, 5001, ['bash', '-c', 'x'], {tty: 'pts/44'}),
        process(5003, 5002, 'claude -p sub', {tty: 'pts/44'}),
      ],
    };
    expect(identify(facts).agents.map(({ref, because}) => `${ref} ${because}`)).toEqual(['agent:shop/claude-5001 runs below code 5000']);
  });

  test('below a server whose panes could not be listed', () => {
    const tmux = process(811, 1, 'tmux', {comm: 'tmux: server'});
    const fleet = identify({
      servers: [silentServer('work')],
      processes: [tmux, process(5000, 811, 'claude', {tty: 'pts/9', cwd: '/w/shop'})],
      checkouts: {'/w/shop': '/w/shop'},
    });
    expect(fleet.agents).toMatchObject([{ref: 'agent:shop/claude-5000', state: 'running', session: null}]);
    expect(fleet.agents[0]?.because).toContain('tmux server 811, whose panes could not be listed');
  });

  test('an orphan is no agent, though its program is known', () => {
    const fleet = identify({processes: [process(5000, 1, 'claude', {env: inPane('%9')})]});
    expect(fleet.agents).toEqual([]);
    expect(fleet.runtimes.get(5000)).toMatchObject({runtime: 'claude'});
  });

  test('of a town: with and without their sessions', () => {
    const town = townRecord({rigs: {shop: {prefix: 'sh', polecats: ['fury'], crew: ['max']}}});
    const facts = (servers: LookFacts['servers']): LookFacts => ({towns: [town], servers: servers ?? [], processes: [claudeIn(1, '/x')]});
    const max = session('sh-crew-max', [pane('%1', 4001)], {env: {GT_ROLE: 'shop/crew/max', GT_ROOT: '/home/u/gt', POLECAT_SLOT: '3'}});
    const states = agentsOf(facts([server('gt-56fe62', [max])]));
    expect(states).toContain('agent:shop/crew/max running claude');
    expect(states).toContain('agent:shop/fury stopped null');
    expect(agentsOf(facts([server('gt-56fe62', [max]), silentServer('default')]))).toContain('agent:shop/fury unknown null');
  });

  test('a town that was not found is still named by the session’s own environment', () => {
    const held = session('zz-crew-max', [pane('%1', 4001)], {env: {GT_ROLE: 'shop/crew/max', GT_ROOT: '/elsewhere/gt'}});
    expect(agentsOf({servers: [server('default', [held])], processes: [claudeIn(1, '/x')]})).toEqual([
      'agent:shop/crew/max running claude',
    ]);
  });

  test('another user’s agents are not ours', () => {
    expect(identify({processes: [process(5000, 1, 'claude', {uid: 1001})]}).runtimes.size).toBe(0);
  });
});

describe('owners', () => {
  test('of a process: the agent of the pane it names, its slot, the rig of its directory; and none without evidence', () => {
    const held = session('main', [pane('%1', 4001)]);
    const fleet = identify(
      {
        servers: [server('default', [held])],
        processes: [
          claudeIn(1, '/w/shop'),
          process(5000, 1, 'vite', {env: inPane('%1')}),
          process(5001, 1, 'vite', {env: {ECLUSE_SLUG: 'feat-a', ECLUSE_SLOT: '2'}}),
          process(5002, 1, 'vite', {cwd: '/w/search/src'}),
          process(5003, 1, 'vite'),
          process(5004, 1, 'vite', {env: inPane('%1', 666)}),
        ],
        checkouts: {'/w/shop': '/w/shop'},
      },
      {rigs: [{name: 'search', path: '/w/search', session: null, slots: 0, slotStride: 1, services: []}]},
    );
    expect(fleet.processOwners.get(5000)).toMatchObject({agent: 'agent:shop/main', pane: {paneId: '%1'}});
    expect(fleet.processOwners.get(5001)).toMatchObject({slot: {slug: 'feat-a', slot: 2}});
    expect(fleet.processOwners.get(5002)).toMatchObject({rig: 'search', agent: null});
    expect(fleet.processOwners.has(5003)).toBe(false);
    // An earlier server's %1 was another pane.
    expect(fleet.processOwners.get(5004)).toMatchObject({agent: null, pane: {paneId: '%1'}});
    expect([...fleet.processOwners.values()].every(owner => owner.evidence.length > 0)).toBe(true);
  });

  test('of a session that is nobody’s: none', () => {
    const held = session('gt-mayor', [pane('%1', 4001)]);
    const fleet = identify({servers: [server('default', [held])], processes: [process(4001, 700, '-zsh', {tty: 'pts/1'})]});
    expect(fleet.sessionOwners.has(sessionKey(held))).toBe(false);
    expect(fleet.agents).toEqual([]);
    expect(fleet.rigs).toEqual([]);
  });
});
