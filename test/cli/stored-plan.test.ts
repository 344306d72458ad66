import {expect, it} from 'vitest';
import {readStoredPlan} from '../../src/cli/documents/stored-plan-schema.ts';
import {isRefusal, type Plan} from '../../src/core/domain/plan.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {assessAll, look, process, settings} from '../support/world.ts';

const made = (): Plan => {
  const {assessment} = assessAll([look({processes: [process(1001, 500, 'node x')]})]);
  const plan = makePlan({action: 'kill', asked: ['process:1001']}, assessment, settings, {id: 'p1', now: 0, sources: SOURCES});
  if (isRefusal(plan)) {
    throw new Error(plan.because);
  }
  return plan;
};

const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

it('reads a plan back as it was written', () => {
  const plan = made();
  expect(plan.targets).toHaveLength(1);
  expect(readStoredPlan(written(plan))).toEqual(plan);
  expect(readStoredPlan(written({...plan, agents: [{ref: 'agent:x/a', asks: true}]}))).toMatchObject({agents: [{asks: true}]});
});

it('reads one that starts something again, by a command or in a window', () => {
  const proof = {port: 3000, session: null, runtime: false, cwd: '/repo', withinMs: 1};
  const command = {kind: 'command', file: 'gt', args: ['up'], cwd: '/repo', without: ['GT_*'], timeoutMs: 1} as const;
  const window = {
    kind: 'window',
    socket: '/s',
    session: 'x',
    id: null,
    window: 'web',
    cwd: '/repo',
    command: 'npm start',
    env: {PORT: '1'},
  };
  const starts = [
    {ref: 'slot:x/1/web', because: 'asked', way: command, proof},
    {ref: 'slot:x/1/api', because: 'asked', claimOf: '/repo', way: window, proof},
  ];
  expect(readStoredPlan(written({...made(), starts}))?.starts).toEqual(starts);
});

it.each([
  {agents: 'all'},
  {agents: [{ref: 1, asks: true}]},
  {lastSeen: []},
  {targets: undefined},
  {targets: [{...made().targets[0], pid: 1}]},
  {targets: [{...made().targets[0], pid: 2.5}]},
  {sessions: [{socket: 'elsewhere', id: '$1', created: 1}]},
  {starts: [{ref: 'x', because: 'y', way: {kind: 'shell'}, proof: {}}]},
  {unlocks: ['everything']},
])('reads none with %j in it', more => {
  expect(readStoredPlan(written({...made(), ...more}))).toBeNull();
});

it.each([null, 'a plan', [], {}])('reads none in %j', value => {
  expect(readStoredPlan(value)).toBeNull();
});
