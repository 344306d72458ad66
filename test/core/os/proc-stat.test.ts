import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseArgv, parseMarkers, parseProcStat, showsExec, ttyName} from '../../../src/core/os/proc-stat.ts';

/** A line as Linux 6 prints it, with the fields that matter here set. */
const statLine = (pid: number, comm: string, startTime: number): string =>
  Buffer.from(
    `${pid} (${comm}) S 7 8 9 34816 8 4194560 100 0 1 0 12 30 0 0 20 0 1 0 ${startTime} 5000000 123 18446744073709551615 1 2 3 4 5 0 0 0 65536 1 0 0 17 0 0 0 0 0 0 6 7 8 9 10 11 12 0\n`,
  ).toString('latin1');

describe('the stat line', () => {
  test('every field from its place', () => {
    expect(parseProcStat(statLine(42, 'node', 812345))).toMatchObject({
      pid: 42,
      comm: 'node',
      state: 'S',
      ppid: 7,
      pgid: 8,
      sid: 9,
      tty: 'pts/0',
      kernelThread: false,
      ticks: 42,
      startTime: 812345,
      rssPages: 123,
    });
  });

  test('a name may hold anything, what looks like the rest of the line included', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.constantFrom(') R 1 1 1', '((', '))', 'a b', 'tmux: server', 'x\ny', '', '🦊'),
          fc.string().filter(name => !name.includes('\u0000')),
        ),
        comm => {
          const parsed = parseProcStat(statLine(42, comm, 99));
          return parsed?.pid === 42 && parsed.ppid === 7 && parsed.startTime === 99 && parsed.comm === Buffer.from(comm).toString();
        },
      ),
    );
  });

  test.each(['', 'garbage', '42', '42 (sh', '42 (sh)', '(sh) S 1'])('%j is not one', text => {
    expect(parseProcStat(text)).toBeNull();
  });

  test('a kernel thread is told by its flag, wherever its parent is', () => {
    const line = statLine(9, 'kworker/0:1', 5).replace('4194560', '2129984');
    expect(parseProcStat(line)?.kernelThread).toBe(true);
  });

  test('another program under the same pid and start time has another image', () => {
    const before = statLine(42, 'node', 5);
    expect(showsExec(before, before.replace(' 9 10 11 12 0\n', ' 9 10 14 12 0\n'))).toBe(true);
    expect(showsExec(before, before.replace('(node)', '(n) e)'))).toBe(true);
    expect(showsExec(before, before.replace(' 12 30 ', ' 13 31 '))).toBe(false);
  });
});

test.each([
  [0, null],
  [0x8803, 'pts/3'],
  [(137 << 8) | 2, 'pts/258'],
  [0x0401, 'tty1'],
  [0x0440, 'ttyS0'],
  [0x0501, 'console'],
  [0x0500, 'tty'],
  [(204 << 8) | 64, '204:64'],
  [0x1008803, 'pts/4099'],
])('terminal device %i is %s', (device, name) => {
  expect(ttyName(device)).toBe(name);
});

test.each([
  ['', []],
  ['node\0a.js\0', ['node', 'a.js']],
  ['sh\0-c\0\0', ['sh', '-c', '']],
  ['sh\0-c\0echo a\necho b\0', ['sh', '-c', 'echo a\necho b']],
  ['claude\0\0\0\0\0\0', ['claude']],
  ['my title without end', ['my title without end']],
  ['\0\0\0', []],
  ['\0', []],
])('argument area %j', (area, argv) => {
  expect(parseArgv(Buffer.from(area))).toEqual(argv);
});

test('of an environment only markers are kept, the first of two of one name', () => {
  const environ =
    'PATH=/bin\0TMUX=/tmp/tmux-0/default,1,0\0GT_ROLE=witness\0GT_ROLE=crew\0GT_API_TOKEN=s3cret\0AWS_SECRET=x\0GT_RIG=a=b\0junk\0=\0';
  expect(parseMarkers(Buffer.from(environ), new Set())).toEqual({});
  expect(parseMarkers(Buffer.from(environ), new Set(['TMUX', 'GT_ROLE', 'GT_RIG']))).toEqual({
    TMUX: '/tmp/tmux-0/default,1,0',
    GT_ROLE: 'witness',
    GT_RIG: 'a=b',
  });
});

test('of any environment what is marked is found, and nothing else', () => {
  const kept = new Set(['TMUX', 'TMUX_PANE', 'GT_ROLE']);
  const name = fc.constantFrom('TMUX', 'TMUX_PANE', 'TMUXX', 'XTMUX', 'GT_ROLE', 'gt_role', 'PATH', '', 'é', '\nTMUX');
  const value = fc.oneof(fc.string(), fc.constantFrom('', '=', 'é漢👩', 'TMUX=x', '\u00000'));
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), fc.boolean(), (entries, ended) => {
      const environ = entries.map(entry => entry.join('=')).join('\0') + (ended ? '\0' : '');
      const expected: Record<string, string> = {};
      for (const entry of environ.split('\0')) {
        const at = entry.indexOf('=');
        const key = entry.slice(0, at);
        if (at > 0 && kept.has(key) && !Object.hasOwn(expected, key)) {
          expected[key] = entry.slice(at + 1);
        }
      }
      expect(parseMarkers(Buffer.from(environ), kept)).toEqual(expected);
    }),
  );
});
