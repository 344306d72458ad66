// Other machines in the same table: their rows, what is lost, what is doubted, and that what changes nothing wakes nobody.

import {expect, test} from 'vitest';
import {finish} from '../../src/core/domain/finish.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Machine, MachineNews} from '../../src/core/domain/machine.ts';
import {enterGroup, stepMachine} from '../../src/store/changes.ts';
import {startFleet} from '../../src/store/listen.ts';
import {type Counted, countMachine, doubtedMachines} from '../../src/store/machine-doubt.ts';
import type {FollowMachines} from '../../src/store/machine-stand.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {buildFleet} from './fleet.ts';

const LOST: MachineNews = {trouble: {because: 'the connection was lost', hint: 'wait'}};

const machineNamed = (name: string) => {
  let told: (news: MachineNews) => void = () => {};
  const seen: {world: Assessment | null; retries: number; closed: boolean} = {world: null, retries: 0, closed: false};
  const machine: Machine = {
    name,
    listen: call => {
      told = call;
    },
    retry: () => {
      seen.retries += 1;
    },
    world: () => seen.world,
    plan: () => null,
    spot: () => ({because: 'no way'}),
    close: () => {
      seen.closed = true;
    },
  };
  return {
    machine,
    seen,
    tell: (news: MachineNews): void => {
      seen.world = 'look' in news ? news.look : seen.world;
      told(news);
    },
  };
};

/** A screen on which showing the table takes so long. */
const openSlow = (showMs: number, ...names: readonly string[]) => {
  let now = 0;
  let shows = 0;
  let timers: readonly {readonly at: number; readonly call: () => void}[] = [];
  const clock = {
    now: () => now,
    after: (ms: number, call: () => void) => {
      const timer = {at: now + ms, call};
      timers = [...timers, timer];
      return () => {
        timers = timers.filter(each => each !== timer);
      };
    },
    slice: async (work: Generator<void, void>) => finish(work),
  };
  const store = createScreenStore({readOnly: true});
  store.receive({...buildFleet(), findings: []});
  const machines = names.map(machineNamed);
  let follow: Parameters<FollowMachines>[0] = () => {};
  const loop = startFleet(
    {
      ...store,
      attendMachines: (...given) => {
        shows += 1;
        now += showMs;
        store.attendMachines(...given);
      },
    },
    told => {
      follow = told;
      told(
        machines.map(({machine}) => machine),
        [],
      );
      return () => {};
    },
    clock,
  );
  const pass = (ms: number): void => {
    const until = now + ms;
    for (let due = timers.find(({at}) => at <= until); due !== undefined; due = timers.find(({at}) => at <= until)) {
      const {at, call} = due;
      timers = timers.filter(each => each !== due);
      now = Math.max(now, at);
      call();
    }
    now = until;
  };
  const rowsOf = (panel: 'agents' | 'orphans' | 'rigs', machine: string) =>
    store.getState().view[panel].filter(row => row.machine === machine);
  return {store, loop, machines, pass, rowsOf, shows: () => shows, follow: (...given: Parameters<typeof follow>) => follow(...given)};
};

const open = (...names: readonly string[]) => openSlow(0, ...names);

const emptied = (): Assessment => {
  const fleet = buildFleet();
  return {
    ...fleet,
    findings: [],
    fleet: {...fleet.fleet, agents: []},
    snapshot: {...fleet.snapshot, servers: fleet.snapshot.servers.map(server => ({...server, sessions: []}))},
  };
};

test('rows of all machines stand in the same panels, with a row for each machine above its rigs', () => {
  const {store, machines, pass, rowsOf} = open('box', 'far');
  const alone = store.getState().view;
  machines[0]?.tell({look: buildFleet()});
  expect(rowsOf('agents', 'box')).toEqual([]);
  pass(250);
  const {view} = store.getState();
  expect(rowsOf('agents', 'box')).toHaveLength(alone.agents.length);
  expect(view.header).toMatchObject({agents: 2 * alone.header.agents, machines: {all: 3, lost: 0}});
  expect(view.header.doing.asks).toBe(2 * alone.header.doing.asks);
  const groups = view.rigs.filter(row => row.cells.line !== undefined).map(({cells, depth}) => [cells.name, cells.line, depth]);
  expect(groups).toEqual([
    ['here', 'live', 0],
    ['box', 'live', 0],
    ['far', '…', 0],
  ]);
  expect(
    rowsOf('rigs', 'box')
      .slice(1)
      .every(row => row.depth >= 1),
  ).toBe(true);
  expect(new Set(view.agents.map(row => row.key)).size).toBe(view.agents.length);
});

