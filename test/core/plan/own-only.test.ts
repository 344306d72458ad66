// A plan of own things alone: what it refuses as a whole, what it leaves out, and for whom it may be carried out.
import {describe, expect, it} from 'vitest';
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../../src/core/domain/plan.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, look, pane, process, server, session, settings} from '../../support/world.ts';

const TREE = '/home/u/r/app';
const at = (id: string) => ({tty: `pts/${id.slice(1)}`, cwd: TREE, env: inPane(id)});
const fleet = (more: Pick<Partial<Snapshot>, 'connections'> = {}): Snapshot =>
  look({
    processes: [
      process(1000, 700, 'gemini', at('%1')),
      process(1001, 1000, 'rigtop', {cwd: TREE}),
      process(1100, 1000, 'node /x/vite', {cwd: TREE}),
      process(1101, 1000, 'chromium', {cwd: TREE}),
      process(2000, 700, 'gemini', {...at('%2'), cwd: '/home/u/r/other'}),
      process(2001, 2000, 'chromium', {cwd: '/home/u/r/other'}),
    ],
    servers: [server('default', [session('a', [pane('%1', 1000)]), session('b', [pane('%2', 2000)])])],
    checkouts: {[TREE]: TREE},
    ...more,
    self: {pid: 1001, startTime: 10_010, uid: 1000, ancestors: [1000, 700, 1], pane: null},
  });

const ask = (snapshot: Snapshot, request: Partial<PlanRequest>): Plan | Refusal =>
  makePlan({action: 'kill', asked: [], mine: {}, ...request}, assessAll([snapshot]).assessment, settings, {
    id: 'p1',
    now: 1,
    sources: SOURCES,
  });

const pids = (answer: Plan | Refusal): readonly number[] => (isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid));

describe('a plan of own things alone', () => {
  it('ends what runs in the very pane that the agent and rigtop run in, watched or not', () => {
    const inPaneOne = {...fleet(), self: {...fleet().self, pane: {socket: '/tmp/tmux-1000/default', paneId: '%1'}}};
    const servers = [server('default', [session('a', [pane('%1', 1000)], {attached: 1}), session('b', [pane('%2', 2000)])])];
    expect(pids(ask({...inPaneOne, servers}, {asked: ['1100']}))).toEqual([1100]);
    expect(ask({...inPaneOne, servers}, {asked: ['1100'], mine: undefined} as never)).toMatchObject({refused: true, rule: 'own-pane'});
    expect(pids(ask({...inPaneOne, servers}, {asked: ['1000']}))).toEqual([1101, 1100]);
  });

  it('ends what the caller itself still uses, and not what another works through', () => {
    expect(pids(ask(fleet(), {asked: ['1100']}))).toEqual([1100]);
    expect(pids(ask(fleet({connections: [{server: 1100, client: 1101, how: 'port 3000'}]}), {asked: ['1100']}))).toEqual([1100]);
    const used = ask(fleet({connections: [{server: 1100, client: 2001, how: 'port 3000'}]}), {asked: ['1100']});
    expect(used).toMatchObject({refused: true, rule: 'in-use'});
  });

  it('no session, lock or directory as such', () => {
    for (const asked of ['session:default/a', 'session:default/b', 'agent:app/a', 'process:2001']) {
      expect(isRefusal(ask(fleet(), {asked: [asked]})), asked).toBe(true);
    }
    expect(ask(fleet(), {action: 'flush', asked: [TREE]})).toMatchObject({targets: [{pid: 1101}, {pid: 1100}], vacates: [], locks: []});
    expect(ask(fleet(), {action: 'clean-locks'})).toMatchObject({refused: true});
  });

  it('is made for one caller, and for no other', () => {
    const made = ask(fleet(), {asked: ['1100']});
    const mine = isRefusal(made) ? undefined : made.mine;
    expect(mine?.caller).toMatchObject({process: {pid: 1000, startTime: 10_000}, proof: 'lineage'});
    const other = {...(mine?.caller ?? {name: '', proof: 'lineage', conversation: null}), process: {pid: 1000, startTime: 1}} as const;
    expect(ask(fleet(), {asked: ['1100'], mine: {caller: other}})).toMatchObject({refused: true, rule: 'not-mine'});
    const outside = {...fleet(), self: {pid: 900, startTime: 9000, uid: 1000, ancestors: [890, 880, 1], pane: null}};
    expect(ask(outside, {asked: ['1100']})).toMatchObject({
      refused: true,
      rule: 'no-agent',
      because: expect.stringContaining('no agent program is above it'),
    });
  });
});
