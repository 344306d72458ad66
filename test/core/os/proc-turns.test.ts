// Over random histories of a machine: whoever lives and whose child it is are always told as they are; what else is told was so lately.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {KeptFiles} from '../../../src/core/os/proc-kept-files.ts';
import type {ProcRead, ProcReader} from '../../../src/core/os/proc-read.ts';
import {createProcessScanner, type ProcessPass} from '../../../src/core/os/proc-scan.ts';
import {LONGEST_UNREAD_MS, mayBeAnother, shareOf, takeTurn} from '../../../src/core/os/proc-turns.ts';

interface Fake {
  readonly startTime: number;
  ppid: number;
  image: number;
  imageAt: number;
}

/** Pids between two pauses of a list. */
const PART = 5;
const GONE = {ok: false, gone: true, because: 'ENOENT'} as const;

/** A kernel that gives pids in ascending order and around again, in which orphans fall to pid 1. */
const createMachine = (mostPids: number) => {
  const processes = new Map<number, Fake>([[1, {startTime: 0, ppid: 0, image: 0, imageAt: 0}]]);
  let [counter, ticks, now] = [1, 0, 0];
  const read = (path: string): ProcRead<Buffer> => {
    const [, , name = '', file] = path.split('/');
    if (name === 'loadavg') {
      return {ok: true, value: Buffer.from(`0.00 0.00 0.00 1/1 ${counter}\n`)};
    }
    const own = processes.get(Number(name));
    return own === undefined || file !== 'cmdline' ? GONE : {ok: true, value: Buffer.from(`image-${own.image}\0`)};
  };
  const reader: ProcReader = {
    bytes: read,
    filled: read,
    rows: read,
    link: () => ({ok: true, value: '/'}),
    names: () => ({ok: true, value: [...processes.keys()].sort((a, b) => a - b).map(String)}),
    // As the kernel goes on from the pid that it told last, whoever has come and gone meanwhile.
    namesInParts: function* () {
      const value: string[] = [];
      for (let at = 1; at <= mostPids; at += 1) {
        if (processes.has(at)) {
          value.push(String(at));
        }
        if (at % PART === 0) {
          yield;
        }
      }
      return {ok: true, value};
    },
    owner: () => ({ok: true, value: 0}),
  };
  const stat = (pid: number): ProcRead<Buffer> => {
    const own = processes.get(pid);
    const text = (fake: Fake): string =>
      `${pid} (x) S ${fake.ppid} 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${fake.startTime} 1 10 1 ${fake.image} ${'0 '.repeat(26)}\n`;
    return own === undefined ? GONE : {ok: true, value: Buffer.from(text(own))};
  };
  const files: KeptFiles = {stat, isKept: () => false, forget: () => undefined, close: () => undefined};
  return {
    processes,
    reader,
    files,
    now: () => now,
    pass: (ms: number) => {
      now += ms;
    },
    fork: (parent: number): void => {
      for (let tried = 0; tried < mostPids; tried += 1) {
        counter = counter >= mostPids ? 2 : counter + 1;
        if (!processes.has(counter)) {
          ticks += 1;
          processes.set(counter, {startTime: ticks, ppid: parent, image: ticks, imageAt: now});
          return;
        }
      }
    },
    exec: (pid: number): void => {
      const own = processes.get(pid);
      if (own !== undefined) {
        ticks += 1;
        own.image = ticks;
        own.imageAt = now;
      }
    },
    exit: (pid: number): void => {
      processes.delete(pid);
      for (const own of processes.values()) {
        own.ppid = own.ppid === pid ? 1 : own.ppid;
      }
    },
  };
};

const drain = (pass: Generator<void, ProcessPass>, onPause: (pause: number) => void = () => undefined): ProcessPass => {
  for (let pause = 0; ; pause += 1) {
    const step = pass.next();
    if (step.done === true) {
      return step.value;
    }
    onPause(pause);
  }
};

const happening = fc.record({kind: fc.constantFrom('fork' as const, 'exec' as const, 'exit' as const), which: fc.nat()});
const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({kind: fc.constant('look' as const), afterMs: fc.constantFrom(1000, 2000, 2000, 4000), attended: fc.nat()}),
  },
  happening,
);

