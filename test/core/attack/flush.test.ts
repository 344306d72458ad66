// Flushes whose scope is everything: the root, a home, a directory of many projects, a rig that a configuration put there.
import {describe, expect, test} from 'vitest';
import {isRefusal, type Plan, type Refusal} from '../../../src/core/domain/plan.ts';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, look, pane, process, server, session, settings} from '../../support/world.ts';

const ask = (asked: string, facts: LookFacts, overrides: Partial<Settings> = {}): Plan | Refusal =>
  makePlan(
    {action: 'flush', asked: [asked]},
    assessAll([look(facts)], overrides).assessment,
    {...settings, ...overrides},
    {id: 'c41f', now: 1, sources: SOURCES},
  );

const pids = (answer: Plan | Refusal): readonly number[] =>
  isRefusal(answer) ? [] : answer.targets.map(({pid}) => pid).toSorted((a, b) => a - b);

const rig = (name: string, path: string) => ({name, path, session: null, slots: 0, slotStride: 1, services: []});

const everybody = [
  process(300, 1, 'node server.js', {cwd: '/srv/app'}),
  process(301, 1, 'node bot.js', {cwd: '/home/u'}),
  process(302, 1, 'vite', {cwd: '/home/u/w/shop'}),
];

describe('grounds that are nobody’s', () => {
  test('nor is the home directory anywhere else, or what holds it', () => {
    const self = {...look().self, home: '/data/people/me'};
    for (const scope of ['/data/people/me', '/data/people', '/data']) {
      expect(ask(scope, {processes: [process(300, 1, 'x', {cwd: '/data/people/me'})], self})).toMatchObject({
        refused: true,
        rule: 'too-wide',
      });
    }
    expect(pids(ask('/data/people/me/w', {processes: [process(300, 1, 'x', {cwd: '/data/people/me/w'})], self}))).toEqual([300]);
  });

  test.each([['/'], ['//'], ['/home'], ['/home/'], ['/home/u'], ['/home/u/'], ['/tmp'], ['/srv'], ['/var/tmp']])('%s is refused', scope => {
    expect(ask(scope, {processes: everybody})).toMatchObject({refused: true, rule: 'too-wide'});
  });

  test.each([['/'], ['/home'], ['/home/u'], ['/home/u/']])('a configured rig at %s is refused', path => {
    expect(ask('rig:all', {processes: everybody}, {rigs: [rig('all', path)]})).toMatchObject({refused: true, rule: 'too-wide'});
  });

  test('so is the repository that holds a home directory', () => {
    const held = session('dots', [pane('%1', 4001)]);
    const facts = {
      processes: [...everybody, process(4001, 700, 'claude', {cwd: '/home/u', tty: 'pts/1'})],
      servers: [server('default', [held])],
      checkouts: {'/home/u': '/home/u'},
    };
    expect(ask('rig:u', facts)).toMatchObject({refused: true, rule: 'too-wide'});
  });

  test('a project is not', () => {
    expect(pids(ask('/home/u/w/shop', {processes: everybody}))).toEqual([302]);
    expect(pids(ask('/srv/app', {processes: everybody}))).toEqual([300]);
  });
});

describe('a rig with other rigs inside', () => {
  const rigs = [rig('meta', '/home/u/w'), rig('shop', '/home/u/w/shop')];

  test('is flushed without them', () => {
    const processes = [...everybody, process(303, 1, 'vite', {cwd: '/home/u/w/tools'})];
    const plan = ask('rig:meta', {processes}, {rigs});
    expect(pids(plan)).toEqual([303]);
    expect(plan.leftOut).toMatchObject([{ref: 'process:302', rule: 'elsewhere'}]);
    expect(pids(ask('rig:shop', {processes}, {rigs}))).toEqual([302]);
  });
});
