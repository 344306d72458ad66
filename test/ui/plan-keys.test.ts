import {describe, expect, test} from 'vitest';
import type {Plan, Refusal} from '../../src/core/domain/plan.ts';
import {topOverlay} from '../../src/store/state.ts';
import {planMoment} from '../../src/ui/actions/plan-reading.ts';
import {drawPlanDialog} from '../../src/ui/dialogs/plan-dialog.ts';
import {resolveTheme} from '../../src/ui/theme.ts';
import {buildFleet, buildOutcome, buildPlan, finding} from '../store/fleet.ts';
import {openScreen, type TestScreen} from './context.ts';

const planWith =
  (roots: number, more: Partial<Plan> = {}) =>
  (): Plan => ({...buildPlan(roots), ...more});

const onOrphans = async (screen: TestScreen): Promise<void> => screen.press('4');

const run = (screen: TestScreen) => {
  const top = topOverlay(screen.store.getState());
  return top?.kind === 'plan' ? top.run : null;
};

describe('what opens a plan', () => {
  test('x asks for a stop of the selected, with its finding', async () => {
    const screen = openScreen();
    await onOrphans(screen);
    await screen.press('x');
    expect(screen.requests).toEqual([{action: 'kill', asked: ['f-5']}]);
    expect(run(screen)?.phase).toBe('asking');
    expect(screen.performed).toEqual([]);
  });

  test('x asks for all the marked, hidden ones included', async () => {
    const screen = openScreen();
    await onOrphans(screen);
    await screen.press('A', '/', 'z', 'z', 'Enter', 'x');
    expect(screen.requests).toEqual([{action: 'kill', asked: ['f-5', 'f-2', 'f-1']}]);
  });

  test('C asks for a clean-up of everything sure', async () => {
    const screen = openScreen();
    await screen.press('C');
    expect(screen.requests).toEqual([{action: 'cleanup', asked: []}]);
  });

  test('f asks for the whole slot, or the whole rig', async () => {
    const screen = openScreen();
    await screen.press('2', 'f', 'Esc', '1', 'f');
    expect(screen.requests).toEqual([
      {action: 'flush', asked: ['slot:checkout/2']},
      {action: 'flush', asked: ['rig:checkout']},
    ]);
  });

  test('r asks for a restart of an agent', async () => {
    const screen = openScreen();
    await screen.press('3', 'r');
    expect(screen.requests).toEqual([{action: 'restart', asked: ['agent:search/ida']}]);
  });

  test.each([['unknown', 4, /^x does nothing now: unknown, so never acted on/]])(
    'x on what is %s says why it does nothing',
    async (_, row, words) => {
      const screen = openScreen();
      await onOrphans(screen);
      await screen.press(...Array.from({length: row}, () => 'j'), 'x');
      expect(screen.requests).toEqual([]);
      expect(screen.store.getState().toasts[0]?.text).toMatch(words);
    },
  );

  test('old data is looked at again before it is planned with', async () => {
    const screen = openScreen();
    screen.store.change(() => ({lateSeconds: 12}));
    await screen.press('x');
    expect(screen.refreshes.count).toBe(1);
    expect(screen.requests).toHaveLength(1);
  });

  test('x on a left-over lock asks for moving it aside', async () => {
    const fleet = buildFleet({findings: [finding('f-8', 'lock:/a/agent.lock', {kind: 'stale-lock', remedies: ['clean-lock']})]});
    const screen = openScreen({fleet});
    await screen.press('4', 'x');
    expect(screen.requests).toEqual([{action: 'clean-locks', asked: ['f-8']}]);
  });

  test('what is protected cannot be marked; x shows what is in the way, u plans again without it', async () => {
    const refusal: Refusal = {
      refused: true,
      rule: 'attached',
      because: 'a client is attached',
      protection: {rule: 'attached', because: 'a client is attached', unlock: 'attached'},
      leftOut: [],
    };
    const screen = openScreen({answer: request => (request.unlocks === undefined ? refusal : buildPlan(1))});
    await onOrphans(screen);
    await screen.press('j', 'j', 'Space');
    expect(screen.store.getState().marks.size).toBe(0);
    await screen.press('x', 'u');
    expect(screen.requests.at(-1)).toEqual({action: 'kill', asked: ['f-4'], unlocks: ['attached']});
    expect(run(screen)?.phase).toBe('asking');
  });

  test('a plan that takes time opens later, once, and is not answered by what was typed meanwhile', async () => {
    let give = (_: Plan): void => {};
    const screen = openScreen({
      answer: () =>
        new Promise(resolve => {
          give = resolve;
        }),
    });
    screen.pass(400);
    screen.chunk('x', 'x', 'y');
    await screen.settle();
    expect([screen.requests.length, screen.store.getState().overlays.length]).toEqual([1, 0]);
    give(buildPlan(1));
    await screen.settle();
    screen.chunk('y', 'y');
    expect(run(screen)?.phase).toBe('asking');
    expect(screen.performed).toEqual([]);
  });

  test('a refusal is shown with its rule', async () => {
    const refusal: Refusal = {refused: true, rule: 'self', because: 'rigtop runs in it', protection: null, leftOut: []};
    const screen = openScreen({answer: () => refusal});
    await screen.press('x', 'y');
    expect(topOverlay(screen.store.getState())).toMatchObject({kind: 'refusal', refusal});
    expect(screen.performed).toEqual([]);
  });
});

