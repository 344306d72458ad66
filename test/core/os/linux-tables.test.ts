import {expect, test} from 'vitest';
import {createLinuxTables} from '../../../src/core/os/linux-tables.ts';
import {createChildren} from '../../../src/core/os/own-children.ts';
import type {TablesDelta} from '../../../src/core/os/proc-delta.ts';

const delta = (uptimeMs: number): TablesDelta => ({
  fresh: [],
  stirred: [],
  gone: [],
  uptimeMs,
  incomplete: null,
  blind: null,
  processesTookMs: 1,
  listeners: null,
  listenersIncomplete: null,
  listenersBlind: null,
  listenersTookMs: 1,
  processesAgeMs: 0,
  listenersAgeMs: 0,
});

/** Tables whose passes end when the test says so. */
const open = () => {
  const asked: (ReadonlySet<number> | null)[] = [];
  const ends: ((outcome: TablesDelta | Error) => void)[] = [];
  const run = (attended: ReadonlySet<number> | null): Promise<TablesDelta> =>
    new Promise((resolve, reject) => {
      asked.push(attended);
      ends.push(outcome => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  let made = 0;
  const tables = createLinuxTables({procRoot: '/proc', uid: 0, markers: new Set()}, createChildren(), () => {
    made += 1;
    return {run, close: () => undefined};
  });
  return {tables, asked, made: () => made, end: (outcome: TablesDelta | Error) => ends.shift()?.(outcome)};
};

test('a deadline that passes is unknown; the look after it gets the answer that was late', async () => {
  const {tables, end} = open();
  expect((await tables.read(20)).processes).toEqual({known: false, because: expect.stringContaining('within 20 ms')});
  const late = tables.read(20_000);
  end(delta(5000));
  expect((await late).processes).toMatchObject({known: true, value: {uptimeMs: 5000}});
});

test('whoever wants everything read waits for a pass in turns, and has one of his own', async () => {
  const {tables, asked, end} = open();
  const some = tables.read(20_000, new Set([1]));
  const whole = tables.read(20_000);
  end(delta(1000));
  expect((await some).processes).toMatchObject({value: {uptimeMs: 1000}});
  // The second pass is begun in a later turn of the loop.
  await new Promise(resolve => setImmediate(resolve));
  end(delta(2000));
  expect((await whole).processes).toMatchObject({value: {uptimeMs: 2000}});
  expect(asked).toEqual([new Set([1]), null]);
});

test('a pass that breaks is one look without tables, and the next begins anew', async () => {
  const {tables, end, made} = open();
  const broken = tables.read(20_000);
  end(new Error('out of order'));
  expect((await broken).processes).toMatchObject({known: false, because: expect.stringContaining('out of order')});
  const next = tables.read(20_000);
  end(delta(1000));
  expect((await next).processes.known).toBe(true);
  expect(made()).toBe(2);
});
