import {expect, test} from 'vitest';
import {createThrift} from '../../../src/core/os/small-heap.ts';

const open = () => {
  const flags: string[] = [];
  return {flags, ...createThrift(flag => flags.push(flag))};
};

test('nothing is compiled less before somebody asks for it', () => {
  const {flags, expectWork} = open();
  expectWork({processes: 10});
  expectWork({processes: 10_000, machines: 3});
  expect(flags).toEqual([]);
});

test('the optimising compilers rest, and work where there are many processes or any other machine', () => {
  const {flags, beFrugal, expectWork} = open();
  beFrugal();
  expect(flags.splice(0, 3).filter(flag => flag.includes('wasm'))).toHaveLength(3);
  const told = [flags.splice(0)];
  beFrugal();
  for (const work of [{processes: 4001}, {processes: 4000}, {machines: 1}, {processes: 10}, {machines: 0}, {processes: 2000}]) {
    expectWork(work);
    told.push(flags.splice(0));
  }
  const [off, on] = [
    ['--no-maglev', '--no-turbofan'],
    ['--maglev', '--turbofan'],
  ];
  expect(told).toEqual([off, on, off, on, [], off, []]);
});
