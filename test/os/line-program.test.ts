// Programs that go on talking: as many as there are machines, floods, and what was said last.
import {execPath} from 'node:process';
import {afterEach, expect, test} from 'vitest';
import {type LineOptions, type LineProgram, type LinesEnd, startLines} from '../../src/core/os/line-program.ts';
import {waitFor} from '../support/wait-for.ts';

let started: readonly LineProgram[] = [];
afterEach(() => {
  for (const each of started) {
    each.end();
  }
  started = [];
});

const talk = (script: string, restMs: number, more: Partial<LineOptions> = {}) => {
  const helpings: (readonly string[])[] = [];
  const ends: LinesEnd[] = [];
  const program = startLines('sh', ['-c', script], {
    env: {PATH: process.env.PATH},
    maxLineBytes: 1024 * 1024,
    onLines: lines => {
      helpings.push(lines);
      return restMs;
    },
    onEnd: end => ends.push(end),
    ...more,
  });
  started = [...started, program];
  return {program, helpings, ends};
};

test('a dozen of them make Node warn of nothing: what it says would stand across the screen', async () => {
  const before = process.listenerCount('exit');
  const talks = Array.from({length: 12}, () => talk('exec sleep 600', 0));
  expect(process.listenerCount('exit')).toBe(before + 1);
  for (const {program} of talks) {
    program.end();
  }
  await waitFor('all of them to be gone', () => process.listenerCount('exit') === before);
});

test('whoever floods is held by his pipe: no helping is more than a megabyte and what was on its way', async () => {
  const line = 'x'.repeat(1_000);
  const {helpings} = talk(`exec yes ${line}`, 50);
  await waitFor('some helpings', () => helpings.length > 5);
  for (const lines of helpings) {
    expect(lines.length * (line.length + 1)).toBeLessThan(1.3 * 1024 * 1024);
  }
});

test('what was said last is handed over before the end is told, however long a rest was wanted', async () => {
  const {helpings, ends} = talk('echo first; sleep 0.3; echo second; echo third; exit 7', 3_600_000);
  await waitFor('the end', () => ends.length > 0);
  expect([helpings.flat(), ends.map(({exitCode}) => exitCode)]).toEqual([['first', 'second', 'third'], [7]]);
});

test('a line without an end is the end of it, and holds nothing', async () => {
  const before = process.memoryUsage().rss;
  const {ends} = talk(`exec ${execPath} -e "for (;;) require('fs').writeSync(1, 'x'.repeat(65536))"`, 0);
  await waitFor('the end', () => ends.length > 0);
  expect(ends[0]?.trouble).toBe('too-long');
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});
