import {expect, test} from 'vitest';
import {createResting, createThrift, NOBODY_WAITS} from '../../../src/core/os/small-heap.ts';

const open = (node = '24.21.0') => {
  const flags: string[] = [];
  return {flags, ...createThrift(flag => flags.push(flag), node)};
};

test('nothing is compiled less before somebody asks for it', () => {
  const {flags, expectWork} = open();
  expectWork({processes: 10});
  expectWork({processes: 10_000, machines: 3});
  expect(flags).toEqual([]);
});

test('the optimising compilers rest, and work where there are many processes or machines', () => {
  const {flags, beFrugal, expectWork} = open();
  beFrugal();
  expect(flags.splice(0, 3).filter(flag => flag.includes('wasm'))).toHaveLength(3);
  const told = [flags.splice(0)];
  beFrugal();
  for (const work of [{processes: 4001}, {processes: 4000}, {machines: 101}, {processes: 10}, {machines: 100}, {processes: 2000}]) {
    expectWork(work);
    told.push(flags.splice(0));
  }
  const [off, on] = [
    ['--no-maglev', '--no-turbofan'],
    ['--maglev', '--turbofan'],
  ];
  expect(told).toEqual([off, on, off, on, [], off, []]);
});

test('a Node that does not know a flag, and would say so on stderr, is not given it', () => {
  const {flags, beFrugal} = open('20.20.2');
  beFrugal();
  expect(flags).toEqual(['--no-maglev', '--no-turbofan']);
});

const openResting = (leaves = 50) => {
  let now = 0;
  let bytes = 100;
  let tidied = 0;
  const rest = createResting({
    tidy: () => {
      tidied += 1;
      bytes = leaves;
    },
    held: () => bytes * 2 ** 20,
    now: () => now,
  });
  return {
    /** So many times it was tidied after `ms` more, with so many megabytes held. */
    after: (ms: number, quietMs: number, megabytes: number): number => {
      now += ms;
      bytes = megabytes;
      rest(quietMs);
      return tidied;
    },
  };
};

test('memory is given back when nobody has pressed a key for half a minute, and every two minutes', () => {
  const {after} = openResting();
  expect(after(60_000, 29_000, 100)).toBe(0);
  expect(after(1_000, 30_000, 100)).toBe(1);
  expect(after(119_000, 89_000, 100)).toBe(1);
  expect(after(1_000, NOBODY_WAITS, 100)).toBe(2);
});

test('not for next to nothing, and not where it would take long', () => {
  const {after} = openResting(50);
  expect(after(0, NOBODY_WAITS, 100)).toBe(1);
  expect(after(600_000, NOBODY_WAITS, 59)).toBe(1);
  expect(after(0, NOBODY_WAITS, 129)).toBe(1);
  expect(after(0, NOBODY_WAITS, 61)).toBe(2);
});