test('over any history: who lives, and under whom, is exact; a program is at most ten seconds old; whoever is attended to is as he is', () => {
  fc.assert(
    fc.property(fc.integer({min: 12, max: 60}), fc.array(event, {maxLength: 80}), (mostPids, events) => {
      const machine = createMachine(mostPids);
      const units = {pageBytes: 4096, ticksPerSecond: 100};
      const {reader, files, now} = machine;
      const scanner = createProcessScanner({procRoot: '/proc', uid: 0, markers: new Set(), units, reader, files, now});
      for (let index = 0; index < 8; index += 1) {
        machine.fork(1);
      }
      drain(scanner.pass());
      for (const each of events) {
        const pids = [...machine.processes.keys()];
        if (each.kind === 'look') {
          machine.pass(each.afterMs);
          const attended = new Set(pids.filter(pid => (pid * 7 + each.attended) % 5 === 0));
          const {entries, oldestMs} = drain(scanner.pass(attended));
          expect([...entries.keys()].sort()).toEqual([...machine.processes.keys()].sort());
          expect(oldestMs).toBeLessThanOrEqual(LONGEST_UNREAD_MS);
          for (const [pid, own] of machine.processes) {
            const record = entries.get(pid)?.record;
            expect([pid, record?.startTime, record?.ppid]).toEqual([pid, own.startTime, own.ppid]);
            const isTold = record?.argv[0] === `image-${own.image}`;
            expect(isTold || (!attended.has(pid) && now() - own.imageAt <= LONGEST_UNREAD_MS)).toBe(true);
          }
        } else {
          const pid = pids[each.which % pids.length] ?? 1;
          if (each.kind === 'fork' || pid !== 1) {
            machine[each.kind](pid);
          }
        }
      }
    }),
    {numRuns: 1000},
  );
});

test('what happens in the pauses of a look is told by the next one, and nobody who lives through it is missed', () => {
  const during = fc.array(fc.record({at: fc.nat({max: 30}), happens: happening}), {maxLength: 12});
  fc.assert(
    fc.property(fc.integer({min: 12, max: 60}), fc.array(during, {minLength: 1, maxLength: 8}), (mostPids, looks) => {
      const machine = createMachine(mostPids);
      const units = {pageBytes: 4096, ticksPerSecond: 100};
      const {reader, files, now, processes} = machine;
      const scanner = createProcessScanner({procRoot: '/proc', uid: 0, markers: new Set(), units, reader, files, now});
      for (let index = 0; index < 8; index += 1) {
        machine.fork(1);
      }
      drain(scanner.pass());
      const startTimes = (): ReadonlyMap<number, number> => new Map([...processes].map(([pid, {startTime}]) => [pid, startTime]));
      for (const busy of looks) {
        machine.pass(2000);
        const before = startTimes();
        const {entries} = drain(scanner.pass(new Set()), pause => {
          for (const {happens} of busy.filter(({at}) => at === pause)) {
            const pids = [...processes.keys()];
            const pid = pids[happens.which % pids.length] ?? 1;
            if (happens.kind === 'fork' || pid !== 1) {
              machine[happens.kind](pid);
            }
          }
        });
        const after = startTimes();
        const throughout = [...before].filter(([pid, startTime]) => after.get(pid) === startTime);
        expect(throughout.map(([pid]) => entries.get(pid)?.stat.startTime)).toEqual(throughout.map(([, startTime]) => startTime));
        machine.pass(2000);
        const quiet = drain(scanner.pass(new Set())).entries;
        expect([...quiet].map(([pid, {record}]) => [pid, record.startTime, record.ppid]).sort()).toEqual(
          [...processes].map(([pid, {startTime, ppid}]) => [pid, startTime, ppid]).sort(),
        );
      }
    }),
    {numRuns: 1000},
  );
});

