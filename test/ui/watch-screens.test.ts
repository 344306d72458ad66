import {describe, expect, test} from 'vitest';
import type {Outside} from '../../src/ui/outside.ts';
import {watchScreens} from '../../src/ui/watch-screens.ts';
import {openScreen} from './context.ts';

interface Call {
  readonly socket: string;
  readonly paneIds: readonly string[];
}

const open = (texts: ReadonlyMap<string, string>) => {
  const calls: Call[] = [];
  const outside: Outside = {
    capturePane: async () => ({ok: false, because: 'not asked'}),
    captureScreens: async (socket, paneIds) => {
      calls.push({socket, paneIds});
      return texts;
    },
    isOwnServer: () => false,
    switchClient: async () => null,
    attach: () => null,
  };
  const screen = openScreen({outside});
  const later: (() => void)[] = [];
  watchScreens({...screen.context, later: (_, call) => later.push(call)});
  return {
    screen,
    calls,
    turn: async () => {
      const call = later.shift();
      call?.();
      await screen.settle();
    },
  };
};

describe('watching screens', () => {
  test('reads the agents on the screen in one call per server', async () => {
    const {calls, turn} = open(new Map());
    await turn();
    expect(calls).toEqual([{socket: '/tmp/tmux-1000/default', paneIds: ['%3', '%7', '%9', '%14']}]);
  });

  test('shows what they say, and counts how long they have stood still', async () => {
    const {screen, turn} = open(new Map([['%3', 'working\n  (esc to interrupt)\n\n']]));
    await turn();
    expect(screen.store.getState().visible.agents[2]?.badge.word).toBe('BUSY');
    screen.pass(11 * 60_000);
    await turn();
    expect(screen.store.getState().visible.agents.find(row => row.cells.name === 'checkout/max')?.badge.word).toBe('STUCK');
  });

  test('rests while paused, and while a plan is open', async () => {
    const {screen, calls, turn} = open(new Map());
    screen.store.change(() => ({paused: true}));
    await turn();
    expect(calls).toEqual([]);
    screen.store.change(() => ({paused: false}));
    await screen.press('x');
    await turn();
    expect(calls).toEqual([]);
    await screen.press('Esc');
    await turn();
    expect(calls).toHaveLength(1);
  });
});