describe('KILL', () => {
  test('is refused before TERM was tried, and allowed for what survived it', async () => {
    const screen = openScreen({answer: planWith(1, {asked: ['f-5']})});
    await onOrphans(screen);
    await screen.press('X');
    expect(screen.requests).toEqual([]);
    expect(screen.store.getState().toasts[0]?.text).toMatch(/try x first/);
    await screen.press('x', 'y');
    await screen.finish(buildOutcome(buildPlan(1), [7000]));
    await screen.press('Enter', 'X');
    expect(screen.requests.at(-1)).toEqual({action: 'kill', asked: ['f-5'], force: true});
  });
});

describe('y', () => {
  test('carries out the very plan that was shown', async () => {
    const screen = openScreen();
    await screen.press('x');
    const shown = run(screen)?.plan;
    await screen.press('y');
    expect(screen.performed).toEqual([shown]);
    expect(run(screen)?.phase).toBe('running');
  });

  test('works once only', async () => {
    const screen = openScreen();
    await screen.press('x', 'y', 'y', 'y');
    expect(screen.performed).toHaveLength(1);
  });

  test('in the chunk that opened the plan is dropped', () => {
    const screen = openScreen();
    screen.pass(400);
    screen.chunk('x', 'y');
    screen.chunk('x', 'y', 'y');
    expect(screen.performed).toEqual([]);
    expect(run(screen)?.phase).toBe('asking');
  });

  test('in the first 300 ms is dropped, and so is everything but what closes the plan', () => {
    const screen = openScreen();
    screen.chunk('x');
    screen.pass(299);
    screen.chunk('y', '3', 'j');
    expect(screen.performed).toEqual([]);
    expect(run(screen)).not.toBeNull();
    screen.pass(1);
    screen.chunk('y');
    expect(screen.performed).toHaveLength(1);
  });

  test('needs the end of the list to have been on the screen', async () => {
    const screen = openScreen({answer: planWith(5, {irreversible: Array.from({length: 60}, (_, line) => `thing ${line}`)})});
    await screen.press('x', 'y', 'j', 'y', 'PgDn', 'y');
    expect(screen.performed).toEqual([]);
    await screen.press('G', 'g', 'y');
    expect(screen.performed).toHaveLength(1);
  });

  test('never works where not a single line of the list fits', async () => {
    const screen = openScreen();
    screen.size.columns = 20;
    screen.size.rows = 4;
    await screen.press('x', 'G', 'y');
    expect(screen.performed).toEqual([]);
  });

  test('above five roots needs their number to be typed', async () => {
    const screen = openScreen({answer: planWith(7)});
    await screen.press('x', 'y', '6', 'y');
    expect(screen.performed).toEqual([]);
    await screen.press('Backspace', '7', 'y');
    expect(screen.performed).toHaveLength(1);
  });

  test('does nothing once the plan has expired, by either clock', async () => {
    const screen = openScreen();
    await screen.press('x');
    screen.time.now += 30_000;
    await screen.press('y');
    expect(screen.performed).toEqual([]);
    await screen.press('Esc', 'x');
    screen.time.epoch += 30_000;
    await screen.press('y');
    expect(screen.performed).toEqual([]);
  });

  test('does nothing for a plan that would end nothing', async () => {
    const screen = openScreen({answer: planWith(0)});
    await screen.press('x', 'G', 'y');
    expect(screen.performed).toEqual([]);
  });
});

describe('every other key', () => {
  test.each(['Esc', 'n', 'Enter', '^C'])('%s closes a plan that was opened just now', async key => {
    const screen = openScreen();
    screen.chunk('x');
    await screen.settle();
    expect(run(screen)?.phase).toBe('asking');
    screen.chunk(key);
    expect(screen.store.getState().overlays).toEqual([]);
    expect(screen.performed).toEqual([]);
  });

  test.each(['Enter', 'n', 'Esc', '^C'])('%s cancels', async key => {
    const screen = openScreen();
    await screen.press('x', key);
    expect(screen.store.getState().overlays).toEqual([]);
    expect(screen.performed).toEqual([]);
    expect(screen.exits.count).toBe(0);
  });

  test.each(['x', 'X', 'C', 'Space', 'q', 'r', 'f', 'Delete', 'Tab', '1'])('%s does nothing', async key => {
    const screen = openScreen();
    await screen.press('x', key);
    expect(run(screen)?.phase).toBe('asking');
    expect(screen.requests).toHaveLength(1);
    expect(screen.performed).toEqual([]);
  });

  test('c copies the equivalent command', async () => {
    const screen = openScreen();
    await screen.press('x', 'c');
    expect(screen.copied).toEqual(['rigtop apply c41f']);
  });

  test('u plans again with the protections lifted, to be read again', async () => {
    const leftOut = [{ref: 'session:default/billing', because: 'a client is attached', rule: 'attached', unlock: 'attached' as const}];
    const screen = openScreen({
      answer: request => ({...buildPlan(1), leftOut: request.unlocks === undefined ? leftOut : [], asked: request.asked}),
    });
    await screen.press('x');
    screen.pass(400);
    screen.chunk('u', 'y');
    expect(screen.requests.at(-1)).toEqual({action: 'kill', asked: ['agent:search/ida'], force: false, unlocks: ['attached']});
    expect(screen.performed).toEqual([]);
    expect(screen.store.getState().overlays).toHaveLength(1);
  });
});

