import {describe, expect, test} from 'vitest';
import {finish} from '../../src/core/domain/finish.ts';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import {type Clock, startRefreshLoop} from '../../src/store/refresh-loop.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {buildFleet, lookAgain} from './fleet.ts';

interface Timer {
  readonly at: number;
  readonly call: () => void;
}

/** A clock that moves only when told to. */
const manualClock = () => {
  let now = 0;
  let timers: Timer[] = [];
  const clock: Clock = {
    now: () => now,
    after: (ms, call) => {
      const timer = {at: now + ms, call};
      timers.push(timer);
      return () => {
        timers = timers.filter(each => each !== timer);
      };
    },
    slice: async work => finish(work),
  };
  const settle = () => new Promise(resolve => setImmediate(resolve));
  return {
    clock,
    settle,
    pass: async (ms: number) => {
      const end = now + ms;
      for (;;) {
        await settle();
        const next = timers.filter(timer => timer.at <= end).toSorted((one, other) => one.at - other.at)[0];
        if (next === undefined) {
          break;
        }
        timers = timers.filter(each => each !== next);
        now = Math.max(now, next.at);
        next.call();
      }
      now = end;
      await settle();
    },
  };
};

/** A supervisor whose looks are answered by hand. */
const slowSupervisor = () => {
  const waiting: {resolve: (assessment: Assessment) => void; reject: (error: Error) => void}[] = [];
  let looks = 0;
  return {
    looks: () => looks,
    waiting,
    engine: {
      refresh: () => {
        looks += 1;
        return new Promise<Assessment>((resolve, reject) => {
          waiting.push({resolve, reject});
        });
      },
    },
  };
};

const quickSupervisor = (change: (look: number, fleet: Assessment) => Assessment = (_, fleet) => fleet) => {
  let fleet = buildFleet();
  let looks = 0;
  return {
    looks: () => looks,
    engine: {
      refresh: async () => {
        looks += 1;
        fleet = change(looks, lookAgain(fleet));
        return fleet;
      },
    },
  };
};

const start = (engine: {refresh(): Promise<Assessment>}) => {
  const store = createScreenStore({readOnly: false});
  const time = manualClock();
  return {store, time, loop: startRefreshLoop(store, engine, 1000, time.clock)};
};

