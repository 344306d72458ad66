import {describe, expect, test} from 'vitest';
import {topOverlay} from '../../src/store/state.ts';
import {copyText} from '../../src/ui/clipboard.ts';
import {buildFleet} from '../store/fleet.ts';
import {openScreen} from './context.ts';

const copy = async (text: string, around: {readonly keeps?: boolean | null; readonly term?: string; readonly columns?: number} = {}) => {
  const {keeps = null, term = 'xterm-256color', columns = 120} = around;
  const screen = openScreen();
  const written: string[] = [];
  const kept: string[] = [];
  await copyText(screen.context, text, {
    outside: {
      keepText: async given => {
        kept.push(given);
        return keeps;
      },
    },
    term,
    write: given => written.push(given),
    columns: () => columns,
  });
  const state = screen.store.getState();
  return {screen, written, kept, toast: state.toasts.at(-1)?.text, overlay: topOverlay(state)};
};

describe('a text that was copied', () => {
  test('into tmux’s buffer is said to be, and the terminal is told nothing', async () => {
    expect(await copy('rigtop explain :3000', {keeps: true})).toMatchObject({
      toast: 'Copied: rigtop explain :3000',
      kept: ['rigtop explain :3000'],
      written: [],
      overlay: null,
    });
  });

  test('to a terminal is sent, which is all that is known', async () => {
    const {toast, written} = await copy('é');
    expect(toast).toBe('Sent to the terminal’s clipboard: é');
    expect(written).toEqual(['\u001b]52;c;w6k=\u0007']);
  });

  test.each([
    ['where tmux did not take it', {keeps: false}],
    ['in a pane whose multiplexer keeps none', {term: 'screen-256color'}],
    ['on a console', {term: 'linux'}],
  ])('%s is only shown', async (_, around) => {
    expect(await copy('x', around)).toMatchObject({toast: 'To copy: x', written: []});
  });

  test.each([
    ['with several lines', '[[rigs]]\nname = "a"', 120],
    ['longer than the message line', 'x'.repeat(60), 60],
  ])('%s has a box of its own', async (_, text, columns) => {
    expect(await copy(text, {keeps: true, columns})).toMatchObject({
      toast: undefined,
      overlay: {kind: 'copy', title: 'Copied', text},
    });
  });

  test('over a dialog, which covers the message line, has a box too', async () => {
    const screen = openScreen();
    await screen.press('4', 'x');
    await copyText(screen.context, 'x', {outside: {keepText: async () => true}, term: 'xterm', write: () => {}, columns: () => 120});
    expect(topOverlay(screen.store.getState())).toMatchObject({kind: 'copy', text: 'x'});
  });

  test('in the message line takes no key: the next one does what it always does', async () => {
    const {screen} = await copy('x', {keeps: true});
    await screen.press('1');
    expect(screen.store.getState()).toMatchObject({focus: 'rigs', toasts: []});
  });
});

test('c on a port that nobody declares copies the stanza that would, where it would call nobody wrong', async () => {
  const copiedOf = async (mainRoot: string): Promise<string | undefined> => {
    const fleet = buildFleet();
    const checkouts = new Map([['/home/u/w', {directory: '/home/u/w', root: '/home/u/w', mainRoot}]]);
    const screen = openScreen({fleet: {...fleet, snapshot: {...fleet.snapshot, checkouts}}});
    const row = screen.store.getState().visible.ports.findIndex(({badge}) => badge.word === 'orphan');
    await screen.press('2', 'g', ...Array.from({length: row}, () => 'j' as const), 'c');
    return screen.copied.at(-1);
  };
  expect(await copiedOf('/home/u/w')).toMatch(
    /^\[\[rigs\]\]\nname = "billing"\npath = "[^"]+"\n\[\[rigs\.services\]\]\nname = "vite"\nbase_port = 3131$/,
  );
  expect(await copiedOf('/home/u/main')).toBe('rigtop explain port:3131');
});
