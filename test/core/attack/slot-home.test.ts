// Two repositories that put their work trees into one directory: what one of them does not say, the other does not answer for.
import {describe, expect, test} from 'vitest';
import {known, unknown} from '../../../src/core/domain/known.ts';
import type {SlotRepo} from '../../../src/core/domain/repo.ts';
import {type LookFacts, look, pane, process, server, session, settled, verdicts} from '../../support/world.ts';
import {config, native, shop, slotSession} from '../judge/slots/shop.ts';

const TREES = '/home/u/trees';
const FEAT = `${TREES}/feat`;

const repo = (name: string, facts: Partial<SlotRepo> = {}): SlotRepo =>
  shop([], [], {
    name,
    root: `/w/${name}`,
    realRoot: `/w/${name}`,
    config: known(config([native('web', 3100)], {worktreeDir: TREES})),
    ...facts,
  });
const unread = repo('b', {sessions: unknown('state.json is of version 2; version 1 is known')});
const env = {ECLUSE_SLUG: 'feat', ECLUSE_SLOT: '1'};
const server4000 = process(4000, 1, 'node srv.js', {cwd: FEAT, env});
const held = session('ecluse-feat', [pane('%1', 4100)], {env});
const inSession = [server('default', [held])];
const head = process(4100, 700, 'node srv.js', {cwd: FEAT, env, tty: 'pts/1'});

const orphans = (facts: LookFacts): readonly string[] => {
  const findings = settled(look(facts));
  return ['orphan-process', 'orphan-helper', 'orphan-daemon', 'orphan-session'].flatMap(kind =>
    verdicts(findings, kind as 'orphan-process'),
  );
};
const sure = (facts: LookFacts): readonly string[] => orphans(facts).filter(verdict => verdict.startsWith('sure'));

describe('a server in a directory that two repositories claim for their work trees', () => {
  test('while one of their records cannot be read: nothing is sure', () => {
    expect(sure({repos: [repo('a'), unread], processes: [server4000]})).toEqual([]);
    expect(sure({repos: [unread, repo('a')], processes: [server4000]})).toEqual([]);
    expect(sure({repos: [repo('a'), unread], servers: inSession, processes: [head]})).toEqual([]);
  });

  test('nor when git says that it is a work tree of the one that cannot be read', () => {
    const checkouts = {[FEAT]: '/w/b'};
    expect(sure({repos: [repo('a'), unread], processes: [server4000], checkouts})).toEqual([]);
    expect(sure({repos: [repo('a'), unread], servers: inSession, processes: [head], checkouts})).toEqual([]);
  });

  test('a directory of work trees is a claim: a repository that was read does not take what git does not give it', () => {
    const everything = repo('a', {config: known(config([], {worktreeDir: '/'}))});
    expect(sure({repos: [everything], processes: [server4000]})).toEqual([]);
    expect(sure({repos: [everything], processes: [server4000], checkouts: {[FEAT]: '/w/elsewhere'}})).toEqual([]);
  });

  test('git says whose it is, and that record was read: sure, whatever another one is', () => {
    const checkouts = {[FEAT]: '/w/a'};
    const web = process(4000, 1, 'vite', {cwd: FEAT, env});
    expect(sure({repos: [repo('a'), unread], processes: [web], checkouts})).toEqual(['sure process:4000']);
    expect(sure({repos: [repo('a'), unread], servers: inSession, processes: [head], checkouts})).toEqual([
      'sure session:default/ecluse-feat',
    ]);
  });

  test('a work tree that git still lists, though it has been removed', () => {
    const worktrees = [{path: FEAT, mainRoot: '/w/b', main: false, branch: 'feat', locked: null, prunable: 'gone', dirty: known(false)}];
    const web = process(4000, 1, 'vite', {cwd: FEAT, env});
    expect(sure({repos: [repo('a'), unread], processes: [web], worktrees})).toEqual([]);
  });

  test('a slot that somebody records as used is nobody’s orphan', () => {
    const a = repo('a', {sessions: known([slotSession('feat', 1, {worktreePath: FEAT, worktreeRealPath: FEAT})])});
    expect(orphans({repos: [a, unread], processes: [server4000]})).toEqual([]);
  });
});
