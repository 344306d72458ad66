import {describe, expect, it} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {holderOf} from '../../../src/core/domain/session-server.ts';
import {isMultiplexerServer} from '../../../src/core/look/index/program-kinds.ts';
import {placeSessions} from '../../../src/core/look/named-multiplexers/place-sessions.ts';
import {absent, answered, asSession} from '../../../src/core/look/named-multiplexers/session-listing.ts';
import {servedByHerdr, shownByHerdr} from '../../../src/sources/herdr/herdr-program.ts';
import {parseZellijAge, zellijSessions} from '../../../src/sources/zellij/read/zellij-sessions.ts';
import {servedByZellij} from '../../../src/sources/zellij/zellij-program.ts';
import {type ProcessFacts, process} from '../../support/world.ts';

const UID = process(2, 1, 'x').uid;
const HOUR_S = 3600;
const UPTIME_MS = 100 * HOUR_S * 1000;

const served = (pid: number, name: string, facts: ProcessFacts = {}): Process =>
  process(pid, 1, ['/usr/bin/zellij', '--server', `/run/user/1000/zellij/0.44.0/${name}`], {comm: 'zellij', sid: pid - 1, ...facts});

const place = (names: readonly string[], processes: readonly Process[], ages: Readonly<Record<string, number>> = {}) => {
  const listing = answered(
    'zellij',
    'zellij',
    names.map(name => asSession('zellij', 'zellij', name)),
    new Map(Object.entries(ages)),
  );
  const table = {uptimeMs: UPTIME_MS, bootedAt: 0, processes: new Map(processes.map(each => [each.pid, each])), incomplete: null};
  return placeSessions(zellijSessions, listing, table, UID).sessions.map(session => ({
    name: session.name,
    holder: holderOf(session)?.pid ?? null,
    panes: session.panes.map(({pid}) => pid),
    attached: session.attached,
  }));
};

const holders = (...given: Parameters<typeof place>) => place(...given).map(({holder}) => holder);

describe('which process holds a zellij session', () => {
  it('is the server of its name and age, with its children as panes', () => {
    const shell = process(41, 40, 'bash', {tty: 'pts/4'});
    expect(place(['work'], [served(40, 'work'), shell, process(42, 41, 'claude')], {work: HOUR_S})).toEqual([
      {name: 'work', holder: 40, panes: [41], attached: 0},
    ]);
  });

  it.each([
    ['no process at all', [], {}],
    ['two of its name: one was renamed', [served(40, 'work'), served(50, 'work')], {}],
    ['another age: it bears the name of a renamed one', [served(40, 'work')], {work: 60}],
    ['no age told, and a server that no listed name explains', [served(40, 'work'), served(50, 'before')], {}],
    ['another user’s', [served(40, 'work', {uid: 7})], {}],
    ['a defunct one', [served(40, 'work', {state: 'Z'})], {}],
    ['a name that only begins like it', [served(40, 'work-2')], {}],
  ] as const)('cannot be told: %s', (_, processes, ages) => {
    expect(holders(['work'], processes, ages)).toEqual([null]);
  });

  it('is told though another session cannot be', () => {
    expect(holders(['work', 'play'], [served(40, 'work'), served(50, 'renamed')], {work: HOUR_S, play: HOUR_S})).toEqual([40, null]);
  });

  it('is not told without a process table', () => {
    const listing = answered('zellij', 'zellij', [asSession('zellij', 'zellij', '40@400')]);
    const [session] = placeSessions(zellijSessions, listing, null, UID).sessions;
    expect(session === undefined ? 'none' : holderOf(session)).toBeNull();
  });
});

