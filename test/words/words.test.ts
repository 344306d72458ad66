// Ages, lists and complaints: one way to say each.
import {describe, expect, it, test} from 'vitest';
import {clockTime, coarseAge, duration, exactAge, minuteAge} from '../../src/words/ages.ts';
import {complaint, complaintOf, type RanProgram} from '../../src/words/complaints.ts';
import {allOf, firstOf, portList} from '../../src/words/counts.ts';
import {titleBeside} from '../../src/words/describe-finding.ts';

test.each([
  [0, '0s', '<5m'],
  [59_999, '59s', '<5m'],
  [12 * 60_000, '12m', '10m'],
  [3.1 * 3_600_000, '3h06m', '3h'],
  [50 * 3_600_000, '2d02h', '2d02h'],
  [12 * 86_400_000, '12d00h', '12d'],
])('%d ms is an age of %s, coarsely %s', (ms, exact, coarse) => {
  expect([exactAge(ms), coarseAge(ms)]).toEqual([exact, coarse]);
});

test.each([
  [30_000, '<1m'],
  [12 * 60_000, '12m'],
  [59 * 60_000 + 59_000, '1h'],
  [3.1 * 3_600_000, '3h'],
  [50 * 3_600_000, '2d02h'],
])('what has lasted %d ms is %s', (ms, words) => {
  const now = 1_000 * 3_600_000;
  expect(minuteAge(now - ms, now)).toBe(words);
});

test('the ages of all rows change in the same look, once a minute', () => {
  const from = 1_000 * 3_600_000;
  const changes = new Set<number>();
  for (const since of [100_000, 777_000, 1_234_000, 1_790_000].map(ms => from - ms)) {
    for (let second = 1; second <= 180; second += 1) {
      if (minuteAge(since, from + second * 1_000) !== minuteAge(since, from + (second - 1) * 1_000)) {
        changes.add(second);
      }
    }
  }
  expect([...changes]).toEqual([60, 120, 180]);
});

test.each([
  [12, '12 ms'],
  [310, '0.3 s'],
  [5000, '5 s'],
])('%d ms take %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('days and months have the names that they have in English', () => {
  const now = new Date(2026, 11, 31, 12).getTime();
  for (let days = 1; days < 365; days += 1) {
    const date = new Date(2026, 11, 31 - days, 11, 2, 40);
    const short = (options: Intl.DateTimeFormatOptions): string => `${date.toLocaleDateString('en-GB', options)} 11:02`;
    expect(clockTime(date.getTime(), now)).toBe(short(days < 6 ? {weekday: 'short'} : {day: 'numeric', month: 'short'}));
  }
  expect(clockTime(new Date(2026, 11, 31, 11, 2, 4).getTime(), now)).toBe('11:02:04');
});

test('lists name a few and count the rest, or name all', () => {
  expect(firstOf(['a', 'b', 'c'], 3)).toBe('a, b, c');
  expect(firstOf(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
  expect(firstOf(['a', 'b', 'c'], 2, ' ')).toBe('a b and 1 more');
  expect([[], ['a'], ['a', 'b', 'c']].map(allOf)).toEqual(['', 'a', 'a, b and c']);
  expect(portList([3102, 80])).toBe(':3102 :80');
});

test('a title does not name what the row names', () => {
  expect(titleBeside('agent:x/a was at work', 'agent:x/a')).toBe('was at work');
  expect(titleBeside('session s is there, agent:x/a is not', 'agent:x/a')).toBe('session s is there, its agent is not');
  expect(titleBeside('agent:x/ab was at work', 'agent:x/b')).toBe('agent:x/ab was at work');
});

describe('why a program failed', () => {
  const ran = (more: Partial<RanProgram>): RanProgram => ({stderr: '', exitCode: 0, trouble: null, ...more});

  it.each<[string, Partial<RanProgram>, string | null]>([
    ['it did not', {stderr: 'a warning'}, null],
    ['it hung', {exitCode: null, trouble: 'timeout'}, 'git did not answer in time'],
    ['it is not there', {exitCode: null, trouble: 'missing'}, 'git is not installed'],
    ['its own words', {exitCode: 128, stderr: '\nfatal: dubious ownership\nTo add an exception:\n'}, 'git: fatal: dubious ownership'],
    ['its own name', {exitCode: 1, stderr: 'git: no such command'}, 'git: no such command'],
    ['it said nothing', {exitCode: 3, stderr: ' \n'}, 'git ended with status 3'],
    ['it was killed', {exitCode: null}, 'git ended with a signal'],
    ['hostile words', {exitCode: 1, stderr: 'a\u001b[2Jb'}, 'git: a\\u{1b}[2Jb'],
  ])('%s', (_, more, because) => {
    expect(complaintOf('git', ran(more))).toBe(because);
  });

  it('is said without its name where that is said already', () => {
    expect(complaint(ran({exitCode: null, trouble: 'timeout'}))).toBe('did not answer in time');
    expect(complaint(ran({exitCode: 1, stderr: 'no such session\n'}))).toBe('no such session');
    expect([complaint(ran({exitCode: 2})), complaint(ran({}))]).toEqual(['ended with status 2', null]);
  });

  it('of what runs others is said at the end', () => {
    const failed = ran({exitCode: 1, stderr: 'Container web  Stopping\nCannot connect to the Docker daemon\n'});
    expect(complaintOf('docker', failed, 'last')).toBe('docker: Cannot connect to the Docker daemon');
  });
});