test('whoever has just appeared is read again until it had time to become its program', () => {
  const machine = createMachine(60);
  const {reader, files, now} = machine;
  const units = {pageBytes: 4096, ticksPerSecond: 100};
  const scanner = createProcessScanner({procRoot: '/proc', uid: 0, markers: new Set(), units, reader, files, now});
  for (let index = 0; index < 8; index += 1) {
    machine.fork(1);
  }
  const pass = (afterMs = 1000): ProcessPass => {
    machine.pass(afterMs);
    return drain(scanner.pass(new Set()));
  };
  pass();
  machine.fork(1);
  const born = Math.max(...pass().born);
  // An act reads the table again within milliseconds.
  pass(5);
  machine.exec(born);
  expect(pass().entries.get(born)?.record.argv).toEqual([`image-${machine.processes.get(born)?.image}`]);
  // From then on it has its turn as everybody has.
  machine.exec(born);
  expect([...Array(20)].map(() => pass()).every(({ran}) => ran.has(born))).toBe(false);
});

describe('turns', () => {
  test('go around', () => {
    expect(takeTurn([2, 5, 7, 9], 5, 1)).toEqual([7]);
    expect(takeTurn([2, 5, 7, 9], 7, 3)).toEqual([9, 2, 5]);
    expect(takeTurn([2, 5], 9, 1)).toEqual([2]);
    expect(takeTurn([2, 5], 2, 9)).toEqual([2, 5]);
    expect(takeTurn([], 2, 0)).toEqual([]);
  });

  test('are larger when looks are further apart, and everybody’s after a break or a jump of the clock', () => {
    expect(shareOf(2000)).toBe(0.2);
    expect(shareOf(4100)).toBe(0.5);
    expect(shareOf(6000)).toBe(1);
    expect(shareOf(Number.NaN)).toBe(1);
    expect(shareOf(-5)).toBe(1);
    expect(shareOf(3_600_000)).toBe(1);
  });

  test('do not wait for whose pid may have come to another', () => {
    expect([4, 5, 8, 9].map(pid => mayBeAnother(pid, 4, 8))).toEqual([false, true, true, false]);
    expect([1, 3, 4, 30_000].map(pid => mayBeAnother(pid, 20_000, 3))).toEqual([true, true, false, true]);
    expect(mayBeAnother(4, null, 8)).toBe(true);
  });
});

test('at an even pace nobody is read more often than that takes', () => {
  const machine = createMachine(4000);
  for (let count = 0; count < 1000; count += 1) {
    machine.fork(1);
  }
  let reads = 0;
  const files: KeptFiles = {
    ...machine.files,
    stat: (pid, keep) => {
      reads += 1;
      return machine.files.stat(pid, keep);
    },
  };
  const units = {pageBytes: 4096, ticksPerSecond: 100};
  const {reader, now} = machine;
  const scanner = createProcessScanner({procRoot: '/proc', uid: 0, markers: new Set(), units, reader, files, now});
  drain(scanner.pass());
  reads = 0;
  for (let count = 0; count < 10; count += 1) {
    machine.pass(4100);
    drain(scanner.pass(new Set()));
  }
  expect(reads).toBeLessThanOrEqual(10 * 502);
});

test('of 200 000 processes that are nobody’s a pass reads a part, and pauses on the way', () => {
  const machine = createMachine(400_000);
  for (let count = 0; count < 200_000; count += 1) {
    machine.fork(1);
  }
  let reads = 0;
  const files: KeptFiles = {
    ...machine.files,
    stat: (pid, again) => {
      reads += 1;
      return machine.files.stat(pid, again);
    },
  };
  const units = {pageBytes: 4096, ticksPerSecond: 100};
  const scanner = createProcessScanner({
    procRoot: '/proc',
    uid: 1000,
    markers: new Set(),
    units,
    reader: machine.reader,
    files,
    now: machine.now,
  });
  drain(scanner.pass());
  machine.pass(2000);
  reads = 0;
  let longest = 0;
  let before = 0;
  const pass = scanner.pass(new Set([1]));
  for (let step = pass.next(); step.done !== true; step = pass.next()) {
    longest = Math.max(longest, reads - before);
    before = reads;
  }
  expect(reads).toBeLessThan(60_000);
  expect(longest).toBeLessThanOrEqual(8);
});