describe('a listing that lacks what lives', () => {
  const stateOf = (
    names: readonly string[],
    processes: readonly Process[],
    listing = answered(
      'zellij',
      'zellij',
      names.map(name => asSession('zellij', 'zellij', name)),
    ),
  ) => {
    const table = {uptimeMs: UPTIME_MS, bootedAt: 0, processes: new Map(processes.map(each => [each.pid, each])), incomplete: null};
    const {state, because} = placeSessions(zellijSessions, listing, table, UID);
    return `${state}: ${because}`;
  };

  it('is no proof of absence, neither of one session nor of all', () => {
    const unlisted = 'unknown: its server 50 lives and is not listed';
    expect(stateOf(['new'], [served(40, 'new'), served(50, 'work')])).toBe(unlisted);
    expect(stateOf([], [served(50, 'work')], absent('zellij', 'zellij', 'no active sessions'))).toBe(unlisted);
  });

  it('is one where each server has its session, by whatever name, or is another user’s, defunct or about to run a pane', () => {
    expect(stateOf(['renamed'], [served(40, 'work')])).toMatch(/^ok/);
    expect(
      stateOf(['work'], [served(40, 'work'), served(50, 'x', {uid: 7}), served(51, 'x', {state: 'Z'}), served(52, 'work', {ppid: 40})]),
    ).toMatch(/^ok/);
    expect(stateOf([], [], absent('zellij', 'zellij', 'no active sessions'))).toMatch(/^absent/);
  });
});

describe('clients', () => {
  const client = (words: string, tty: string | null = 'pts/9'): Process => process(60, 890, words, {tty});

  it.each([
    ['zellij attach work', 1],
    ['zellij -s work', 1],
    ['zellij --session=work options --theme x', 1],
    ['zellij', 1],
    ['zellij attach wo', 1],
    ['zellij attach renamed', 1],
    ['zellij attach play', 0],
    ['zellij attach --index 0', 1],
    ['zellij watch work', 1],
    ['zellij -n dev.kdl -s work', 1],
    ['zellij --max-panes 4 -s work', 1],
    ['zellij -s play', 0],
    ['zellij -s work --theme dark', 1],
    ['zellij -s work action write-chars x', 0],
    ['zellij action write-chars hi', 0],
    ['zellij list-sessions', 0],
    ['vim zellij', 0],
  ])('%s', (words, attached) => {
    expect(place(['work', 'play'], [served(40, 'work'), client(words)])[0]?.attached).toBe(attached);
  });

  it.each([
    ['herdr agent attach one', null],
    ['herdr terminal attach t1', null],
    ['herdr agent attach server', null],
    ['herdr --session fleet --remote box', 'fleet'],
    ['herdr --session fleet agent attach one', 'fleet'],
  ])('%s shows a session', (words, name) => {
    expect(shownByHerdr(client(words))).toEqual({name});
  });

  it.each(['herdr --session fleet agent list', 'herdr agent read one'])('%s shows none', words => {
    expect(shownByHerdr(client(words))).toBeNull();
  });

  it('needs a terminal', () => {
    expect(place(['work'], [served(40, 'work'), client('zellij attach work', null)])[0]?.attached).toBe(0);
  });
});

describe('servers by their arguments', () => {
  it.each([
    [process(9, 1, ['zellij', '--server', '/run/z/my notes']), 'zellij', 'my notes'],
    [process(9, 1, ['bash', '/opt/bin/zellij', '--server', '/run/z/a'], {comm: 'zellij'}), 'zellij', 'a'],
    [process(9, 1, 'herdr server --session fleet'), 'herdr', 'fleet'],
    [process(9, 1, 'herdr server', {env: {HERDR_SESSION: 'side'}}), 'herdr', 'side'],
    [process(9, 1, 'herdr server'), 'herdr', 'default'],
    [process(9, 1, 'herdr server', {env: null}), 'herdr', null],
    [process(9, 1, 'herdr server stop'), null, null],
    [process(9, 1, 'zellij attach work'), null, null],
    [process(9, 1, 'grep zellij --server x'), null, null],
  ] as const)('%#', (given, kind, name) => {
    expect([given.serves ?? null, servedByZellij(given) ?? servedByHerdr(given)]).toEqual([kind, name]);
  });

  it('protects a server that leads no session of its own', () => {
    expect(isMultiplexerServer(served(40, 'work', {sid: 39, tty: null}))).toBe(true);
  });

  it('a server is no client', () => {
    expect(shownByHerdr(process(9, 1, 'herdr server', {tty: 'pts/1'}))).toBeNull();
  });
});

it.each([
  ['4s', 4],
  ['2h 3m 4s', 7384],
  ['3days 2h', 266_400],
  ['1day', 86_400],
  ['1month 2days', 2_802_816],
  ['0s', null],
  ['soon', null],
  ['', null],
])('age %j is %j seconds', (text, seconds) => {
  expect(parseZellijAge(text)).toBe(seconds);
});
