import {expect, it} from 'vitest';
import {emptyCensus, findMassDeaths, takeCensus} from '../../../src/core/classify/mass-death.ts';
import type {SourceStatus} from '../../../src/core/domain/known.ts';
import type {Snapshot} from '../../../src/core/domain/snapshot.ts';
import {assessAll, look, server, session} from '../../support/world.ts';

const full = look({servers: [server('default', [session('a', []), session('b', [])])]});
const nothing = (source: SourceStatus['source'], target: string): Snapshot => ({
  ...look({servers: []}),
  sources: [{source, target, state: 'unknown', detail: 'it did not answer within 2500 ms', tookMs: 2500}],
});

const judge = (second: Snapshot) => {
  const {fleet} = assessAll([full]).assessment;
  const before = takeCensus(full, fleet, emptyCensus);
  const now = takeCensus(second, fleet, before);
  return {deaths: findMassDeaths(before, second, now).length, remembered: now.sessions.size};
};

it('no server has vanished where nothing came of all of them, and it is remembered', () => {
  expect(judge(nothing('tmux', 'all'))).toEqual({deaths: 0, remembered: 1});
});

it('nor have the agents in it, which cannot be told by their sessions then', () => {
  const {fleet} = assessAll([full]).assessment;
  const socket = full.servers[0]?.socket ?? '';
  const agents = new Map(['a', 'b', 'c'].map(name => [`agent:x/${name}`, socket]));
  const before = {...takeCensus(full, fleet, emptyCensus), agents};
  const deathsIn = (second: Snapshot) => findMassDeaths(before, second, takeCensus(second, fleet, before)).length;
  expect(deathsIn(nothing('tmux', 'all'))).toBe(0);
  expect(deathsIn(nothing('zellij', 'all'))).toBe(2);
});

it('another silent source hides none', () => {
  expect(judge(nothing('zellij', 'all'))).toEqual({deaths: 1, remembered: 0});
  expect(judge(nothing('tmux', 'other'))).toEqual({deaths: 1, remembered: 0});
});
