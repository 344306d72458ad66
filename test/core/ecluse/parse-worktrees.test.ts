import {expect, it} from 'vitest';
import {parseWorktrees} from '../../../src/core/collect/parse-worktrees.ts';

it('reads records of git worktree list --porcelain -z, newlines in paths included', () => {
  const output = [
    'worktree /w/shop\0HEAD 1111\0branch refs/heads/main\0\0',
    'worktree /w/a\nb\0HEAD 2222\0detached\0locked\0\0',
    'worktree /w/gone\0HEAD 3333\0branch refs/heads/feat/x\0locked moved away\0prunable gitdir file points to non-existent location\0\0',
  ].join('');
  expect(parseWorktrees(output)).toMatchObject([
    {path: '/w/shop', main: true, mainRoot: '/w/shop', branch: 'main', locked: null, prunable: null},
    {path: '/w/a\nb', main: false, mainRoot: '/w/shop', branch: null, locked: '', prunable: null},
    {path: '/w/gone', branch: 'feat/x', locked: 'moved away', prunable: expect.stringContaining('non-existent')},
  ]);
});

it('reads nothing from nothing', () => {
  expect(parseWorktrees('')).toEqual([]);
});
