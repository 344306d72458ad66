// What carries the mark of a pane and is no escapee of it: it has an owner of its own, or is one.
import {describe, expect, test} from 'vitest';
import {paneMark} from '../../../src/core/domain/pane-mark.ts';
import {isRefusal, type PlanRequest} from '../../../src/core/domain/plan.ts';
import type {Process} from '../../../src/core/domain/process.ts';
import {findLate, traceTargets} from '../../../src/core/plan/late.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, inPane, look, pane, process, SOCKETS, server, session, settings} from '../../support/world.ts';

const HERE = inPane('%1');
const held = session('w', [pane('%1', 4001)]);
const agent = [
  process(4001, 700, 'bash', {tty: 'pts/1', env: HERE}),
  process(4002, 4001, 'claude', {tty: 'pts/1', sid: 4001, pgid: 4002, env: HERE}),
];

const world = (extra: readonly Process[]) => look({processes: [...agent, ...extra], servers: [server('default', [held])]});

const planned = (extra: readonly Process[], request: Partial<PlanRequest> = {}): readonly number[] => {
  const plan = makePlan({action: 'kill', asked: ['session:default/w'], ...request}, assessAll([world(extra)]).assessment, settings, {
    id: 'a',
    now: 1,
    sources: SOURCES,
  });
  return isRefusal(plan) ? [] : plan.targets.map(({pid}) => pid).filter(pid => pid > 4002);
};

/** Found when the act looks again. */
const late = (extra: readonly Process[]): readonly number[] => {
  const {processes} = world(extra);
  const traces = traceTargets(agent, processes, [paneMark(`${SOCKETS}/default`, 700, '%1')]);
  return findLate(traces, {processes, spared: new Set(), lastAlive: () => 0}).map(each => each.process.pid);
};

const taken = (extra: readonly Process[]): readonly number[] => {
  const found = planned(extra);
  expect(late(extra).toSorted()).toEqual(found.toSorted());
  return found;
};

test('an escapee is taken', () => {
  expect(taken([process(5000, 1, 'vite', {env: HERE})])).toEqual([5000]);
});

describe('left alone', () => {
  test.each([['firefox'], ['postgres -D data'], ['redis-server *:6379'], ['ssh-agent -s'], ['jupyter-lab'], ['supervisord'], ['dockerd']])(
    '%s and what it runs',
    command => {
      const children = [process(5000, 1, command, {env: HERE}), process(5001, 5000, 'python3 kernel.py', {env: HERE})];
      expect(taken(children)).toEqual([]);
    },
  );

  test('a terminal window that was opened from the pane, with all that a person does in it', () => {
    const window = [
      process(5000, 1, 'kitty', {env: HERE}),
      process(5001, 5000, '-bash', {tty: 'pts/50', sid: 5001, env: HERE}),
      process(5002, 5001, 'node server.js', {tty: 'pts/50', sid: 5001, env: HERE}),
      process(5003, 5002, 'node worker.js', {sid: 5003, env: HERE}),
    ];
    expect(taken(window)).toEqual([]);
  });

  test('units of systemd into whose manager the pane’s environment was imported', () => {
    const units = [
      process(5000, 500, 'node gateway.js', {env: {...HERE, SYSTEMD_EXEC_PID: '5000'}}),
      process(5001, 5000, 'node worker.js', {env: {...HERE, SYSTEMD_EXEC_PID: '5000'}}),
    ];
    expect(taken(units)).toEqual([]);
  });

  test('a tmux server that was started from the pane, and everything on it', () => {
    const nested = [
      process(5000, 1, 'tmux -L inner new -d', {comm: 'tmux: server', env: HERE}),
      process(5001, 5000, 'bash', {tty: 'pts/60', sid: 5001, env: {TMUX: `${SOCKETS}/inner,5000,0`, TMUX_PANE: '%0'}}),
      process(5002, 5000, 'sh -c job', {env: HERE}),
    ];
    expect(planned(nested)).toEqual([]);
  });
});

test('what lost its parent inside a container is taken, although a container’s init has it', () => {
  const inside = [process(5000, 1, 'tini -- sleep', {}), process(5001, 5000, 'vite', {env: HERE})];
  expect(taken(inside)).toEqual([5001]);
});
