// The proof after an order to zellij or herdr: retried while unknown, success only by "missing", with a host made of scripted answers.
import {describe, expect, it} from 'vitest';
import type {ServerNow} from '../../../src/core/act/acting-source.ts';
import {checkSession} from '../../../src/core/act/end-sessions.ts';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {CommandResult, Host} from '../../../src/core/os/host.ts';
import {herdrControl} from '../../../src/sources/herdr/herdr-control.act.ts';
import {zellijControl} from '../../../src/sources/zellij/zellij-control.act.ts';
import {process} from '../../support/world.ts';

const UPTIME_MS = 100 * 3_600_000;
const SERVER = process(40, 1, ['zellij', '--server', '/run/z/work'], {comm: 'zellij'});
const SESSION = {socket: 'zellij', id: `40@${SERVER.startTime}`, created: 0, serverPid: null, name: 'work', panes: ['41']};

const ran = (over: Partial<CommandResult>): CommandResult => ({stdout: '', stderr: '', exitCode: 0, trouble: null, tookMs: 1, ...over});
const LISTED = ran({stdout: 'work [Created 1h ago] \nplay [Created 2h ago] \n'});
const OTHERS = ran({stdout: 'play [Created 2h ago] \n'});
const NONE = ran({exitCode: 1, stderr: 'No active zellij sessions found.\n'});
const STALLED = ran({exitCode: null, trouble: 'timeout'});
const PLAY = process(50, 1, ['zellij', '--server', '/run/z/play'], {comm: 'zellij', ageMs: 2 * 3_600_000});

interface Script {
  /** One answer a look, the last one for ever. */
  readonly listings: readonly CommandResult[];
  /** herdr's answer to what agents a session has. */
  readonly agents?: CommandResult;
  readonly tables: readonly (readonly Process[] | null)[];
  readonly order?: CommandResult;
}

/** Only what ending a session asks of a host; every call takes 100 ms. */
const machine = ({listings, agents = ran({}), tables, order = ran({})}: Script) => {
  let now = 0;
  let looks = 0;
  const orders: string[] = [];
  const at = <T>(list: readonly T[], index: number): T => list[Math.min(index, list.length - 1)] as T;
  const host = {
    uid: SERVER.uid,
    env: {},
    monotonicMs: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
    run: async (_file: string, args: readonly string[]) => {
      now += 100;
      if (args[0] === 'list-sessions' || args[1] === 'list') {
        return at(listings, looks - 1);
      }
      if (args[2] === 'agent') {
        return agents;
      }
      orders.push(args.join(' '));
      return order;
    },
    readTables: async () => {
      const table = at(tables, looks);
      looks += 1;
      return {
        processes:
          table === null
            ? unknown('EMFILE')
            : known({uptimeMs: UPTIME_MS, bootedAt: 0, processes: new Map(table.map(each => [each.pid, each])), incomplete: null}),
        processesTookMs: 1,
        listeners: unknown('not asked'),
        listenersTookMs: 0,
      };
    },
  } as unknown as Host;
  return {host, orders};
};

const ALL = [SERVER, PLAY];

