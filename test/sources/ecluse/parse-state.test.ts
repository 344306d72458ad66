import {describe, expect, it} from 'vitest';
import {parseEcluseState, parsePidFile} from '../../../src/sources/ecluse/parse-ecluse-state.ts';

const entry = {
  slug: 'feat-a',
  mode: 'host',
  slot: 2,
  branch: 'feat/a',
  worktree_path: '/w/shop/.ecluse/worktrees/feat-a',
  compose_project: null,
  started_at: '2026-01-21T05:00:00Z',
};
const state = (...sessions: readonly object[]): string => JSON.stringify({version: 1, sessions});

describe('parseEcluseState', () => {
  it('takes a left-out status as active', () => {
    expect(parseEcluseState(state(entry))).toMatchObject({
      known: true,
      value: [{slug: 'feat-a', slot: 2, status: 'active', pending: null}],
    });
  });

  it('reads pending and stopped entries', () => {
    const read = parseEcluseState(
      state(
        {...entry, status: 'pending', pending_op: {id: '41-9-0', since: '2026-01-21T05:00:00Z'}},
        {...entry, slug: 'b', slot: 3, status: 'stopped'},
      ),
    );
    expect(read).toMatchObject({known: true, value: [{status: 'pending', pending: {id: '41-9-0'}}, {status: 'stopped'}]});
  });

  it('keeps recorded ports and drops what is no port', () => {
    const read = parseEcluseState(state({...entry, port_overrides: {web: 3109, bad: 99_999, worse: 'x'}}));
    expect(read).toMatchObject({known: true, value: [{portOverrides: {web: 3109}}]});
  });

  it.each([
    ['half-written', '{"version": 1, "sess'],
    ['truncated to nothing', ''],
    ['a list', '[]'],
    ['without sessions', '{"version": 1}'],
    ['of a newer version', '{"version": 2, "sessions": []}'],
    ['with a status of the future', state({...entry, status: 'hibernated'})],
    ['with an entry without a slot', state({...entry, slot: undefined})],
  ])('a state file that is %s is unknown, never empty', (_, text) => {
    expect(parseEcluseState(text).known).toBe(false);
  });
});

describe('parsePidFile', () => {
  it.each([
    ['41213\nWed Jan 21 13:37:31 2026\n', {pid: 41_213, startToken: 'Wed Jan 21 13:37:31 2026'}],
    ['41213', {pid: 41_213, startToken: null}],
    ['', {pid: null, startToken: null}],
    ['-5\n', {pid: null, startToken: null}],
    ['0\n', {pid: null, startToken: null}],
    ['12 rm\n', {pid: null, startToken: null}],
  ])('%j', (text, expected) => {
    expect(parsePidFile(text)).toEqual(expected);
  });
});
