// The proof after an order to zellij or herdr: retried while unknown, success only by "missing", with a host made of scripted answers.
import {describe, expect, it} from 'vitest';
import {endNamedSession, readNamedServer} from '../../../src/core/act/named-sessions.ts';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {CommandResult, Host} from '../../../src/core/os/host.ts';
import {process} from '../../support/world.ts';

const UPTIME_MS = 100 * 3_600_000;
const SERVER = process(40, 1, ['zellij', '--server', '/run/z/work'], {comm: 'zellij'});
const SESSION = {socket: 'zellij', id: `40@${SERVER.startTime}`, created: 0, name: 'work'};

const ran = (over: Partial<CommandResult>): CommandResult => ({stdout: '', stderr: '', exitCode: 0, trouble: null, tookMs: 1, ...over});
const LISTED = ran({stdout: 'work [Created 1h ago] \nplay [Created 2h ago] \n'});
const OTHERS = ran({stdout: 'play [Created 2h ago] \n'});
const NONE = ran({exitCode: 1, stderr: 'No active zellij sessions found.\n'});
const STALLED = ran({exitCode: null, trouble: 'timeout'});
const PLAY = process(50, 1, ['zellij', '--server', '/run/z/play'], {comm: 'zellij', ageMs: 2 * 3_600_000});

interface Script {
  /** One answer a look, the last one for ever. */
  readonly listings: readonly CommandResult[];
  readonly tables: readonly (readonly Process[] | null)[];
  readonly order?: CommandResult;
}

/** Only what ending a session asks of a host; every call takes 100 ms. */
const machine = ({listings, tables, order = ran({})}: Script) => {
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
      if (args[0] === 'list-sessions') {
        return at(listings, looks - 1);
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
    ['not listed any more, its server alive', {listings: [LISTED, OTHERS], tables: [ALL]}, 'survived', /its server 40 still runs/],
    ['refused by zellij', {listings: [LISTED], tables: [ALL], order: ran({exitCode: 2, stderr: 'no\n'})}, 'survived', /^no$/],
    ['refused, and gone all the same', {listings: [LISTED, OTHERS], tables: [ALL, [PLAY]], order: ran({exitCode: 2})}, 'gone', null],
  ])('%s', async (_, script, result, because) => {
    const {host, orders} = machine(script);
    const end = await endNamedSession(host, SESSION);
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
    expect((await endNamedSession(host, SESSION)).result).toBe(result);
    expect(orders).toEqual([]);
  });

  it('without an identity is refused', async () => {
    const {host, orders} = machine({listings: [LISTED], tables: [ALL]});
    expect((await endNamedSession(host, {...SESSION, id: '=work'})).result).toBe('refused');
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
    expect((await readNamedServer(machine(script).host, 'zellij')).state).toBe(state);
  });
});
