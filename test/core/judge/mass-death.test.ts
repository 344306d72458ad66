import {expect, it} from 'vitest';
import type {SourceStatus} from '../../../src/core/domain/known.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {countPopulation, emptyPopulation, findMassDeaths} from '../../../src/core/judge/mass-death.ts';
import {assessAll, later, look, ofKind, pane, process, server, session, silentServer} from '../../support/world.ts';

const full = look({servers: [server('default', [session('a', []), session('b', [])])]});
const nothing = (source: SourceStatus['source'], target: string): Snapshot => ({
  ...look({servers: []}),
  sources: [{source, target, state: 'unknown', detail: 'it did not answer within 2500 ms', tookMs: 2500}],
});

const judge = (second: Snapshot) => {
  const {fleet} = assessAll([full]).assessment;
  const before = countPopulation(full, fleet, emptyPopulation);
  const now = countPopulation(second, fleet, before);
  return {deaths: findMassDeaths(before, second, now).length, remembered: now.sessions.size};
};

it('no server has vanished where nothing came of all of them, and it is remembered', () => {
  expect(judge(nothing('tmux', 'all'))).toEqual({deaths: 0, remembered: 1});
});

it('nor have the agents in it, which cannot be told by their sessions then', () => {
  const {fleet} = assessAll([full]).assessment;
  const socket = full.servers[0]?.socket ?? '';
  const agents = new Map(['a', 'b', 'c'].map((name, at) => [`${50 + at}@1`, {ref: `agent:x/${name}`, socket}]));
  const before = {...countPopulation(full, fleet, emptyPopulation), agents};
  const deathsIn = (second: Snapshot) => findMassDeaths(before, second, countPopulation(second, fleet, before)).length;
  expect(deathsIn(nothing('tmux', 'all'))).toBe(0);
  expect(deathsIn(nothing('zellij', 'all'))).toBe(2);
});

it('another silent source hides none', () => {
  expect(judge(nothing('zellij', 'all'))).toEqual({deaths: 1, remembered: 0});
  expect(judge(nothing('tmux', 'other'))).toEqual({deaths: 1, remembered: 0});
});

const pids = [10, 20, 30, 40];
const agents = pids.map(pid => process(pid, 700, 'claude', {tty: `pts/${pid}`, cwd: '/w/shop'}));
const seats = pids.map(pid => session(`s${pid}`, [pane(`%${pid}`, pid)]));
const deathsIn = (...looks: readonly Snapshot[]) =>
  ofKind(assessAll(looks.map((each, at) => later(each, at * 2_000))).assessment.findings, 'mass-death').map(({title}) => title);

it('agents are counted by their processes, not by references that change when a slow server answers', () => {
  const slow = look({processes: agents, servers: [silentServer('default')]});
  const answered = look({processes: agents, servers: [server('default', seats)]});
  expect(deathsIn(slow, answered)).toEqual([]);
  expect(deathsIn(slow, answered, look({servers: [server('default', [])]}))).toHaveLength(2);
});

it('a process that is recognised as no agent any more has not died', () => {
  const seated = look({processes: agents, servers: [server('default', seats)]});
  const reparented = look({
    processes: agents.map(each => ({...each, ppid: 1, tty: null})),
    servers: [server('default', seats.slice(0, 1))],
  });
  expect(deathsIn(seated, reparented)).toEqual([]);
});

it('the real one is found: most processes are gone', () => {
  const seated = look({processes: agents, servers: [server('default', seats)]});
  expect(deathsIn(seated, look({processes: agents.slice(0, 1), servers: [server('default', seats.slice(0, 1))]}))).toEqual([
    '3 of 4 agents vanished in one look',
  ]);
});
