import {describe, expect, test} from 'vitest';
import type {Process} from '../../../src/core/domain/process.ts';
import {bearsOut, childrenOfServers, jobsOf} from '../../../src/sources/tmux/tmux-family.ts';
import {pane, process, server, session} from '../../support/world.ts';

const answered = {...server('default', [session('work', [pane('%1', 701), pane('%2', 702, {dead: true})])]), pid: 700};
const table = (...processes: readonly Process[]): ReadonlyMap<number, Process> => new Map(processes.map(each => [each.pid, each]));
const tmux = process(700, 1, 'tmux');
const shell = process(701, 700, 'sh');

const stands = (processes: ReadonlyMap<number, Process>, jobs: readonly number[] = []): boolean =>
  bearsOut(answered, processes, childrenOfServers([answered], processes).get(700) ?? new Set(), new Set(jobs));

describe('what a server answered stands', () => {
  test('while its panes are its children', () => {
    expect(stands(table(tmux, shell))).toBe(true);
  });

  test('not when the program of a pane is gone or ended', () => {
    expect(stands(table(tmux))).toBe(false);
    expect(stands(table(tmux, process(701, 700, [], {state: 'Z'})))).toBe(false);
    expect(stands(table(tmux, process(701, 1, 'sh')))).toBe(false);
  });

  test('not when there is a child more, but for a job that was there before the answer', () => {
    const more = table(tmux, shell, process(703, 700, 'sh'));
    expect(stands(more)).toBe(false);
    expect(stands(more, [703])).toBe(true);
    expect([...jobsOf(answered, new Set([701, 703]))]).toEqual([703]);
    expect([...jobsOf(answered, undefined)]).toEqual([]);
  });

  test('not when the server is stopped, ended or not in the table', () => {
    expect(stands(table({...tmux, state: 'T'}, shell))).toBe(false);
    expect(stands(table({...tmux, state: 'Z'}, shell))).toBe(false);
    expect(stands(table(shell))).toBe(false);
  });
});
