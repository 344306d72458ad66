// Orders to tmux over a server as a literal: whose panes they mean, and who hangs up with a server.
import {expect, test} from 'vitest';
import {known} from '../../src/core/domain/known.ts';
import type {Facts, TmuxSessionFact, TmuxWindowFact} from '../../src/guard/facts.ts';
import {playCommand} from '../../src/guard/play-command.ts';
import {mayEnd} from '../../src/guard/shell/quick-scan.ts';
import {CALLER, FACTS} from './fleet.ts';
import {process} from './processes.ts';

const pane = (pid: number, server = 50) => process(pid, server, 'node dev.js', {tty: `pts/${pid}`, foreground: pid});
const PROCESSES = [
  process(1, 0, 'init', {uid: 0}),
  process(10, 1, 'claude'),
  process(50, 1, 'tmux new-session', {comm: 'tmux: server'}),
  pane(60),
  pane(61),
  pane(62),
  process(63, 60, 'node worker.js', {sid: 60, tty: 'pts/60', ignoresHangUp: true}),
];

const windowOf = (index: number, pid: number, active: boolean): TmuxWindowFact => ({
  id: `@${pid}`,
  index,
  name: 'node',
  active,
  panes: [{id: `%${pid}`, pid, active: true}],
});
const session = (name: string, activity: number, windows: readonly TmuxWindowFact[]): TmuxSessionFact => ({
  id: `$${name}`,
  name,
  activity,
  windows,
});

const factsWith = (activity: number): Facts => ({
  ...FACTS,
  processes: known(new Map(PROCESSES.map(each => [each.pid, each]))),
  tmux: new Map([
    [
      '/tmp/tmux-1000/default',
      known({
        socket: '/tmp/tmux-1000/default',
        pid: 50,
        sessions: [session('work', activity, [windowOf(0, 60, true)]), session('zeta', 5, [windowOf(0, 61, true), windowOf(1, 62, false)])],
      }),
    ],
  ]),
});

const played = (command: string, activity = 9) => {
  const {endings, undecided, needs} = playCommand(command, CALLER, factsWith(activity));
  expect(needs).toEqual([]);
  return {ends: endings.map(({pid}) => pid).toSorted((a, b) => a - b), doubts: undecided.map(({because}) => because)};
};

test.each<readonly [string, readonly number[]]>([
  ['tmux kill-session', [60]],
  ['tmux kill-window -t zeta:1', [62]],
  // Behind the first key everything is a key, and goes to where one is.
  ['tmux send-keys C-c -t zeta', [60]],
  ['tmux send-keys -t zeta C-C', [61]],
  ['tmux send-keys -t zeta -H 03', [61]],
  ['tmux send-keys -l -t zeta C-c', []],
  ['tmux source - <<< "kill-session -t zeta"', [61, 62]],
  ["tmux display -p -t zeta '#{pane_pid}' | xargs kill", [61]],
  ["tmux list-panes -t zeta -F '#{pane_pid}' | xargs kill", [61]],
  ["tmux list-panes -s -t zeta -F '#{pane_pid}' | xargs kill", [61, 62]],
  ['tmux has -t nothing && tmux kill-session -t work', []],
  ['tmux has -t zeta && tmux kill-session -t work', [60]],
  ['tmux kill-server', [50, 60, 61, 62]],
  ['kill 50', [50, 60, 61, 62]],
  ["pkill -x 'tmux: server'", [50, 60, 61, 62]],
])('%s', (command, pids) => {
  expect(mayEnd(command)).toBe(true);
  expect(played(command)).toEqual({ends: pids, doubts: []});
});

test.each([
  'tmux set -g destroy-unattached on',
  'tmux set-option -s exit-unattached 1',
  'tmux rename -t work x \\; kill-session -t x',
  'tmux rename-session -t work x; tmux kill-session -t x',
  'tmux kill-window -t zeta:+1',
  "tmux kill-window -t 'zeta:$'",
  'tmux kill-window -t zeta:{end}',
])('%s is asked about', command => {
  expect(mayEnd(command)).toBe(true);
  expect(played(command)).toEqual({ends: [], doubts: [expect.any(String)]});
});

test('of two that were used in the same second nobody can tell the last', () => {
  expect(played('tmux kill-session', 5)).toEqual({ends: [], doubts: ['which session tmux takes is not known']});
  expect(played('tmux send-keys C-c', 5).doubts).toEqual(['which session tmux takes is not known']);
});
