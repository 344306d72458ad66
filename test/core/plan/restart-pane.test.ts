// Restarting an agent that no town started: what tmux records of its pane, again in the same place, or the reason why not.
import {describe, expect, test} from 'vitest';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, look, pane, process, server, session, settings} from '../../support/world.ts';

const CHECKOUTS = {'/home/u/w/shop': '/home/u/w/shop'};
const agent = (pid: number, id: string, ppid = 700) =>
  process(pid, ppid, 'claude', {cwd: '/home/u/w/shop', tty: `pts/${id.slice(1)}`, env: inPane(id)});

const restart = (panes: Parameters<typeof session>[1], processes: Parameters<typeof look>[0], asked = 'agent:shop/s') => {
  const facts = {...processes, servers: [server('default', [session('s', panes, {id: '$4', created: 7})])], checkouts: CHECKOUTS};
  const {assessment} = assessAll([look(facts)]);
  const plan = makePlan({action: 'restart', asked: [asked]}, assessment, settings, {id: 'p', now: 1, sources: SOURCES});
  return isRefusal(plan) ? plan.because : plan;
};

describe('restarting an agent by what its pane was started with', () => {
  test('alone in its session, which is made anew', () => {
    const plan = restart([pane('%1', 4000, {startCommand: '"claude --continue"', windowName: 'claude'})], {processes: [agent(4000, '%1')]});
    expect(plan).toMatchObject({
      targets: [{pid: 4000}],
      sessions: [{id: '$4'}],
      starts: [
        {
          way: {session: 's', id: null, window: 'claude', cwd: '/home/u/w/shop', command: 'claude --continue'},
          proof: {runtime: true, session: {name: 's'}},
        },
      ],
    });
  });

  test('one of two panes: a new window of the same session', () => {
    const panes = [pane('%1', 4000, {startCommand: 'claude'}), pane('%2', 4100, {startCommand: 'claude -r x'})];
    const plan = restart(panes, {processes: [agent(4000, '%1'), agent(4100, '%2')]}, 'agent:shop/s.%2');
    expect(plan).toMatchObject({
      targets: [{pid: 4100}],
      sessions: [],
      starts: [{way: {id: {id: '$4', created: 7}, command: 'claude -r x'}}],
    });
  });

  test('in a pane that was started with something else: not by that', () => {
    const shell = process(3999, 700, 'sleep 600', {cwd: '/home/u/w/shop', tty: 'pts/1', env: inPane('%1')});
    expect(restart([pane('%1', 3999, {startCommand: 'sleep 600'})], {processes: [shell, agent(4000, '%1', 3999)]})).toContain(
      'runs no agent program',
    );
  });

  test('typed at a shell: nothing records how', () => {
    const shell = process(3999, 700, '-bash', {cwd: '/home/u/w/shop', tty: 'pts/1', env: inPane('%1')});
    expect(restart([pane('%1', 3999)], {processes: [shell, agent(4000, '%1', 3999)]})).toContain('it was typed at a shell');
  });
});