describe('ending a zellij session', () => {
  it.each<[string, Script, string, RegExp | null]>([
    ['gone at once', {listings: [LISTED, OTHERS], tables: [ALL, [PLAY]]}, 'gone', null],
    ['it was the last one', {listings: [ran({stdout: 'work [Created 1h ago] \n'}), NONE], tables: [[SERVER], []]}, 'gone', null],
    ['unknown, unknown, gone', {listings: [LISTED, STALLED, STALLED, OTHERS], tables: [ALL, ALL, ALL, [PLAY]]}, 'gone', null],
    ['listed twice more, then gone', {listings: [LISTED, LISTED, LISTED, OTHERS], tables: [ALL, ALL, ALL, [PLAY]]}, 'gone', null],
    ['listed for ever', {listings: [LISTED], tables: [ALL]}, 'survived', /still lists it/],
    ['unknown for ever', {listings: [LISTED, STALLED], tables: [ALL]}, 'survived', /nobody knows/],
    ['the table unreadable for ever', {listings: [LISTED], tables: [ALL, null]}, 'survived', /EMFILE/],
    [
      'not listed any more, its server alive',
      {listings: [LISTED, OTHERS], tables: [ALL]},
      'survived',
      /its server 40 lives and is not listed/,
    ],
    ['refused by zellij', {listings: [LISTED], tables: [ALL], order: ran({exitCode: 2, stderr: 'no\n'})}, 'survived', /^zellij: no$/],
    ['refused, and gone all the same', {listings: [LISTED, OTHERS], tables: [ALL, [PLAY]], order: ran({exitCode: 2})}, 'gone', null],
  ])('%s', async (_, script, result, because) => {
    const {host, orders} = machine(script);
    const end = await zellijControl.endSession(host, SESSION);
    expect(end.result).toBe(result);
    expect(end.because ?? '').toMatch(because ?? /^$/);
    expect(orders).toEqual(['delete-session work -f']);
  });

  it.each<[string, Script, string]>([
    ['is not ordered while nothing can be seen', {listings: [STALLED], tables: [ALL]}, 'survived'],
    ['is not ordered when it is gone already', {listings: [OTHERS], tables: [[PLAY]]}, 'gone'],
    ['is not ordered when its name is another’s', {listings: [LISTED], tables: [[{...SERVER, startTime: 7}, PLAY]]}, 'gone'],
    ['is not ordered when its server lives under a name that is not told', {listings: [OTHERS], tables: [ALL]}, 'survived'],
  ])('%s', async (_, script, result) => {
    const {host, orders} = machine(script);
    expect((await zellijControl.endSession(host, SESSION)).result).toBe(result);
    expect(orders).toEqual([]);
  });

  it.each<[string, Process, string, readonly string[]]>([
    ['a pane that the plan shows', process(41, 40, 'claude'), 'gone', ['delete-session work -f']],
    ['a helper of the server’s own, which is no pane', process(61, 40, 'git', {sid: 40}), 'gone', ['delete-session work -f']],
    ['one that was opened since', process(61, 40, 'claude', {ageMs: 1000}), 'refused', []],
  ])('with %s', async (_, child, result, sent) => {
    const {host, orders} = machine({listings: [LISTED, OTHERS], tables: [[...ALL, child], [PLAY]]});
    expect((await zellijControl.endSession(host, SESSION)).result).toBe(result);
    expect(orders).toEqual(sent);
  });

  it('without an identity is refused', async () => {
    const {host, orders} = machine({listings: [LISTED], tables: [ALL]});
    expect((await zellijControl.endSession(host, {...SESSION, id: '=work'})).result).toBe('refused');
    expect(orders).toEqual([]);
  });
});

describe('what a multiplexer holds now', () => {
  it.each<[string, Script, string]>([
    ['sessions', {listings: [LISTED], tables: [ALL]}, 'ok'],
    ['none', {listings: [NONE], tables: [[]]}, 'absent'],
    ['no answer', {listings: [STALLED], tables: [ALL]}, 'unknown'],
    ['no table', {listings: [LISTED], tables: [null]}, 'unknown'],
    ['a session that cannot be placed', {listings: [LISTED], tables: [[SERVER]]}, 'unknown'],
  ])('%s', async (_, script, state) => {
    expect((await zellijControl.readServer(machine(script).host, 'zellij')).state).toBe(state);
  });
});

