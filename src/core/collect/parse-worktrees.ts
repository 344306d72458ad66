// Output of `git worktree list --porcelain -z` → work trees. Pure.
import {NOT_ASKED} from '../domain/known.ts';
import type {Worktree} from '../domain/repo.ts';

/** Attributes end with NUL, records with an empty attribute (git-worktree(1)). The first record is the main work tree. */
export const parseWorktrees = (output: string): readonly Worktree[] => {
  const records = output
    .split('\0\0')
    .map(record => record.split('\0').filter(attribute => attribute !== ''))
    .filter(record => record.length > 0);
  const valueIn = (record: readonly string[], label: string): string | null => {
    const attribute = record.find(line => line === label || line.startsWith(`${label} `));
    return attribute === undefined ? null : attribute.slice(label.length + 1);
  };
  const mainRoot = valueIn(records[0] ?? [], 'worktree');
  return records.flatMap((record, index) => {
    const path = valueIn(record, 'worktree');
    return path === null || mainRoot === null
      ? []
      : [
          {
            path,
            mainRoot,
            main: index === 0,
            branch: valueIn(record, 'branch')?.replace(/^refs\/heads\//, '') ?? null,
            locked: valueIn(record, 'locked'),
            prunable: valueIn(record, 'prunable'),
            dirty: NOT_ASKED,
          },
        ];
  });
};
