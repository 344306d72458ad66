// An agent on a pane's terminal that is not below the pane's first process: ending it ends nothing of the pane.
import {expect, test} from 'vitest';
import {isRefusal} from '../../../src/core/domain/plan.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, look, pane, process, server, session, settings} from '../../support/world.ts';

test('handed to init: the agent alone, its session and the shell stay', () => {
  const snapshot = look({
    servers: [server('default', [session('one', [pane('%1', 1000)])])],
    processes: [
      process(1000, 700, '-bash', {tty: 'pts/1', cwd: '/w/a'}),
      process(1100, 1, 'claude -p long', {tty: 'pts/1', cwd: '/w/a', sid: 1000}),
      process(1101, 1100, 'sleep 9', {tty: 'pts/1', cwd: '/w/a', sid: 1000}),
    ],
    checkouts: {'/w/a': '/w/a'},
  });
  const plan = makePlan({action: 'kill', asked: ['agent:a/one']}, assessAll([snapshot]).assessment, settings, {
    id: 'p1',
    now: 1_800_000_000_000,
    sources: SOURCES,
  });
  expect(isRefusal(plan) ? plan : [plan.sessions, plan.targets.map(({pid}) => pid).toSorted()]).toEqual([[], [1100, 1101]]);
});