describe('the refresh loop', () => {
  test('counts the seconds of the first look, and none of the next ones while they are on time', async () => {
    const {clock, pass} = manualClock();
    const {engine, waiting} = slowSupervisor();
    const store = createScreenStore({readOnly: true});
    const loop = startRefreshLoop(store, engine, 2000, clock);
    const seen: (number | null)[] = [];
    for (let second = 0; second < 3; second += 1) {
      await pass(1000);
      seen.push(store.getState().lateSeconds);
    }
    waiting[0]?.resolve(buildFleet());
    await pass(1000);
    expect([...seen, store.getState().lateSeconds]).toEqual([1, 2, 3, null]);
    loop.stop();
  });

  test('looks at once, then once per interval', async () => {
    const {looks, engine} = quickSupervisor((look, fleet) => (look % 2 === 0 ? fleet : {...fleet, findings: []}));
    const {time, store} = start(engine);
    await time.settle();
    expect(store.getState().assessment).not.toBeNull();
    await time.pass(5000);
    expect(looks()).toBe(6);
  });

  test('tells after each look how long nobody has pressed a key', async () => {
    const time = manualClock();
    const quiet: number[] = [];
    const store = createScreenStore({readOnly: true});
    const loop = startRefreshLoop(store, quickSupervisor().engine, 1000, time.clock, ms => quiet.push(ms));
    await time.pass(2500);
    loop.wake();
    await time.pass(2000);
    expect(quiet).toEqual([0, 1000, 2000, 500, 1500]);
    loop.stop();
  });

  test('never has two looks in flight; ticks that come too late are dropped', async () => {
    const {looks, engine, waiting} = slowSupervisor();
    const {time} = start(engine);
    await time.pass(10_000);
    expect(looks()).toBe(1);
    waiting[0]?.resolve(buildFleet());
    await time.pass(999);
    expect(looks()).toBe(1);
    await time.pass(1);
    expect(looks()).toBe(2);
  });

  test('lets the age of the data grow on the screen while a look hangs, and takes it back', async () => {
    const {engine, waiting} = slowSupervisor();
    const {time, store} = start(engine);
    waiting[0]?.resolve(buildFleet());
    await time.pass(3000);
    expect(store.getState().lateSeconds).toBe(3);
    await time.pass(9000);
    expect(store.getState().lateSeconds).toBe(12);
    waiting[1]?.resolve(lookAgain(buildFleet()));
    await time.settle();
    expect(store.getState().lateSeconds).toBeNull();
  });

  test('keeps the last data when a look fails, says so, and goes on', async () => {
    const {engine, waiting} = slowSupervisor();
    const {time, store} = start(engine);
    waiting[0]?.resolve(buildFleet());
    await time.pass(1000);
    waiting[1]?.reject(new Error('no /proc'));
    await time.settle();
    expect(store.getState()).toMatchObject({refreshFailure: 'no /proc'});
    expect(store.getState().view.agents).toHaveLength(4);
    await time.pass(1000);
    waiting[2]?.resolve(lookAgain(buildFleet()));
    await time.settle();
    expect(store.getState().refreshFailure).toBeNull();
  });

  test('writes nothing while nothing changes', async () => {
    const {engine} = quickSupervisor();
    const {time, store} = start(engine);
    await time.settle();
    let woken = 0;
    store.subscribe(() => {
      woken += 1;
    });
    await time.pass(120_000);
    expect(woken).toBe(0);
  });

  test('looks less often while nothing changes, and at full speed again after a key', async () => {
    const {looks, engine} = quickSupervisor();
    const {time, loop} = start(engine);
    await time.pass(120_000);
    const calm = looks();
    await time.pass(30_000);
    expect(looks() - calm).toBe(10);
    loop.wake();
    const woken = looks();
    await time.pass(10_000);
    expect(looks() - woken).toBe(10);
  });

  /** A look a minute later than the one before, of the same machine. */
  const later = (fleet: Assessment, ms: number): Assessment => ({
    ...fleet,
    fleet: {...fleet.fleet},
    snapshot: {...fleet.snapshot, takenAt: fleet.snapshot.takenAt + ms, uptimeMs: fleet.snapshot.uptimeMs + ms},
  });

  test('ages that grow are no change by which it looks more often', async () => {
    const ages = new Set<string | undefined>();
    const {looks, engine} = quickSupervisor((_, fleet) => later(fleet, 11 * 60_000));
    const {time, store} = start(engine);
    await time.pass(120_000);
    const calm = looks();
    for (let look = 0; look < 10; look += 1) {
      ages.add(store.getState().view.agents[0]?.cells.age);
      await time.pass(3000);
    }
    expect([looks() - calm, ages.size > 1]).toEqual([10, true]);
  });

  test('what an agent does is one', async () => {
    const {looks, engine} = quickSupervisor((look, fleet) => ({
      ...fleet,
      fleet: {...fleet.fleet, agents: fleet.fleet.agents.map(each => ({...each, because: `look ${look}`}))},
    }));
    const {time} = start(engine);
    await time.pass(120_000);
    const before = looks();
    await time.pass(10_000);
    expect(looks() - before).toBe(10);
  });

  test('rests while paused, and while a plan runs or the terminal is away', async () => {
    const {looks, engine} = quickSupervisor();
    const {time, store, loop} = start(engine);
    await time.settle();
    store.change(() => ({paused: true}));
    await time.pass(10_000);
    expect(looks()).toBe(1);
    expect(store.getState().lateSeconds).toBeNull();
    store.change(() => ({paused: false}));
    loop.suspend();
    loop.suspend();
    loop.resume();
    await time.pass(10_000);
    expect(looks()).toBe(1);
    loop.resume();
    await time.pass(0);
    expect(looks()).toBe(2);
  });

  test('a refresh asked for begins after the call, even during another look', async () => {
    const {looks, engine, waiting} = slowSupervisor();
    const {time, loop} = start(engine);
    let done = false;
    const asked = loop.refreshNow().then(() => {
      done = true;
    });
    waiting[0]?.resolve(buildFleet());
    await time.settle();
    expect([looks(), done]).toEqual([2, false]);
    waiting[1]?.resolve(buildFleet());
    await asked;
    expect(done).toBe(true);
  });

  test('stopped, it neither looks nor writes', async () => {
    const {engine, waiting, looks} = slowSupervisor();
    const {time, store, loop} = start(engine);
    loop.stop();
    waiting[0]?.resolve(buildFleet());
    await time.pass(10_000);
    expect(looks()).toBe(1);
    expect(store.getState().assessment).toBeNull();
  });
});
