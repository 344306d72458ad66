// A slot's dev server on another port of its rig, told without a window of the service's name; and the main work tree as slot 0.
import {describe, expect, it} from 'vitest';
import type {Service} from '../../../../src/core/domain/slot.ts';
import {identifyFleet} from '../../../../src/core/judge/owners/identify.ts';
import {identifyServices} from '../../../../src/core/judge/slots/services.ts';
import {SOURCES} from '../../../../src/sources/sources.ts';
import {
  type LookFacts,
  listener,
  look,
  ofKind,
  pane,
  process,
  server,
  session,
  settings,
  settled,
  slotsOf,
} from '../../../support/world.ts';

const RIG = {
  name: 'shop',
  path: '/w/shop',
  session: 'shop-{slot}',
  slots: 3,
  slotStride: 10,
  services: [{name: 'web', basePort: 5173, command: null}],
};
const configured = {...settings, rigs: [RIG]};
const tree = (slot: number) => `/w/shop-${slot}`;
const worktrees = [1, 2].map(slot => ({path: tree(slot), mainRoot: '/w/shop', branch: `b${slot}`, prunable: false}));

/** Two slots, each a session with one pane whose window is called after its program, as tmux does by itself. */
const facts = (more: Partial<LookFacts> = {}): LookFacts => ({
  servers: [
    server(
      'default',
      [1, 2].map(slot => session(`shop-${slot}`, [pane(`%${slot}`, 1000 * slot, {windowName: 'node'})])),
    ),
  ],
  worktrees: worktrees as unknown as NonNullable<LookFacts['worktrees']>,
  checkouts: {'/w/shop': '/w/shop', [tree(1)]: '/w/shop', [tree(2)]: '/w/shop'},
  ...more,
});
const shells = [1, 2].map(slot => process(1000 * slot, 700, '-bash', {cwd: tree(slot), tty: `pts/${slot}`}));
const vite = (slot: number, more = {}) =>
  process(1000 * slot + 2, 1000 * slot, 'node /w/node_modules/.bin/vite', {cwd: tree(slot), tty: `pts/${slot}`, ...more});

const rows = (snapshot: LookFacts): readonly Service[] => {
  const seen = look(snapshot);
  return identifyServices(seen, identifyFleet(seen, configured, SOURCES), slotsOf(seen, configured));
};
const row = (snapshot: LookFacts, slot: number) => rows(snapshot).find(each => each.slot === slot);

describe('a dev server in the work tree and session of its slot', () => {
  it('on the main work tree’s port is on the wrong port, and that work tree has its row', () => {
    const moved = facts({processes: [...shells, vite(2)], listeners: [listener(5173, 2002)]});
    expect(row(moved, 2)).toMatchObject({state: 'wrong-port', actualPorts: [5173], conflictingSlot: {slot: 0}});
    expect(row(moved, 0)).toMatchObject({state: 'wrong-owner', port: 5173, because: expect.stringContaining('shop slot 2')});
    expect(ofKind(settled(look(moved), configured), 'wrong-port')).toMatchObject([
      {severity: 'high', title: 'web of shop slot 2 listens on 5173, which is slot 0, not on 5193', remedies: ['restart']},
    ]);
  });

  it('on the port of a slot that nobody has is no stray as well', () => {
    const moved = facts({processes: [...shells, vite(2)], listeners: [listener(5203, 2002)]});
    expect(rows(moved).map(({slot, state}) => `${slot} ${state}`)).toEqual(['1 free', '2 wrong-port']);
  });

  it('on its own port is up, whatever else it listens on', () => {
    const both = facts({processes: [...shells, vite(2)], listeners: [listener(5193, 2002), listener(5203, 2002)]});
    expect(row(both, 2)).toMatchObject({state: 'up'});
  });

  it.each<[string, Partial<LookFacts>]>([
    ['in another work tree', {processes: [...shells, vite(2, {cwd: tree(1)})], listeners: [listener(5203, 2002)]}],
    ['in no session', {processes: [...shells, vite(2, {ppid: 1, tty: null})], listeners: [listener(5203, 2002)]}],
    [
      'that is no dev server',
      {processes: [...shells, process(2002, 2000, 'ssh -L 5203:x:1', {cwd: tree(2)})], listeners: [listener(5203, 2002)]},
    ],
    ['on a port that is none of the rig’s', {processes: [...shells, vite(2)], listeners: [listener(5204, 2002)]}],
  ])('%s has not moved', (_, more) => {
    expect(row(facts(more), 2)).toMatchObject({state: 'free'});
  });
});

describe('the main work tree', () => {
  it('is slot 0: up where its own server holds the base', () => {
    const main = process(3002, 700, 'node /w/node_modules/.bin/vite', {cwd: '/w/shop', tty: 'pts/3'});
    const sessions = [server('default', [session('main', [pane('%3', 3002)])])];
    expect(row(facts({servers: sessions, processes: [main], listeners: [listener(5173, 3002)]}), 0)).toMatchObject({state: 'up'});
  });

  it('has no row for a port that strangers hold, nor while all is quiet', () => {
    const stranger = process(3002, 1, 'postgres', {cwd: '/var/lib'});
    expect(row(facts({processes: [...shells, stranger], listeners: [listener(5173, 3002)]}), 0)).toBe(undefined);
    expect(row(facts({processes: shells}), 0)).toBe(undefined);
  });
});
