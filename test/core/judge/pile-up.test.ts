// Generations of a helper below one living owner; and owners with many helpers, each of which is rightful.
import {describe, expect, test} from 'vitest';
import {known} from '../../../src/core/domain/known.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import type {RuntimeStore} from '../../../src/core/domain/runtime-record.ts';
import {lockedSession} from '../../../src/sources/runtimes/parse-others.ts';
import {facts, look, ofKind, pane, process, server, session, settled} from '../../support/world.ts';

const MINUTE = 60_000;
const claude = process(4001, 700, 'claude', {tty: 'pts/1', cwd: '/w/a'});
const upTo = (count: number): readonly number[] => Array.from({length: count}, (_, index) => index);

const piles = (...processes: readonly Process[]) =>
  ofKind(
    settled(look({servers: [server('default', [session('one', [pane('%1', 4001)])])], processes, checkouts: {'/w/a': '/w/a'}})),
    'pile-up',
  );
/** Copies of one helper, the last of them half an hour old, each `everyMs` after the one before. */
const copies = (count: number, everyMs: number, command: string, from = 5000): readonly Process[] =>
  upTo(count).map(at => process(from + at, 4001, command, {ageMs: 30 * MINUTE + (count - 1 - at) * everyMs, rss: 50 * 1024 * 1024}));

describe('the same helper again and again below a living owner', () => {
  test('sixty tool servers of an agent: the newest is left out, nothing is offered, the owner’s remedy is named', () => {
    const [found] = piles(claude, ...copies(60, 5 * MINUTE, 'node /x/mcp-server-git'));
    expect(found).toMatchObject({certainty: 'unknown', severity: 'medium', subject: 'process:4001', remedies: []});
    expect(found?.title).toBe('59 older copies of node mcp-server-git pile up below claude 4001, 2.9G');
    expect(found?.processes.map(({pid}) => pid)).toEqual(upTo(59).map(at => 5000 + at));
    expect(facts(found)).toContain('begun in 60 goes: the first 5h ago, the last 30m ago');
    expect(facts(found)).toContain('/mcp');
  });

  test('in sets of three, one finding, with what each of them started', () => {
    const sets = ['git', 'files', 'docs'].flatMap((name, at) => copies(5, MINUTE, `node /x/mcp-${name}`, 5000 + 100 * at));
    const [found, ...more] = piles(claude, ...sets, process(6000, 5000, 'node worker.js'));
    expect(more).toEqual([]);
    expect(found?.title).toContain('12 older copies of 3 helpers');
    expect(found?.processes).toHaveLength(13);
  });

  test('below a server of agents: more sets than there are agents, by far', () => {
    const own = process(4100, 1, 'codex app-server --listen unix://');
    const below = (count: number) => copies(count, MINUTE, 'npx -y @x/mcp').map(each => ({...each, ppid: 4100}));
    expect(piles(claude, own, ...below(1015).slice(-300))[0]?.title).toContain('299 older copies');
    expect(piles(claude, own, ...below(9))).toEqual([]);
  });

  test('each conversation that a server records as open may have a set of its own', () => {
    const own = process(4100, 1, 'codex app-server --listen unix://');
    const below = copies(30, MINUTE, 'npx -y @x/mcp').map(each => ({...each, ppid: 4100}));
    const open = (count: number): readonly RuntimeStore[] => {
      const records = upTo(count).map(at => lockedSession('codex', `/home/u/.codex/thread-writer-locks/t-${at}.lock`, 4100, `t-${at}`));
      return [{program: 'codex', place: '/home/u/.codex', records: known(records), unreadable: []}];
    };
    const found = (count: number) => ofKind(settled(look({processes: [own, ...below], runtimeStores: open(count)})), 'pile-up');
    expect(found(2)).toHaveLength(1);
    expect(found(25)).toEqual([]);
  });
});

describe('many helpers that are rightful', () => {
  test.each<[string, readonly Process[]]>([
    ['thirty different servers', upTo(30).flatMap(at => copies(1, 0, `node /x/mcp-${at}`, 5000 + at))],
    [
      'one server in thirty directories',
      upTo(30).map(at => process(5000 + at, 4001, 'mcp-files .', {cwd: `/w/${at}`, ageMs: 90 * MINUTE - at * MINUTE})),
    ],
    ['a pool that was started in one go', copies(30, 20, 'node /x/mcp-pool')],
    ['three: it connected anew, twice', copies(3, MINUTE, 'node /x/mcp-git')],
    ['commands that its shell runs', copies(30, MINUTE, 'bash -c ./test.sh')],
    ['agents below an agent', copies(30, MINUTE, 'claude -p go')],
    ['parts of a browser', copies(30, MINUTE, 'chromium --type=renderer --headless')],
    ['young ones', copies(30, 400, 'node /x/mcp-git').map(each => ({...each, bornMs: each.bornMs + 30 * MINUTE}))],
  ])('%s', (_, below) => {
    expect(piles(claude, ...below)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['a prefork pool whose workers are replaced one by one', 'gunicorn app:app', 'gunicorn app:app'],
    ['build workers', 'node /w/node_modules/.bin/webpack serve', 'node /w/node_modules/jest-worker/processChild.js'],
    ['tabs of a browser', 'chromium --headless', 'chromium --headless --type=renderer'],
    ['tool servers of an editor', 'code --type=extensionHost', 'node /x/mcp-git'],
    ['workers of an agent’s own program', 'node /x/bin/qwen', 'node /x/bin/qwen'],
  ])('%s', (_, owner, child) => {
    const own = process(4100, 4001, owner);
    expect(piles(claude, own, ...copies(30, MINUTE, child).map(each => ({...each, ppid: 4100})))).toEqual([]);
  });
});
