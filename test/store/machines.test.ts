// Machines beside this one: looks that come by themselves, silence that shows, and a word for each.
import {expect, test} from 'vitest';
import type {News} from '../../src/store/listen.ts';
import {startListening} from '../../src/store/listen.ts';
import {createMachinesStore} from '../../src/store/machines.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {machinesLine} from '../../src/ui/panels/machines-bar.ts';
import {buildFleet} from './fleet.ts';

const open = () => {
  let now = 0;
  let timer: {readonly at: number; readonly call: () => void} | null = null;
  let tell: (news: News) => void = () => {};
  let retries = 0;
  const store = createScreenStore({readOnly: true});
  const machine = {
    listen: (told: (news: News) => void) => {
      tell = told;
    },
    retry: () => {
      retries += 1;
    },
  };
  const clock = {
    now: () => now,
    after: (ms: number, call: () => void) => {
      timer = {at: now + ms, call};
      return () => {
        timer = null;
      };
    },
  };
  const loop = startListening(store, machine, clock);
  return {
    store,
    loop,
    tell: (news: News) => tell(news),
    retries: () => retries,
    pass: (ms: number) => {
      now += ms;
      const due = timer;
      if (due !== null && due.at <= now) {
        due.call();
      }
    },
  };
};

const LOST: News = {trouble: {because: 'the connection was lost', hint: 'wait'}, blind: null};
const textOf = (machines: ReturnType<typeof createMachinesStore>, width: number): string =>
  machinesLine(machines.getState(), width)
    .map(({text}) => text)
    .join('');

test('a look is shown at once, trouble keeps it and lets its age show', () => {
  const {store, tell, pass} = open();
  tell({look: buildFleet()});
  expect(store.getState().view.agents.length).toBeGreaterThan(0);
  pass(27_000);
  tell(LOST);
  expect(store.getState()).toMatchObject({refreshFailure: 'the connection was lost (wait)', lateSeconds: 20});
  expect(store.getState().view.agents.length).toBeGreaterThan(0);
  pass(3000);
  expect(store.getState().lateSeconds).toBe(30);
  tell({look: buildFleet()});
  expect(store.getState()).toMatchObject({refreshFailure: null, lateSeconds: null});
});

test('never seen, it is no empty fleet', () => {
  const {store, tell} = open();
  tell({trouble: {because: 'no route', hint: 'look'}, blind: buildFleet()});
  expect(store.getState()).toMatchObject({refreshFailure: 'no route (look)', lateSeconds: null});
  expect(store.getState().assessment).not.toBeNull();
});

test('paused, or with the terminal handed over, looks wait', async () => {
  const {store, loop, tell, retries} = open();
  store.change(() => ({paused: true}));
  tell({look: buildFleet()});
  expect(store.latest()).toBeNull();
  store.change(() => ({paused: false}));
  await loop.refreshNow();
  expect(store.latest()).not.toBeNull();
  expect(retries()).toBe(1);
  loop.suspend();
  const next = buildFleet();
  tell({look: next});
  expect(store.latest()).not.toBe(next);
  loop.resume();
  expect(store.latest()).toBe(next);
});

test('the line says how each is and keeps the shown one in sight', () => {
  const [here, box, far] = [open(), open(), open()];
  const machines = createMachinesStore([
    {name: 'here', store: here.store},
    {name: 'box', store: box.store},
    {name: 'a-far-away-machine', store: far.store},
  ]);
  here.tell({look: {...buildFleet(), findings: []}});
  box.tell({look: buildFleet()});
  far.tell(LOST);
  expect(textOf(machines, 200)).toMatch(/^machine 1 of 3 {2}\[here nothing wrong\] {2}box [A-Z-]+ \d+ {2}a-far-away-machine UNKNOWN$/);
  machines.step(-1);
  expect(textOf(machines, 60)).toMatch(/^machine 3 of 3 .*\[a-far-away-machine UNKNOWN\]$/);
  machines.step(1);
  expect(machines.getState().current).toBe(0);
});

test('what changes nothing in its word wakes nobody', () => {
  const box = open();
  const machines = createMachinesStore([{name: 'box', store: box.store}]);
  box.tell({look: buildFleet()});
  let woken = 0;
  machines.subscribe(() => {
    woken += 1;
  });
  box.store.change(() => ({focus: 'orphans'}));
  box.tell({look: buildFleet()});
  expect(woken).toBe(0);
});