describe('while it runs and after', () => {
  test('progress is told per target, and the rows underneath hold still', async () => {
    const screen = openScreen();
    await screen.press('x', 'y');
    screen.report({ref: 'process:7000', step: 'term', result: null});
    screen.report({ref: 'process:7000', step: 'done', result: 'gone'});
    screen.report({ref: 'process:7001', step: 'waiting', result: null});
    expect(run(screen)?.progress).toEqual({
      'process:7000': {ref: 'process:7000', step: 'done', result: 'gone'},
      'process:7001': {ref: 'process:7001', step: 'waiting', result: null},
    });
  });

  test('it cannot be closed; ^C twice leaves rigtop, not the plan', async () => {
    const screen = openScreen();
    await screen.press('x', 'y', 'Esc', 'Enter', 'q', '^C');
    expect(run(screen)?.phase).toBe('running');
    expect(screen.exits.count).toBe(0);
    await screen.press('^C');
    expect(screen.exits.count).toBe(1);
  });

  test('the result stays until it is closed, and goes into the journal', async () => {
    const screen = openScreen();
    await onOrphans(screen);
    await screen.press('A', 'x', 'y');
    await screen.finish(buildOutcome(buildPlan(2), [7001]));
    expect(run(screen)).toMatchObject({phase: 'done', outcome: {ok: false}});
    expect(screen.store.getState().marks.size).toBe(0);
    expect(screen.store.getState().journal.map(line => [line.tone, line.text])).toEqual([
      ['danger', 'kill c41f not done: process:7001 SURVIVED after SIGTERM: still there after 5 s; port 3131 is STILL HELD'],
    ]);
    expect(screen.refreshes.count).toBe(1);
    await screen.press('Enter');
    expect(screen.store.getState().overlays).toEqual([]);
  });

  test('a failure of the carrying out itself is told, not swallowed', async () => {
    const screen = openScreen();
    await screen.press('x', 'y');
    await screen.finish(new Error('disk full'));
    expect(run(screen)).toMatchObject({phase: 'done', failure: 'disk full'});
    expect(screen.store.getState().journal[0]).toMatchObject({tone: 'danger', text: 'kill c41f failed: disk full'});
  });
});

describe('the dialog of a plan', () => {
  const drawn = (screen: TestScreen): readonly string[] => {
    const top = topOverlay(screen.store.getState());
    if (top?.kind !== 'plan') {
      throw new Error('no plan is open');
    }
    const theme = resolveTheme('mono', {LANG: 'C.UTF-8', NO_COLOR: '1'}, 'never');
    return drawPlanDialog(top, screen.size, theme, planMoment(screen.context, top)).drawn.lines.map(line =>
      line.replace(/\u001b\[[\d;]*m/g, '').trimEnd(),
    );
  };

  test('shows all of its keys at 60 columns', async () => {
    const screen = openScreen({answer: planWith(7)});
    Object.assign(screen.size, {columns: 60, rows: 20});
    await screen.press('C');
    expect(drawn(screen).at(-1)).toMatch(/\[ Cancel \] {2}y scroll to the end first {2}c copy command$/);
  });

  test('hides no line for the sake of a blank one', async () => {
    const screen = openScreen({answer: planWith(2)});
    Object.assign(screen.size, {columns: 80, rows: 50});
    await screen.press('x');
    const whole = drawn(screen);
    expect(whole.at(-3)).toBe('');
    Object.assign(screen.size, {rows: whole.length + 1});
    expect(drawn(screen)).toEqual(whole.toSpliced(-3, 1));
    Object.assign(screen.size, {rows: whole.length});
    expect(drawn(screen).at(-2)).toMatch(/^ lines 1-\d+ of/);
  });

  test('is as high as its result, of which nothing is blank but the line above its keys', async () => {
    const screen = openScreen({answer: planWith(7)});
    Object.assign(screen.size, {columns: 120, rows: 50});
    await screen.press('x', '7', 'y');
    await screen.finish(buildOutcome(buildPlan(7)));
    const lines = drawn(screen);
    expect(lines.at(-1)).toContain('Enter close');
    expect(lines.findLastIndex(line => line.includes('gone'))).toBeGreaterThanOrEqual(lines.length - 4);
  });
});

describe('read-only', () => {
  test.each(['x', 'X', 'C', 'f', 'r'])('%s says so and asks for nothing', async key => {
    const screen = openScreen({readOnly: true});
    await screen.press('2', key);
    expect(screen.requests).toEqual([]);
    expect(screen.store.getState().toasts[0]?.text).toMatch(/read-only/);
  });
});
