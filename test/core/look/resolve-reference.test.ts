// What a reference means is told once: the commands and the plans made of it agree, and what is not there says what reads like it.
import {describe, expect, test} from 'vitest';
import {isFailure} from '../../../src/cli/failure.ts';
import {resolveArgument} from '../../../src/cli/resolve-argument.ts';
import type {Assessment} from '../../../src/core/domain/fleet.ts';
import type {PlanAction} from '../../../src/core/domain/plan.ts';
import {resolveReference} from '../../../src/core/look/index/resolve-reference.ts';
import {makePlan} from '../../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../../src/sources/sources.ts';
import {assessAll, type LookFacts, listener, look, pane, process, server, session, settings, silentServer} from '../../support/world.ts';
import {shop, slotSession} from '../judge/slots/shop.ts';

const assessed = (facts: LookFacts, overrides: Partial<typeof settings> = {}): Assessment => assessAll([look(facts)], overrides).assessment;

/** The rule under which a plan leaves it out; `planned` where it does not. */
const ruleOf = (assessment: Assessment, ref: string, action: PlanAction = 'kill'): string | null => {
  const made = makePlan({action, asked: [ref]}, assessment, settings, {id: 'p', now: 1, sources: SOURCES});
  return 'refused' in made ? made.rule : 'planned';
};

/** The exit code of a command that was given it; 0 where it means one thing. */
const exitOf = (assessment: Assessment, ref: string): number => {
  const answer = resolveArgument(ref, assessment);
  return isFailure(answer) ? answer.exit : 0;
};

const near = (assessment: Assessment, ref: string): readonly string[] => {
  const resolution = resolveReference(ref, assessment);
  return resolution.answer === 'missing' ? resolution.near : [resolution.answer];
};

const agents = ['shop-a', 'shop-b', 'shop-d'];
const fleet = assessed({
  processes: agents.map((_, at) => process(1001 + at, 700, 'claude', {tty: `pts/${at}`, sid: 1001 + at, cwd: '/w/shop'})),
  servers: [
    server(
      'default',
      agents.map((name, at) => session(name, [pane(`%${at}`, 1001 + at)])),
    ),
  ],
});

describe('a session called like another’s id', () => {
  const confusing = {
    processes: [process(1001, 700, 'sh', {tty: 'pts/1', sid: 1001}), process(1002, 700, 'sleep 9', {tty: 'pts/2', sid: 1002})],
    servers: [server('default', [session('$9', [pane('%1', 1001)], {id: '$3'}), session('notes', [pane('%2', 1002)], {id: '$9'})])],
  };

  test.each([
    ['session:default/$9', '$9'],
    ['session:/tmp/tmux-1000/default/$9', 'notes'],
  ])('%s is one for the command and the plan', (ref, name) => {
    const assessment = assessed(confusing);
    const resolution = resolveReference(ref, assessment);
    expect(resolution).toMatchObject({answer: 'thing', thing: {session: {name}}});
    const made = makePlan({action: 'kill', asked: [ref], unlocks: ['shell']}, assessment, settings, {id: 'p', now: 1, sources: SOURCES});
    expect('refused' in made ? made : made.sessions.map(each => each.name)).toEqual([name]);
  });
});

describe('a slot of a name that two places bear', () => {
  const repos = [shop([slotSession('feat-a', 1)])];
  const processes = [process(300, 1, 'vite', {cwd: '/w/shop/.ecluse/worktrees/feat-a'})];
  const services = [{name: 'api', basePort: 7000, command: null}];
  const twin = {name: 'shop', path: '/w/other', session: null, slots: 3, slotStride: 10, services};

  test('is ambiguous for the command and for every plan, whether or not the other one uses it', () => {
    const assessment = assessed({repos, processes, listeners: [listener(3101, 300)]}, {rigs: [twin]});
    expect(exitOf(assessment, 'slot:shop/1')).toBe(2);
    expect((['kill', 'flush', 'restart'] as const).map(action => ruleOf(assessment, 'slot:shop/1', action))).toEqual([
      'ambiguous',
      'ambiguous',
      'ambiguous',
    ]);
  });
});

describe('what is not there', () => {
  const all = agents.map(name => `session:default/${name}`);

  test.each([
    ['shop-', [...agents.map(name => `agent:shop/${name}`), 'rig:shop']],
    ['session:default/shop', all],
    ['session:default/shop-', all],
    ['session:default/shop-c', all],
    ['session:defualt/shop-a', all],
    ['agent:shop/shop-c', agents.map(name => `agent:shop/${name}`)],
    ['agent:shpo/shop-a', agents.map(name => `agent:shop/${name}`)],
    ['process:9', []],
  ])('%s is told what reads like it, to the command and the plan', (ref, expected) => {
    expect([near(fleet, ref), exitOf(fleet, ref), ruleOf(fleet, ref)]).toEqual([expected, 2, 'not-found']);
  });

  test('is unknown where nobody could look, for the command and the plan', () => {
    const servers = [...fleet.snapshot.servers, silentServer('work')];
    const blind = {...fleet, snapshot: {...fleet.snapshot, servers}};
    const told = (ref: string) => [exitOf(blind, ref), ruleOf(blind, ref)];
    expect(told('session:work/x')).toEqual([3, 'unknown']);
    expect(told('session:elsewhere/x')).toEqual([3, 'unknown']);
    // This server has answered for its own sessions.
    expect(told('session:default/x')).toEqual([2, 'not-found']);
    const hidden = {...fleet, snapshot: {...fleet.snapshot, processesComplete: false}};
    expect([exitOf(hidden, 'process:77'), ruleOf(hidden, 'process:77')]).toEqual([3, 'unknown']);
  });
});