test('machine: in the filter is exact, Enter on a machine goes to its agents, > and < go through them', () => {
  const {store, machines, pass, rowsOf} = open('box', 'box2');
  for (const {tell} of machines) {
    tell({look: buildFleet()});
  }
  pass(250);
  store.change(() => ({filter: 'machine:box'}));
  expect(new Set(store.getState().visible.agents.map(row => row.machine))).toEqual(new Set(['box']));
  const [group, rig] = rowsOf('rigs', 'box2');
  store.change(group === undefined ? () => ({}) : (enterGroup(group) ?? (() => ({}))));
  expect(store.getState()).toMatchObject({filter: 'machine:box2', focus: 'agents'});
  expect(rig === undefined ? null : enterGroup(rig)?.(store.getState())).toMatchObject({
    filter: expect.stringMatching(/^machine:box2 rig:/),
  });
  store.change(() => ({filter: 'claude'}));
  const steps = [1, 1, 1, 1].map(() => {
    store.change(stepMachine(1));
    return store.getState().filter;
  });
  expect(steps).toEqual(['machine:here claude', 'machine:box claude', 'machine:box2 claude', 'claude']);
});

test('a lost machine is one row that is unknown; its rows stay, greyed with their age; back, they are as they were', () => {
  const {store, machines, pass, rowsOf} = open('box');
  machines[0]?.tell({look: buildFleet()});
  pass(250);
  const before = rowsOf('agents', 'box');
  pass(27_000);
  machines[0]?.tell(LOST);
  pass(250);
  const greyed = rowsOf('agents', 'box');
  expect(greyed.map(({key}) => key)).toEqual(before.map(({key}) => key));
  expect(new Set(greyed.map(({badge}) => badge.tone))).toEqual(new Set(['quiet']));
  expect(greyed[0]?.cells.why).toMatch(/^seen 20s ago/);
  const lost = rowsOf('orphans', 'box').filter(row => row.cells.what === 'machine box');
  expect(lost.map(({badge, cells}) => [badge.word, cells.evidence])).toEqual([['UNKNOWN', 'the connection was lost (wait)']]);
  expect(store.getState().view.header).toMatchObject({
    machines: {all: 2, lost: 1},
    blind: expect.arrayContaining([expect.stringMatching(/^box: /)]),
  });
  pass(60_000);
  expect(rowsOf('agents', 'box')[0]?.cells.why).toMatch(/^seen 1m ago/);
  expect(rowsOf('rigs', 'box')[0]?.cells.line).toBe('1m');
  store.change(state => ({selected: {...state.selected, agents: greyed[0]?.key ?? null}, touched: new Set(['agents'] as const)}));
  expect(store.getState().explanation?.lines[0]?.text).toBe('As it was 1 min ago: box cannot be seen now: the connection was lost (wait)');
  machines[0]?.tell({look: buildFleet()});
  pass(250);
  expect(rowsOf('agents', 'box').map(({badge, cells}) => [badge, cells])).toEqual(before.map(({badge, cells}) => [badge, cells]));
});

test('what was already old when it came is as old as it was, from then on', () => {
  const {machines, pass, rowsOf} = open('box');
  machines[0]?.tell({look: buildFleet(), ageMs: 3 * 3_600_000});
  machines[0]?.tell(LOST);
  pass(250);
  expect(rowsOf('orphans', 'box').at(-1)?.cells.age).toBe('180m');
  machines[0]?.tell({quiet: true, ageMs: 60_000});
  machines[0]?.tell(LOST);
  pass(250);
  expect(rowsOf('orphans', 'box').at(-1)?.cells.age).toBe('1m');
});

test('never seen, it is no empty machine', () => {
  const {store, machines, pass, rowsOf} = open('box');
  machines[0]?.tell(LOST);
  pass(250);
  expect(rowsOf('orphans', 'box')).toHaveLength(1);
  expect(store.getState().view.header.counts).toContainEqual({word: 'UNKNOWN', tone: 'unknown', count: 1});
});

test('all sessions of most machines gone in one round is doubt: their rows stay as they were seen', () => {
  const {machines, pass, rowsOf} = open('a', 'b', 'c');
  for (const {tell} of machines) {
    tell({look: buildFleet()});
  }
  pass(10_000);
  const [a, b] = machines;
  a?.tell({look: emptied()});
  pass(250);
  expect(rowsOf('agents', 'a')).toEqual([]);
  pass(5000);
  b?.tell({look: emptied()});
  pass(250);
  for (const name of ['a', 'b']) {
    expect(rowsOf('agents', name).length).toBeGreaterThan(0);
    expect(rowsOf('orphans', name).at(-1)?.cells.evidence).toContain('doubt the observer first');
  }
  expect(rowsOf('agents', 'c')[0]?.badge.tone).not.toBe('unknown');
  a?.tell({look: buildFleet()});
  pass(250);
  expect(rowsOf('rigs', 'a')[0]?.cells.line).toBe('live');
});

