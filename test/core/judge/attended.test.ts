import {expect, test} from 'vitest';
import {assess, emptyMemory} from '../../../src/core/judge/assess.ts';
import {attendedTo} from '../../../src/core/judge/attended.ts';
import {pids} from '../../../src/core/judge/recorded-pids.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {listener, look, pane, process, server, session, settings} from '../../support/world.ts';

test('attended to are panes, listeners, agents, all below them, who waits to be reaped, and rigtop itself; nobody else is', () => {
  const seen = look({
    processes: [
      process(1, 0, 'init'),
      process(700, 1, 'tmux'),
      process(701, 700, 'sh'),
      process(702, 701, 'node build'),
      process(800, 1, 'node server'),
      process(801, 800, 'node worker'),
      process(950, 1, 'sleep 9', {env: {}}),
      process(951, 950, 'sleep 9'),
      process(902, 1, [], {state: 'Z'}),
      process(903, 1, 'claude'),
      process(904, 903, 'sh'),
    ],
    servers: [server('default', [session('work', [pane('%1', 701)])], {pid: 700})],
    listeners: [listener(4000, 800)],
  });
  const {assessment} = assess(seen, settings, emptyMemory, SOURCES);
  const attended = attendedTo(assessment);
  expect([700, 701, 702, 800, 801, 902, 903, 904].filter(pid => !attended.has(pid))).toEqual([]);
  expect([950, 951].filter(pid => attended.has(pid))).toEqual([]);
  expect(attended.has(seen.self.pid)).toBe(true);
});

test('pids are found in records of any shape', () => {
  expect(
    pids([
      {pid: 4, at: {pid: 5}, list: [{worker: 6}]},
      {id: 7, pid: null},
    ]),
  ).toEqual([4, 5, 6]);
});
