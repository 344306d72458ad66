import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {Process, ProcessState} from '../../../src/core/domain/process.ts';
import {type Sighting, sourceOf, withProcesses} from '../../../src/sources/tmux/tmux-sighting.ts';

const sighting = (condition: Sighting['condition'], more: Partial<Sighting> = {}): Sighting => ({
  server: {
    kind: 'tmux',
    name: 'work',
    socket: '/tmp/tmux-0/work',
    state: condition === 'gone' ? 'absent' : 'unknown',
    because: 'as it was found',
    pid: null,
    version: null,
    sessions: [],
  },
  condition,
  lastPid: null,
  tookMs: 1,
  ...more,
});

const table = (
  pid: number,
  comm: string,
  state: ProcessState = 'S',
  argv: readonly string[] = ['tmux', '-L', 'work', 'new-session'],
): ReadonlyMap<number, Process> =>
  new Map([
    [
      pid,
      {
        pid,
        startTime: 1,
        ppid: 1,
        pgid: pid,
        sid: pid,
        tty: null,
        state,
        uid: 0,
        comm,
        argv,
        bornMs: 0,
        cpu: 0,
        rss: 0,
        cwd: known('/'),
        cwdDeleted: false,
        env: known({}),
      },
    ],
  ]);

const judge = (one: Sighting, processes: ReadonlyMap<number, Process>): Sighting => withProcesses(one, [one], processes);

describe('what the process table adds', () => {
  test('a refused connection is no absence while the process that answered before lives', () => {
    const seen = judge(sighting('gone', {lastPid: 4711}), table(4711, 'tmux: server'));
    expect(seen.server.state).toBe('unknown');
    expect(seen.hint).toBe('SIGUSR1 to 4711 recreates the socket');
  });

  test.each([
    ['it has ended', table(1, 'init')],
    ['its pid is somebody else by now', table(4711, 'vim')],
    ['it is defunct', table(4711, 'tmux: server', 'Z')],
  ])('absence stands when %s', (_, processes) => {
    expect(judge(sighting('gone', {lastPid: 4711}), processes).server.state).toBe('absent');
  });

  test('a server that never answered is absent, whoever else runs tmux', () => {
    expect(judge(sighting('gone'), table(4711, 'tmux: server')).server.state).toBe('absent');
  });

  test('a silent server that is stopped, with the cure', () => {
    const seen = judge(sighting('hung', {lastPid: 4711}), table(4711, 'tmux: server', 'T'));
    expect(seen.server).toMatchObject({state: 'unknown', because: 'its process 4711 is stopped'});
    expect(sourceOf(seen)).toMatchObject({state: 'unknown', hint: 'SIGCONT to 4711 lets it go on'});
  });

  test.each([
    [['tmux', '-L', 'work', 'new', '-d'], true],
    [['tmux', '-Lwork'], true],
    [['tmux', '-u', '-S', '/tmp/tmux-0/work'], true],
    [['tmux', '-S/tmp/tmux-0/work'], true],
    [['tmux', '-S', '/elsewhere/work'], false],
    [['tmux', '-L', 'other'], false],
    [['tmux', 'new-session'], false],
    [['tmux'], false],
  ])('a server process started by %j is meant: %s', (argv, meant) => {
    expect(judge(sighting('cut-off'), table(4711, 'tmux: server', 'S', argv)).hint?.includes('4711') ?? false).toBe(meant);
  });

  test('not when another server accounts for it', () => {
    const other = sighting('answers', {lastPid: 4711});
    const lost = sighting('cut-off');
    expect(withProcesses(lost, [lost, other], table(4711, 'tmux: server')).hint).toBeUndefined();
  });
});
