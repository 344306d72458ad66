import {describe, expect, test} from 'vitest';
import {sessionKey} from '../../src/core/domain/multiplexer.ts';
import {readActivity, type SeenScreen} from '../../src/store/activity.ts';
import {focusPanel, moveToEnd} from '../../src/store/changes.ts';
import {LIST_PANELS} from '../../src/store/rows.ts';
import {createScreenStore} from '../../src/store/store.ts';
import {buildFleet, servers} from './fleet.ts';

const MINUTE = 60_000;
const seen = (text: string, unchangedMs = 0): SeenScreen => ({tail: text.split('\n'), unchangedMs});
const word = (text: string, unchangedMs?: number): string => {
  const activity = readActivity(seen(text, unchangedMs), '20m');
  return activity === null ? '-' : `${activity.word}: ${activity.text}`;
};

describe('what a screen says', () => {
  test.each([
    ['╭────╮\n│ Do you want to proceed? │\n│ ❯ 1. Yes │\n│   2. No │\n╰────╯', 'WAITING: Do you want to proceed?'],
    ['Allow command `rm -rf dist`?', 'WAITING: Allow command `rm -rf dist`?'],
    ['Overwrite existing file? [y/N]', 'WAITING: Overwrite existing file? [y/N]'],
    ['⠏ Waiting for user confirmation...', 'WAITING: ⠏ Waiting for user confirmation...'],
    ['✻ Thinking… (12s · esc to interrupt)\n\n> ', 'BUSY: works'],
    ['⠋ Working (esc to cancel, 3s)', 'BUSY: works'],
    [
      '13 + Do you want to use a custom port? Pass --port.\n✻ Working… (8s · esc to interrupt)\n────\n❯ \n────\n  ? for shortcuts',
      'BUSY: works',
    ],
    ['✻ Working… (8s · esc to interrupt)\nDo you want to proceed?\n❯ 1. Yes\n  2. No\nEsc to cancel', 'WAITING: Do you want to proceed?'],
    ['13 + Do you want to use a custom port?\n14 + a\n15 + b\n16 + c\n● Done.\n❯ \n  ? for shortcuts', '-'],
    [
      'Is this a project you made or one you trust?\n\n> 1. Yes, I trust this folder\n  2. No, exit\n\nEnter to confirm',
      'WAITING: Is this a project you made or one you trust?',
    ],
    ['● I see three ways.\n  1. Wait\n  2. Go\n❯ \n  ? for shortcuts', '-'],
    ['❯ 1. write the test\n● All done.\n────\n❯ \n────\n  ? for shortcuts', '-'],
    [
      'Would you like me to go on with the second part?\n✻ Churned for 20s\n────\n❯ \n────\n  ? for shortcuts',
      'WAITING: Would you like me to go on with the second part?',
    ],
    ['! Shell awaiting input (Tab to focus)', 'WAITING: ! Shell awaiting input (Tab to focus)'],
    ['> \n  ? for shortcuts', '-'],
    ['$ ', '-'],
    ['I asked whether you want to go on. You said yes.', '-'],
  ])('%j: %s', (text, said) => {
    expect(word(text)).toBe(said);
  });

  test('silence is told from standing still at work', () => {
    expect(word('> ', 4 * MINUTE)).toBe('-');
    expect(word('> ', 21 * MINUTE)).toBe('IDLE: its screen has not changed for 20m');
    expect(word('(esc to interrupt)', 9 * MINUTE)).toBe('BUSY: works');
    expect(word('(esc to interrupt)', 21 * MINUTE)).toBe('STUCK: says it works, but its screen has not changed for 20m');
    expect(word('Proceed? (y/n)', 21 * MINUTE)).toBe('WAITING: Proceed? (y/n)');
  });

  test('a question that has scrolled far away was answered', () => {
    expect(word(['Do you want to proceed?', ...Array.from({length: 14}, (_, line) => `line ${line}`)].join('\n'))).toBe('-');
  });
});

describe('on the screen of rigtop', () => {
  const keyOf = (name: string): string =>
    sessionKey(servers[0]?.sessions.find(each => each.name === name) ?? {socket: '', id: '', created: 0});
  const open = () => {
    const store = createScreenStore({readOnly: false});
    store.receive(buildFleet());
    store.change(() => ({touched: new Set(LIST_PANELS)}));
    return store;
  };

  test('whoever waits for a person comes right after the verdicts, with the question', () => {
    const store = open();
    store.watch(new Map([[keyOf('checkout'), seen('Do you want to proceed?')]]));
    const row = store.getState().visible.agents[2];
    expect(row?.cells).toMatchObject({name: 'checkout/max', why: 'Do you want to proceed?'});
    expect([row?.badge.word, row?.problem, row?.fields.state]).toEqual(['WAITING', true, ['waiting', 'running']]);
  });

  test('it never covers a verdict, and never makes one', () => {
    const store = open();
    store.watch(
      new Map([
        [keyOf('search'), seen('Do you want to proceed?')],
        [keyOf('billing'), seen('> ', 60 * MINUTE)],
      ]),
    );
    expect(store.getState().visible.agents.map(row => row.badge.word)).toEqual(['WRONG-OWNER', 'ZOMBIE', 'RUNNING', 'SESSION']);
    expect(store.getState().view.orphans).toHaveLength(5);
  });

  test('its last lines are part of the explanation', () => {
    const store = open();
    store.change(focusPanel('agents'));
    store.change(moveToEnd('bottom'));
    store.watch(new Map([[keyOf('notes'), seen('one\ntwo\u001b[2J')]]));
    expect(
      store
        .getState()
        .explanation?.lines.slice(-3)
        .map(line => line.text),
    ).toEqual(['Last output (l for all)', 'one', 'two\\u{1b}[2J']);
  });

  test('reading the same again wakes nobody', () => {
    const store = open();
    store.watch(new Map([[keyOf('checkout'), seen('> ', 21 * MINUTE)]]));
    let woken = 0;
    store.subscribe(() => {
      woken += 1;
    });
    store.watch(new Map([[keyOf('checkout'), seen('> ', 22 * MINUTE)]]));
    expect(woken).toBe(0);
  });
});