test('one machine that empties, or two an hour apart, are everyday life', () => {
  const count = (steps: readonly (readonly [string, number, number])[]) =>
    steps.reduce(
      (census, [name, population, at]) => census.set(name, countMachine(census.get(name), population, at)),
      new Map<string, Counted>(),
    );
  const full = [
    ['a', 3, 0],
    ['b', 2, 0],
    ['c', 1, 0],
  ] as const;
  expect(doubtedMachines(count([...full, ['a', 0, 10]]), 20)).toEqual([]);
  expect(doubtedMachines(count([...full, ['a', 0, 10], ['b', 0, 3_600_000]]), 3_600_001)).toEqual([]);
  expect(doubtedMachines(count([...full, ['a', 0, 10], ['b', 0, 20]]), 30)).toEqual(['a', 'b']);
  expect(doubtedMachines(count([...full, ['a', 0, 10], ['b', 0, 20]]), 700_000)).toEqual([]);
  expect(doubtedMachines(count([...full, ['d', 1, 0], ['e', 1, 0], ['a', 0, 10], ['b', 0, 20]]), 30)).toEqual([]);
});

test('who is no longer named goes once it is silent; lists that could not be had are said', () => {
  const {store, machines, pass, rowsOf, follow} = open('box');
  machines[0]?.tell({look: buildFleet()});
  pass(250);
  follow([], ['pods: ended with status 1']);
  expect(rowsOf('agents', 'box').length).toBeGreaterThan(0);
  expect(store.getState().view.header.blind).toContain('machines: pods: ended with status 1');
  machines[0]?.tell(LOST);
  pass(250);
  follow([], []);
  expect(rowsOf('agents', 'box')).toEqual([]);
  expect(machines[0]?.seen.closed).toBe(true);
});

test('paused, or with the terminal handed over, looks wait; R connects again', () => {
  const {store, loop, machines, pass, rowsOf} = open('box');
  loop.suspend();
  machines[0]?.tell({look: buildFleet()});
  pass(250);
  expect(rowsOf('agents', 'box')).toEqual([]);
  loop.resume();
  expect(rowsOf('agents', 'box').length).toBeGreaterThan(0);
  store.change(() => ({paused: true}));
  machines[0]?.tell(LOST);
  pass(250);
  expect(rowsOf('orphans', 'box').some(row => row.cells.what === 'machine box')).toBe(false);
  loop.retry();
  expect(machines[0]?.seen.retries).toBe(1);
});

test('however much comes, and however many machines one by one, showing takes a tenth of the time; nothing waits longer than five seconds', () => {
  const {machines, pass, shows, follow, rowsOf} = openSlow(150, 'box', 'far');
  const all = machines.map(({machine}) => machine);
  const fleet = buildFleet();
  for (let round = 0; round < 100; round += 1) {
    machines[round % 2]?.tell({look: {...fleet}});
    follow(all, []);
    pass(100);
  }
  // Ten seconds and what showing took of them: one in each second and a half.
  expect(shows()).toBeGreaterThan(4);
  expect(shows()).toBeLessThan(9);
  expect(rowsOf('agents', 'far').length).toBeGreaterThan(0);
  const crawling = openSlow(10_000, 'box');
  crawling.machines[0]?.tell({look: fleet});
  crawling.pass(5_000);
  expect(crawling.rowsOf('agents', 'box').length).toBeGreaterThan(0);
});

test('the first table is shown as soon as it is whole, whatever showing parts of it took', () => {
  const {machines, pass, shows, rowsOf} = openSlow(1_000, 'box', 'far');
  machines[0]?.tell({look: buildFleet()});
  pass(250);
  expect([shows(), rowsOf('agents', 'box').length]).toEqual([1, 0]);
  machines[1]?.tell(LOST);
  pass(250);
  expect([shows(), rowsOf('agents', 'box').length > 0, rowsOf('orphans', 'far').length]).toEqual([2, true, 1]);
  machines[1]?.tell({look: buildFleet()});
  pass(250);
  expect(shows()).toBe(2);
});

test('a look that changes nothing wakes nobody, and what is selected there is explained from there', () => {
  const {store, machines, pass, rowsOf} = open('box');
  const fleet = buildFleet();
  machines[0]?.tell({look: fleet});
  pass(250);
  let woken = 0;
  store.subscribe(() => {
    woken += 1;
  });
  machines[0]?.tell({look: {...fleet}});
  pass(250);
  expect(woken).toBe(0);
  const row = rowsOf('agents', 'box')[0];
  store.change(state => ({selected: {...state.selected, agents: row?.key ?? null}, touched: new Set(['agents'] as const)}));
  expect(store.getState().explanation?.lines.length).toBeGreaterThan(0);
});
