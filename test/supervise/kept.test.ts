import {describe, expect, it} from 'vitest';
import type {Assessment} from '../../src/core/domain/fleet.ts';
import type {Service} from '../../src/core/domain/slot.ts';
import {freshlySpawned} from '../../src/supervise/kept.ts';
import {assessAll, look, pane, process, server, session} from '../support/world.ts';

const GRACE_MS = 60_000;
const REF = 'slot:search/1/web';

interface Ages {
  /** Of the pane that idles, milliseconds. */
  readonly idle: number;
  /** Of the service's own window; null: it has none. */
  readonly web: number | null;
  /** Of the process that a pid file names. */
  readonly recorded?: number;
}

const slot = ({idle, web, recorded}: Ages): Assessment => {
  const panes = [pane('%1', 101), ...(web === null ? [] : [pane('%2', 102, {windowName: 'web'})])];
  const processes = [
    process(101, 700, 'sleep 600', {ageMs: idle}),
    ...(web === null ? [] : [process(102, 700, 'node serve', {ageMs: web})]),
    ...(recorded === undefined ? [] : [process(103, 1, 'node serve', {ageMs: recorded})]),
  ];
  const {assessment} = assessAll([look({processes, servers: [server('default', [session('search-1', panes)])]})]);
  const service: Service = {
    ref: REF,
    rig: 'search',
    slot: 1,
    slug: null,
    service: 'web',
    port: 3101,
    state: 'down',
    because: '',
    expected: {pid: recorded === undefined ? null : 103, session: 'session:default/search-1'},
    listeners: [],
    actualPorts: [],
    conflictingSlot: null,
    worktree: null,
    declaredBy: '',
    doubt: null,
    rigPath: '/w/shop',
  };
  return {...assessment, services: [service]};
};

describe('freshly spawned', () => {
  it.each<[string, Ages, string | null]>([
    ['an old slot', {idle: 600_000, web: 600_000}, null],
    ['an old slot whose window is gone', {idle: 600_000, web: null}, null],
    ['a session of a moment ago', {idle: 5_000, web: null}, 'its session search-1'],
    ['a window of a moment ago', {idle: 600_000, web: 5_000}, 'its window'],
    ['a recorded process of a moment ago', {idle: 600_000, web: null, recorded: 5_000}, 'it was started'],
    ['exactly the grace', {idle: GRACE_MS, web: GRACE_MS}, null],
  ])('%s', (_, ages, reason) => {
    const answer = freshlySpawned(slot(ages), REF, GRACE_MS);
    expect(answer === null ? null : answer.slice(0, reason?.length)).toBe(reason);
  });

  it('nothing is too young where nobody is known to have been started', () => {
    expect(freshlySpawned(slot({idle: 1, web: 1}), 'agent:other/x', GRACE_MS)).toBeNull();
  });
});
