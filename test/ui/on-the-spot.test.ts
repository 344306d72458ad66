// Keys on a row of another machine: what is sent there, what is not, and who may.

import {expect, test} from 'vitest';
import {finish} from '../../src/core/domain/finish.ts';
import type {Machine} from '../../src/core/domain/machine.ts';
import {startFleet} from '../../src/store/listen.ts';

import {referenceTrouble} from '../../src/ui/actions/on-the-spot.ts';
import {buildFleet} from '../store/fleet.ts';
import {openScreen} from './context.ts';

const clock = {
  now: () => 0,
  after: (_: number, call: () => void) => {
    call();
    return () => {};
  },
  slice: async (work: Generator<void, void>) => finish(work),
};

const open = ({readOnly = false} = {}) => {
  const ran: string[] = [];
  const screen = openScreen({readOnly});
  const fleet = buildFleet();
  const machine = (name: string): Machine => ({
    name,
    listen: told => told({look: fleet}),
    retry: () => {},
    world: () => fleet,
    plan: () => null,
    spot: words => ({file: 'lead', args: [name, ...words]}),
    close: () => {},
  });
  const loop = startFleet(
    screen.store,
    told => {
      told([machine('box'), machine('far')], []);
      return () => {};
    },
    clock,
  );
  Object.assign(screen.context, {
    fleet: loop,
    handOver: async (run: () => void) => run(),
    runThere: (spot: {readonly file: string; readonly args: readonly string[]}, name: string, {isRead}: {readonly isRead: boolean}) => {
      ran.push(`${name}: ${[spot.file, ...spot.args].join(' ')}${isRead ? ' (read)' : ''}`);
      return null;
    },
  });
  const choose = (panel: 'agents' | 'orphans' | 'ports' | 'rigs', name: string, which: (ref: string) => boolean = () => true): string => {
    const row = screen.store.getState().view[panel].find(each => each.machine === name && each.barred === null && which(each.ref));
    screen.store.change(state => ({
      focus: panel,
      subjectPanel: panel,
      touched: new Set([panel]),
      selected: {...state.selected, [panel]: row?.key ?? null},
    }));
    return row?.ref ?? '';
  };
  const said = (): string => screen.store.getState().toasts.at(-1)?.text ?? '';
  return {...screen, ran, choose, said};
};

test('x, r, f, C and a go to rigtop over there, with a reference and nothing else', async () => {
  const {press, choose, ran, requests, performed} = open();
  const agent = choose('agents', 'box', ref => ref.startsWith('agent:'));
  await press('x', 'r', 'C', 'a');
  const rig = choose('rigs', 'far');
  await press('f');
  expect(ran).toEqual([
    `box: lead box kill -- ${agent}`,
    `box: lead box restart -- ${agent}`,
    'box: lead box cleanup',
    `box: lead box attach -- ${agent} (read)`,
    `far: lead far flush -- ${rig}`,
  ]);
  expect([requests, performed]).toEqual([[], []]);
});

test('a screen without hands has none of it', async () => {
  const {press, choose, ran, said} = open({readOnly: true});
  choose('agents', 'box');
  for (const key of ['x', 'r', 'C', 'a', 'X'] as const) {
    await press(key);
    expect(said()).toMatch(new RegExp(`^${key} does nothing now: `));
  }
  expect(ran).toEqual([]);
});

test('marks of one machine go there together; of several, one machine at a time', async () => {
  const {press, choose, ran, said} = open();
  const refs = [choose('orphans', 'box')];
  await press('Space');
  choose('orphans', 'box');
  await press('x');
  expect(ran).toEqual([`box: lead box kill -- ${refs.join(' ')}`]);
  choose('orphans', 'far');
  await press('Space', 'x');
  expect(said()).toContain('marks are on box and far: one machine at a time');
  expect(ran).toHaveLength(1);
});

test('what is no reference is not sent, whoever made it up', () => {
  for (const ref of ['--yes', '-f', '', 'process:1\u001b[2J', 'session:a/b\n--yes', `session:a/${'x'.repeat(5000)}`, 'rm', 'session:']) {
    expect(referenceTrouble(ref), ref.slice(0, 20)).not.toBeNull();
  }
  for (const ref of ['process:12', 'f-3c91', 'agent:shop/crew/max', 'session:default/a b', "session:default/it's"]) {
    expect(referenceTrouble(ref), ref).toBeNull();
  }
});
