// Who a session or process belongs to: a name alone never says.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import {claimProcess, claimSession, expectedAgents, standingOf} from '../../../src/sources/gastown/gastown.ts';
import {townRecord} from './town-record.ts';

const town = townRecord({
  rigs: {gastown: {prefix: 'gt', crew: ['max'], polecats: ['fury']}, beads: {prefix: 'bd'}},
});
const other = townRecord({path: '/home/u/gt-old', name: 'old', rigs: {gastown: {prefix: 'gt'}}});
const towns = [town, other];

const session = {name: 'gt-fury', server: 'default', env: null, cwds: [] as readonly string[]};
const process = {pid: 300, comm: 'claude', argv: ['claude'], cwd: unknown('not looked at'), env: unknown('not looked at')};

describe('claimSession', () => {
  test('a name alone is nobody’s, however well it reads', () => {
    expect(claimSession(towns, session)).toBeNull();
    expect(claimSession(towns, {...session, env: {}, cwds: ['/home/u', '/home/u/gt-older/gastown/polecats/fury']})).toBeNull();
    expect(claimSession(towns, {...session, name: 'hq-mayor'})).toBeNull();
  });

  test('a personal session in a worker’s directory is nobody’s unless its name agrees', () => {
    expect(claimSession(towns, {...session, name: 'notes', cwds: ['/home/u/gt/gastown/crew/max']})).toBeNull();
    expect(claimSession(towns, {...session, name: 'gt-notes', cwds: ['/home/u/gt/gastown/crew/max', '/home/u/gt']})).toBeNull();
  });

  test('the town’s own socket and a registered name claim', () => {
    const claim = claimSession(towns, {...session, server: 'gt-56fe62'});
    expect(claim).toMatchObject({town: {name: 'home'}, rig: 'gastown', role: 'polecat', name: 'fury', agentRef: 'agent:gastown/fury'});
    expect(claim?.evidence.map(({source}) => source)).toEqual(['registry of town home', 'socket']);
    expect(claimSession(towns, {...session, server: 'gt-56fe62', name: 'dotfiles-main'})).toBeNull();
    expect(claimSession(towns, {...session, server: 'gt-56fe62', name: 'hq-mayor'})).toMatchObject({agentRef: 'agent:home/mayor'});
  });

  test('on another socket a pane in that very worker’s directory claims', () => {
    expect(claimSession(towns, {...session, cwds: ['/home/u/gt/gastown/polecats/fury/gastown/src']})).toMatchObject({name: 'fury'});
    expect(claimSession(towns, {...session, name: 'gt-gastown-crew-max', cwds: ['/home/u/gt/gastown/crew/max']})).toMatchObject({
      role: 'crew',
      name: 'max',
    });
  });

  test('its own environment says so for an unregistered name, another socket and a renamed session', () => {
    const env = {GT_ROLE: 'beads/crew/ann', GT_ROOT: '/home/u/gt/'};
    expect(claimSession(towns, {...session, name: 'whatever', env})).toMatchObject({rig: 'beads', role: 'crew', name: 'ann'});
    expect(claimSession(towns, {...session, env: {GT_ROLE: 'deleted/polecats/x', GT_ROOT: '/home/u/gt'}})).toMatchObject({
      rig: 'deleted',
      role: 'polecat',
    });
  });

  test('an environment that names another town’s root is not ours, nor is a root nobody knows', () => {
    const env = {GT_ROLE: 'gastown/witness', GT_ROOT: '/home/u/gt-old'};
    expect(claimSession(towns, {...session, env})).toMatchObject({town: {name: 'old'}, role: 'witness'});
    expect(claimSession(towns, {...session, server: 'gt-56fe62', env: {...env, GT_ROOT: '/gone'}})).toBeNull();
  });

  test('bare role words of older versions', () => {
    const root = {GT_ROOT: '/home/u/gt'};
    expect(claimSession(towns, {...session, env: {...root, GT_ROLE: 'polecat', GT_RIG: 'gastown', GT_POLECAT: 'fury'}})).toMatchObject({
      role: 'polecat',
      name: 'fury',
    });
    expect(claimSession(towns, {...session, env: {...root, GT_ROLE: 'dog', GT_DOG_NAME: 'rex'}})).toMatchObject({
      agentRef: 'agent:home/dogs/rex',
    });
    expect(claimSession(towns, {...session, env: {...root, GT_ROLE: 'deacon/boot'}})).toMatchObject({agentRef: 'agent:home/boot'});
    expect(claimSession(towns, {...session, env: {GT_ROLE: 'crew', GT_RIG: 'beads', GT_CREW: 'ann'}})).toMatchObject({rig: 'beads'});
  });

  test('without a root, a rig that two towns know is nobody’s for sure', () => {
    expect(claimSession(towns, {...session, env: {GT_ROLE: 'gastown/witness'}})).toBeNull();
  });

  test('with an unreadable registry only the environment and hq- names claim', () => {
    const blind = [{...town, rigs: unknown('corrupt')}];
    expect(claimSession(blind, {...session, server: 'gt-56fe62'})).toBeNull();
    expect(claimSession(blind, {...session, server: 'gt-56fe62', name: 'hq-deacon'})).toMatchObject({role: 'deacon'});
  });

  test('the older reading wins where the worker it names exists', () => {
    expect(claimSession(towns, {...session, server: 'gt-56fe62', name: 'gt-gastown-fury'})).toMatchObject({name: 'fury'});
  });
});

