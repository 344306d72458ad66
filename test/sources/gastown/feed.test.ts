// The event feed, the town log and the small runtime files, as text.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import {deviceName, lockHolder, parseKernelLocks} from '../../../src/core/look/kernel-locks.ts';
import {parseEstop, parseLockRecord, parsePid} from '../../../src/sources/gastown/parse-records.ts';
import {parseEvents, parseTownLog} from '../../../src/sources/gastown/read/town-events-feed.ts';

describe('feed', () => {
  const line =
    '{"ts":"2026-01-21T05:00:00Z","source":"gt","type":"session_death","actor":"gt-old-x","payload":{"session":"gt-old-x","agent":"unknown","reason":"orphan cleanup","caller":"gt doctor"},"visibility":"feed"}';

  test('an event with its payload; half a line, noise and hostile text are survived', () => {
    const hostile = JSON.stringify({ts: '2026-01-21T05:00:01Z', type: 'kill\u001b[2J', actor: 'a\nb', payload: {n: 3}});
    expect(parseEvents(`${line}\n\nnoise\n[1]\n${hostile}\n${line.slice(0, 50)}`)).toEqual([
      {
        at: Date.parse('2026-01-21T05:00:00Z'),
        origin: 'events',
        type: 'session_death',
        actor: 'gt-old-x',
        text: 'session: gt-old-x, agent: unknown, reason: orphan cleanup, caller: gt doctor',
        session: 'gt-old-x',
      },
      {at: Date.parse('2026-01-21T05:00:01Z'), origin: 'events', type: 'kill\\u{1b}[2J', actor: 'a b', text: 'n: 3', session: null},
    ]);
  });

  test('the log', () => {
    expect(parseTownLog('2025-12-26 15:30:45 [spawn] gastown/fury with gt-12\ngarbage\n')).toEqual([
      {at: Date.parse('2025-12-26T15:30:45'), origin: 'log', type: 'spawn', actor: 'gastown/fury', text: 'with gt-12', session: null},
    ]);
  });
});

describe('runtime files', () => {
  test.each([
    ['41213\n9f86d081884c7d65', 41_213],
    ['41213', 41_213],
    ['41213|Wed Jan 21 13:37:31 2026', 41_213],
    ['', null],
    ['0', null],
    ['-1', null],
    ['41213abc', null],
    ['99999999', null],
  ])('pid file %j', (text, pid) => {
    expect(parsePid(text)).toBe(pid);
  });

  test('a lock needs a pid; what else is odd is left out', () => {
    expect(parseLockRecord('{"pid":7,"acquired_at":"0001-01-01T00:00:00Z","session_id":""}')).toEqual(
      known({pid: 7, acquiredAt: null, sessionId: null, hostname: null}),
    );
    expect(parseLockRecord('')).toEqual(unknown('the file is empty'));
    expect(parseLockRecord('{"pid":"7"}')).toEqual(unknown('no process id in it'));
    expect(parseLockRecord('[7]')).toEqual(unknown('not a JSON object'));
  });

  test('an empty emergency stop is a manual one at the time of its file', () => {
    expect(parseEstop('', '/t/ESTOP', 5_000)).toEqual({path: '/t/ESTOP', trigger: 'manual', at: 5_000, reason: ''});
    expect(parseEstop('manual\t2026-03-21T10:00:00Z\tclosing laptop', 'p', 5_000)).toMatchObject({
      at: Date.parse('2026-03-21T10:00:00Z'),
      reason: 'closing laptop',
    });
  });
});

describe('kernel locks', () => {
  const text =
    '1: FLOCK  ADVISORY  WRITE 708 fe:00:4423 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 709 fe:00:4423 0 EOF\n2: POSIX  ADVISORY  READ 5 00:15:12 4 8\n';
  const file = (device: number, inode: number) => ({kind: 'file' as const, size: 0, mtimeMs: 0, inode, device, mode: 0, uid: 0});

  test('holders, without those who wait', () => {
    expect(parseKernelLocks(text).map(lock => [lock.pid, lock.device, lock.inode])).toEqual([
      [708, 'fe:00', 4_423],
      [5, '00:15', 12],
    ]);
  });

  test('device and inode must both match; another device proves nothing', () => {
    const table = known(parseKernelLocks(text));
    expect(deviceName(65_024)).toBe('fe:00');
    expect(deviceName(0x1_03_05)).toBe('103:05');
    expect(lockHolder(table, file(65_024, 4_423))).toEqual(known(708));
    expect(lockHolder(table, file(65_024, 99))).toEqual(known(null));
    expect(lockHolder(table, file(1, 4_423)).known).toBe(false);
    expect(lockHolder(unknown('macOS'), file(65_024, 4_423))).toEqual(unknown('macOS'));
  });
});
