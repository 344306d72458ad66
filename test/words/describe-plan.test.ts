import {describe, expect, it} from 'vitest';
import {isRefusal, type Plan, type PlanRequest} from '../../src/core/domain/plan.ts';
import {makePlan} from '../../src/core/plan/make-plan.ts';
import {SOURCES} from '../../src/sources/sources.ts';
import {describePlan, describeRefusal} from '../../src/words/describe-plan.ts';
import {assessAll, inPane, listener, look, pane, process, server, session, settings} from '../support/world.ts';

const snapshot = look({
  processes: [
    process(1001, 700, ['sh', '-c', 'npm run dev'], {tty: 'pts/1', env: inPane('%1')}),
    process(1002, 1001, 'node vite', {tty: 'pts/1', sid: 1001, state: 'T', ageMs: 90_000}),
    process(1003, 1001, 'vim x', {tty: 'pts/1', sid: 1001}),
    ...[2001, 2002, 2003, 2004, 2005, 2006].map(pid => process(pid, 500, 'node x')),
  ],
  listeners: [listener(5173, 1002)],
  servers: [server('default', [session('w', [pane('%1', 1001)])])],
});

const answer = (asked: readonly string[], more: Partial<PlanRequest> = {}) =>
  makePlan({action: 'kill', asked, ...more}, assessAll([snapshot]).assessment, settings, {id: 'c41f', now: 0, sources: SOURCES});

const words = (asked: readonly string[], more?: Partial<PlanRequest>): readonly string[] => {
  const plan = answer(asked, more);
  const {headline, sections} = isRefusal(plan) ? describeRefusal(plan) : describePlan(plan);
  return [headline, ...sections.flatMap(({title, lines}) => [title, ...lines.map(({text}) => `  ${text}`)])];
};

describe('a plan in words', () => {
  it('names what ends and why, what stays and why, and what follows from it', () => {
    expect(words(['session:default/w'])).toEqual([
      'Stop 1 process',
      'Will end',
      '  1002  node vite  (1m old; listens on 5173; stopped, will be continued; below 1001: runs in pane %1 of session w)',
      'Left out',
      expect.stringMatching(/^ {2}session:default\/w {2}1003 \(vim x\) stays: .*\[editor; --unlock editor lifts this\]$/),
      expect.stringMatching(/^ {2}process:1003 {2}.*\[editor; --unlock editor lifts this\]$/),
      expect.stringMatching(/^ {2}process:1001 {2}1003 \(vim x\), which is left alone, needs its terminal \[editor/),
      'Frees',
      '  port 5173',
      'How',
      '  SIGTERM, deepest first; SIGKILL to what is left after 5 s',
      '  rigtop apply c41f',
      '  valid for 30 s',
    ]);
  });

  it('says what cannot be undone, and what was unlocked', () => {
    const said = words(['session:default/w'], {unlocks: ['editor'], force: true});
    expect(said[0]).toBe('Stop 1 session and 3 processes');
    expect(said).toEqual(
      expect.arrayContaining([
        'Cannot be undone',
        '  unsaved changes in 1003 (vim x)',
        '  SIGKILL at once',
        '  valid for 30 s; unlocked: editor',
      ]),
    );
  });

  it('above five roots the number has to be typed', () => {
    const plan = answer([2001, 2002, 2003, 2004, 2005, 2006].map(String));
    expect(isRefusal(plan) ? null : describePlan(plan).typeToConfirm).toBe(6);
    const fewer = answer(['2001']);
    expect(isRefusal(fewer) ? null : describePlan(fewer).typeToConfirm).toBeNull();
  });

  it('a refusal has the same shape', () => {
    expect(words(['process:900'])).toEqual(['Refused (self): it is rigtop itself', 'Left out', expect.stringContaining('[self]')]);
  });
});

it('agents at work that end are a line of their own, and are counted, however few', () => {
  const made = answer(['2001']) as Plan;
  const described = describePlan({...made, agents: [1, 2, 3].map(at => ({ref: `agent:x/${at}`, asks: at > 1}))});
  expect(described).toMatchObject({typeToConfirm: 3, typeCounts: 'running agents'});
  expect(described.sections[0]?.lines.map(({text}) => text)).toEqual([
    '3 running agents, 2 of them ask for you: agent:x/1, agent:x/2, agent:x/3',
  ]);
  expect(describePlan({...made, agents: []}).typeToConfirm).toBeNull();
});
