// The one function that signals, over made-up process tables: what it refuses it refuses whatever it is told.
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {SignalName} from '../../../src/core/os/hands.ts';
import {createProcReader} from '../../../src/core/os/process-now.ts';
import {type SignalParts, signalGroup, signalProcess} from '../../../src/core/os/signal.ts';
import {HANDS} from '../../../src/sources/hands.act.ts';

interface Entry {
  readonly pid: number;
  readonly ppid?: number;
  readonly pgid?: number;
  readonly startTime?: number;
  readonly state?: string;
  readonly uid?: number;
  readonly comm?: string;
  readonly argv?: readonly string[];
  readonly flags?: number;
  readonly threads?: number;
}

const OWN = {pid: 50, uid: 1000, ancestors: [40, 30]};

let root: string;
let sent: [number, SignalName][];
let parts: SignalParts;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rt-proc-'));
  sent = [];
  parts = {
    reader: createProcReader(root),
    own: OWN,
    serves: process => HANDS.some(({control}) => control?.serves(process)),
    kill: (pid, signal) => {
      sent.push([pid, signal]);
    },
  };
  put({pid: 1, ppid: 0, uid: 0, comm: 'init'});
  put({pid: 30, ppid: 1, comm: 'bash'});
  put({pid: 40, ppid: 30, comm: 'bash'});
  put({pid: 50, ppid: 40, pgid: 50, comm: 'node'});
});

afterEach(() => {
  rmSync(root, {recursive: true, force: true});
});

