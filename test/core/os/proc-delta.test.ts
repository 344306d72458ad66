import {describe, expect, test} from 'vitest';
import {known, NOT_ASKED, unknown} from '../../../src/core/domain/known.ts';
import type {Listener} from '../../../src/core/domain/listener.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {applyProcesses, shareListeners, type TablesDelta} from '../../../src/core/os/proc-delta.ts';

const process = (pid: number, more: Partial<Process> = {}): Process => ({
  pid,
  startTime: 100,
  ppid: 1,
  pgid: pid,
  sid: pid,
  tty: null,
  state: 'S',
  uid: 1000,
  comm: 'node',
  argv: ['node'],
  bornMs: 1000,
  cpu: 0,
  rss: 4096,
  cwd: known('/'),
  cwdDeleted: false,
  env: known({}),
  ...more,
});

const delta = (more: Partial<TablesDelta>): TablesDelta => ({
  fresh: [],
  stirred: [],
  gone: [],
  uptimeMs: 0,
  incomplete: null,
  blind: null,
  processesTookMs: 0,
  listeners: null,
  listenersIncomplete: null,
  listenersBlind: null,
  listenersTookMs: 0,
  processesAgeMs: 0,
  listenersAgeMs: 0,
  ...more,
});

describe('applying what changed', () => {
  const before = new Map([1, 2, 3].map(pid => [pid, process(pid)]));

  test('nothing changed: the same map', () => {
    expect(applyProcesses(before, delta({}))).toBe(before);
  });

  test('one moved: only its record is another, and its dear facts are shared', () => {
    const after = applyProcesses(before, delta({stirred: [[2, 12.5, 8192, 'R']]}));
    expect(after.get(2)).toEqual({...process(2), cpu: 12.5, rss: 8192, state: 'R'});
    expect(after.get(2)?.argv).toBe(before.get(2)?.argv);
    expect(after.get(1)).toBe(before.get(1));
    expect(before.get(2)?.cpu).toBe(0);
  });

  test('gone and come', () => {
    const after = applyProcesses(before, delta({gone: [3], fresh: [process(9)]}));
    expect([...after.keys()]).toEqual([1, 2, 9]);
  });

  test('a pid that was used again', () => {
    const after = applyProcesses(before, delta({fresh: [process(2, {startTime: 500})]}));
    expect(after.get(2)?.startTime).toBe(500);
  });

  test('records that crossed a thread share the reason nobody looked', () => {
    const copy = structuredClone(process(7, {cwd: NOT_ASKED, env: NOT_ASKED}));
    expect(applyProcesses(before, delta({fresh: [copy]})).get(7)?.env).toBe(NOT_ASKED);
    const other = structuredClone(process(7, {env: unknown('permission denied')}));
    expect(applyProcesses(before, delta({fresh: [other]})).get(7)?.cwd).toEqual(known('/'));
  });
});

describe('sharing listeners', () => {
  const listener = (inode: string, owners: Listener['owners']): Listener => ({
    port: 3000,
    address: '::',
    family: 6,
    inode,
    uid: 0,
    owners,
  });
  const before = [listener('1', known([7, 8])), listener('2', unknown('hidden'))];

  test('equal tables are the old one', () => {
    expect(shareListeners(before, structuredClone(before))).toBe(before);
  });

  test('another holder makes another record, and only that', () => {
    const after = shareListeners(before, [listener('1', known([7])), listener('2', unknown('hidden'))]);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  test('a closed socket leaves', () => {
    expect(shareListeners(before, [listener('2', unknown('hidden'))])).toEqual([before[1]]);
  });
});