describe('a session that the listing does not have when the plan is compared with it', () => {
  const other = {...SESSION, sessionId: '50@500', attached: 0, windowId: '', paneId: '51', pid: 51, dead: false, remains: false};
  const play: ServerNow = {state: 'ok', serverPid: 0, panes: [{...other, sessionName: 'play'}]};

  it.each<[string, readonly Process[], string]>([
    ['is not gone while its server lives', [SERVER], 'refused'],
    ['is gone when its server is', [], 'gone'],
    ['is gone when its server is defunct', [{...SERVER, state: 'Z'}], 'gone'],
    ['is gone when its server’s pid is another’s', [{...SERVER, startTime: 7}], 'gone'],
  ])('%s', (_, table, state) => {
    const processes = new Map(table.map(each => [each.pid, each]));
    for (const server of [play, {state: 'absent'} as const]) {
      expect(checkSession(new Map([['zellij', server]]), {...SESSION, serverPid: null}, false, processes).state).toBe(state);
    }
  });
});

describe('closing a herdr pane', () => {
  const HOLDER = process(40, 1, 'herdr server --session fleet');
  const PANE = process(41, 40, 'claude', {env: {HERDR_PANE_ID: 'w1:p2'}, tty: 'pts/3'});
  const STARTING = process(70, 1, 'herdr server --session other', {ageMs: 10});
  const plan = {
    ref: 'pane:herdr/fleet/w1:p2',
    session: {socket: 'herdr', id: `40@${HOLDER.startTime}`, created: 0},
    server: 'herdr',
    serverPid: null,
    paneId: 'fleet/w1:p2',
    pid: 41,
    dead: false,
    because: '',
  };
  const FLEET = ran({stdout: '{"sessions":[{"name":"fleet","running":true}]}'});
  const script = (tables: Script['tables'], listings = [FLEET], agent = ',"pane_id":"w1:p2"'): Script => ({
    listings,
    tables,
    agents: ran({stdout: `{"result":{"agents":[{"name":"two"${agent}}]}}`}),
  });
  const CLOSE = ['--session fleet pane close w1:p2'];

  it('whose process is not told is proven by herdr’s listing alone', async () => {
    const {host, orders} = machine(script([[HOLDER]]));
    expect(await herdrControl.endPane(host, {...plan, pid: 0})).toMatchObject({result: 'survived', because: 'herdr still shows it'});
    expect(orders).toEqual(CLOSE);
  });

  it.each<[string, Script, string, RegExp | null, readonly string[]]>([
    ['its process is gone', script([[HOLDER, PANE], [HOLDER]]), 'gone', null, CLOSE],
    [
      'its process is defunct',
      script([
        [HOLDER, PANE],
        [HOLDER, {...PANE, state: 'Z'}],
      ]),
      'gone',
      null,
      CLOSE,
    ],
    ['it ends after a while', script([[HOLDER, PANE], [HOLDER, PANE], [HOLDER, PANE], [HOLDER]]), 'gone', null, CLOSE],
    ['it lives on', script([[HOLDER, PANE]]), 'survived', /herdr still shows it/, CLOSE],
    [
      'the pane is closed, and its process went elsewhere',
      script(
        [
          [HOLDER, PANE],
          [HOLDER, {...PANE, ppid: 1}],
        ],
        [FLEET],
        '',
      ),
      'gone',
      null,
      [],
    ],
    ['herdr does not tell its id any more, but it lives', script([[HOLDER, PANE]], [FLEET], ''), 'survived', /still shows it/, []],
    [
      'another server is just starting',
      script([
        [HOLDER, PANE],
        [HOLDER, PANE, STARTING],
      ]),
      'survived',
      /nobody knows/,
      CLOSE,
    ],
    ['no answer afterwards', script([[HOLDER, PANE]], [FLEET, STALLED]), 'survived', /nobody knows/, CLOSE],
    ['the session is gone with it', script([[HOLDER, PANE], []], [FLEET, ran({stdout: '{"sessions":[]}'})]), 'gone', null, CLOSE],
    ['it was gone before', script([[HOLDER]]), 'gone', null, []],
  ])('%s', async (_, steps, result, because, sent) => {
    const {host, orders} = machine(steps);
    const end = await herdrControl.endPane(host, plan);
    expect(end.result).toBe(result);
    expect(end.because ?? '').toMatch(because ?? /^$/);
    expect(orders).toEqual(sent);
  });
});