/** One entry of /proc, as proc_pid_stat(5) and proc_pid_status(5) have it. */
const put = ({
  pid,
  ppid = 1,
  pgid = pid,
  startTime = pid * 10,
  state = 'S',
  uid = 1000,
  comm = 'node',
  argv = [comm],
  flags = 0,
  threads = 1,
}: Entry): void => {
  const stat = [state, ppid, pgid, pgid, 0, -1, flags, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, threads, 0, startTime, 0, 0];
  mkdirSync(join(root, String(pid)), {recursive: true});
  writeFileSync(join(root, String(pid), 'stat'), `${pid} (${comm}) ${stat.join(' ')}\n`);
  writeFileSync(join(root, String(pid), 'status'), `Name:\t${comm}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
  writeFileSync(join(root, String(pid), 'cmdline'), argv.map(word => `${word}\0`).join(''));
};

const target = {pid: 100, startTime: 1000};

describe('one process', () => {
  it('is signalled while it is the same one', () => {
    put({pid: 100, comm: 'a) R 1 ((evil'});
    expect(signalProcess(parts, target, 'SIGTERM')).toEqual({result: 'sent'});
    expect(sent).toEqual([[100, 'SIGTERM']]);
  });

  it.each<[string, Entry | null, string]>([
    ['gone', null, 'gone'],
    ['defunct', {pid: 100, state: 'Z'}, 'gone'],
    ['another’s pid by now', {pid: 100, startTime: 1001}, 'changed'],
    ['another user’s', {pid: 100, uid: 0}, 'refused'],
    ['a kernel thread', {pid: 100, flags: 0x00200000}, 'refused'],
    ['a tmux server', {pid: 100, comm: 'tmux: server'}, 'refused'],
    ['a zellij server', {pid: 100, comm: 'zellij', argv: ['zellij', '--server', '/tmp/x']}, 'refused'],
  ])('%s: not signalled', (_, entry, result) => {
    if (entry !== null) {
      put(entry);
    }
    expect(signalProcess(parts, target, 'SIGKILL').result).toBe(result);
    expect(sent).toEqual([]);
  });

  it('whose leader has ended while its threads go on is not gone', () => {
    put({pid: 100, state: 'Z', threads: 3});
    expect(signalProcess(parts, target, 'SIGKILL')).toEqual({result: 'sent'});
  });

  it.each([-1, 0, 1, Number.NaN, 1.5, -100])('%d is no target', pid => {
    expect(signalProcess(parts, {pid, startTime: pid * 10}, 'SIGKILL').result).toBe('refused');
    expect(sent).toEqual([]);
  });

  it('rigtop, its ancestors as they were, and as they are now', () => {
    put({pid: 35, ppid: 1});
    put({pid: 50, ppid: 35, pgid: 50});
    for (const pid of [50, 40, 30, 35]) {
      expect(signalProcess(parts, {pid, startTime: pid * 10}, 'SIGTERM').result).toBe('refused');
    }
    expect(sent).toEqual([]);
  });

  it('what cannot be read proves nothing', () => {
    put({pid: 100});
    rmSync(join(root, '100', 'stat'));
    mkdirSync(join(root, '100', 'stat'));
    expect(signalProcess(parts, target, 'SIGTERM').result).toBe('unknown');
    expect(sent).toEqual([]);
  });

  it.each([
    ['ESRCH', 'gone'],
    ['EPERM', 'denied'],
    ['EINVAL', 'unknown'],
  ])('%s of the system call is %s', (code, result) => {
    put({pid: 100});
    const failing = {
      ...parts,
      kill: () => {
        throw Object.assign(new Error(code), {code});
      },
    };
    expect(signalProcess(failing, target, 'SIGTERM').result).toBe(result);
  });
});

describe('a group', () => {
  const members = [
    {pid: 100, startTime: 1000},
    {pid: 101, startTime: 1010},
  ];

  beforeEach(() => {
    put({pid: 100, pgid: 100});
    put({pid: 101, ppid: 100, pgid: 100});
  });

  it('is signalled when every member is a target', () => {
    put({pid: 102, pgid: 100, state: 'Z'});
    expect(signalGroup(parts, 100, members, 'SIGKILL')).toEqual({result: 'sent'});
    expect(sent).toEqual([[-100, 'SIGKILL']]);
  });

  it.each<[string, Entry]>([
    ['somebody else', {pid: 103, pgid: 100}],
    ['a member’s pid that is another process', {pid: 101, pgid: 100, startTime: 5}],
    ['another user', {pid: 101, pgid: 100, uid: 0}],
    ['a tmux server', {pid: 101, pgid: 100, comm: 'tmux: server'}],
  ])('with %s in it is refused', (_, entry) => {
    put(entry);
    expect(signalGroup(parts, 100, members, 'SIGKILL').result).toBe('refused');
    expect(sent).toEqual([]);
  });

  it.each([-1, 0, 1, 50, 40, 30, Number.NaN])('%d is refused', pgid => {
    expect(signalGroup(parts, pgid, [...members, {pid: 50, startTime: 500}], 'SIGKILL').result).toBe('refused');
    expect(sent).toEqual([]);
  });

  it('of rigtop itself is refused as such, before its members are looked at', () => {
    put({pid: 49, pgid: 49});
    put({pid: 50, ppid: 40, pgid: 49});
    const named = [...members, {pid: 49, startTime: 490}, {pid: 50, startTime: 500}];
    expect(signalGroup(parts, 49, named, 'SIGKILL')).toMatchObject({
      result: 'refused',
      because: expect.stringContaining('group of rigtop'),
    });
  });

  it('that is empty is gone', () => {
    expect(signalGroup(parts, 777, members, 'SIGKILL')).toEqual({result: 'gone'});
  });
});

describe('any table', () => {
  const entry = fc.record({
    pid: fc.integer({min: 2, max: 12}),
    ppid: fc.integer({min: 0, max: 12}),
    pgid: fc.integer({min: 0, max: 12}),
    startTime: fc.integer({min: 1, max: 3}),
    state: fc.constantFrom('S', 'Z', 'T', 'R'),
    uid: fc.constantFrom(1000, 1000, 1000, 0),
    comm: fc.constantFrom('node', 'node', 'tmux: server'),
    flags: fc.constantFrom(0, 0, 0, 0x00200000),
  });
  const request = fc.record({pid: fc.integer({min: -2, max: 13}), startTime: fc.integer({min: 1, max: 3})});

  it('whoever is reached is exactly who was named, ours, alive, and not above us', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, {maxLength: 8, selector: ({pid}) => pid}),
        fc.array(request, {maxLength: 6}),
        fc.boolean(),
        (table, asked, group) => {
          rmSync(root, {recursive: true, force: true});
          mkdirSync(root);
          sent = [];
          for (const each of table) {
            put(each);
          }
          put({pid: 13, ppid: 12, pgid: 11, startTime: 1});
          const own = {pid: 13, uid: 1000, ancestors: []};
          const named = {...parts, own};
          for (const each of asked) {
            if (group) {
              signalGroup(named, each.pid, asked, 'SIGKILL');
            } else {
              signalProcess(named, each, 'SIGTERM');
            }
          }
          const chain = new Set<number>();
          for (let at = 13; !chain.has(at); at = table.find(({pid}) => pid === at)?.ppid ?? (at === 13 ? 12 : at)) {
            chain.add(at);
          }
          for (const [pid] of sent) {
            const reached =
              pid > 0 ? table.filter(each => each.pid === pid) : table.filter(each => each.pgid === -pid && each.state !== 'Z');
            expect(pid === 0 || pid === 1 || pid === -1 || pid === -11).toBe(false);
            expect(reached.length).toBeGreaterThan(0);
            for (const each of reached) {
              expect(asked.some(one => one.pid === each.pid && one.startTime === each.startTime)).toBe(true);
              expect(each).toMatchObject({uid: 1000, comm: 'node', flags: 0});
              expect(chain.has(each.pid)).toBe(false);
            }
          }
        },
      ),
      {numRuns: 150},
    );
  });
});