describe('claimProcess', () => {
  test('environment before directory before arguments', () => {
    const cwd = known('/home/u/gt/gastown/crew/max');
    const settings = '/home/u/gt/beads/crew/.claude/settings.json';
    const env = known({GT_ROLE: 'gastown/polecats/fury', GT_ROOT: '/home/u/gt'});
    expect(claimProcess(towns, {...process, env, cwd})).toMatchObject({name: 'fury'});
    expect(claimProcess(towns, {...process, cwd, argv: ['claude', '--settings', settings]})).toMatchObject({role: 'crew', name: 'max'});
    expect(claimProcess(towns, {...process, argv: ['claude', `--settings=${settings}`]})).toMatchObject({
      rig: 'beads',
      role: null,
      agentRef: null,
    });
  });

  test('a helper belongs to the session it serves, not to whoever started it', () => {
    const env = known({GT_ROLE: 'mayor', GT_ROOT: '/home/u/gt'});
    expect(claimProcess(towns, {...process, argv: ['/usr/bin/gt', 'nudge-poller', 'gt-fury'], env})).toMatchObject({
      role: 'polecat',
      name: 'fury',
    });
    const log = {...process, argv: ['gt', 'agent-log', '--session', 'gt-crew-max', '--work-dir', '/x'], cwd: known('/home/u/gt')};
    expect(claimProcess(towns, log)).toMatchObject({role: 'crew', name: 'max'});
    expect(claimProcess(towns, {...process, argv: ['gt', 'status', 'gt-fury'], env})).toMatchObject({role: 'mayor'});
    expect(claimProcess(towns, {...process, argv: ['gt', 'nudge-poller', 'gt-fury'], cwd: known('/elsewhere')})).toBeNull();
  });

  test('a database of a town is the town’s', () => {
    const argv = ['dolt', 'sql-server', '--data-dir=/home/u/gt/.dolt-data'];
    expect(claimProcess(towns, {...process, comm: 'dolt', argv})).toMatchObject({town: {name: 'home'}, rig: null, agentRef: null});
  });

  test('a multiplexer’s server is nobody’s, whatever it was started with', () => {
    const server = {comm: 'tmux: server', argv: ['tmux', 'new-session', '-c', '/home/u/gt/gastown/witness']};
    const env = known({GT_ROLE: 'gastown/witness', GT_ROOT: '/home/u/gt'});
    expect(claimProcess(towns, {...process, ...server, env, cwd: known('/home/u/gt/gastown/witness')})).toBeNull();
  });

  test('paths are compared by whole steps', () => {
    expect(claimProcess([town], {...process, cwd: known('/home/u/gt-old/gastown/crew/max')})).toBeNull();
    expect(claimProcess([town], {...process, cwd: known('/home/u/gt')})).toMatchObject({rig: null, role: null});
  });
});

describe('standingOf', () => {
  const place = {rig: 'gastown', role: 'polecat', name: 'fury'} as const;
  const standing = (of: typeof town, who: Parameters<typeof standingOf>[1] = place): string => standingOf(of, who, 1_000_000).standing;

  test('a registered rig and a directory are expected; anything less is not', () => {
    expect(standing(town)).toBe('expected');
    expect(standing(town, {...place, name: 'gone'})).toBe('unexpected');
    expect(standing(town, {...place, rig: 'deleted'})).toBe('unexpected');
    expect(standing(town, {rig: null, role: 'overseer', name: 'overseer'})).toBe('expected');
  });

  test('what could not be read is unknown', () => {
    expect(standing({...town, rigs: unknown('corrupt')})).toBe('unknown');
    const blind = townRecord({
      rigs: {gastown: {prefix: 'gt'}},
      rig: {blind: [{path: '/home/u/gt/gastown/polecats', because: 'permission denied'}]},
    });
    expect(standing(blind, {...place, name: 'gone'})).toBe('unknown');
  });

  test('a name reserved within five minutes may be starting', () => {
    const pending = (at: number) => townRecord({rigs: {gastown: {prefix: 'gt'}}, rig: {pending: [{name: 'new', at}]}});
    expect(standing(pending(900_000), {...place, name: 'new'})).toBe('unknown');
    expect(standing(pending(600_000), {...place, name: 'new'})).toBe('unexpected');
  });
});

test('expectedAgents: town level and rigs, polecats only with a checkout', () => {
  expect(expectedAgents(town).map(agent => `${agent.agentRef} ${agent.sessionName}`)).toEqual([
    'agent:home/mayor hq-mayor',
    'agent:home/deacon hq-deacon',
    'agent:gastown/witness gt-witness',
    'agent:gastown/refinery gt-refinery',
    'agent:gastown/crew/max gt-crew-max',
    'agent:gastown/fury gt-fury',
    'agent:beads/witness bd-witness',
    'agent:beads/refinery bd-refinery',
  ]);
});
