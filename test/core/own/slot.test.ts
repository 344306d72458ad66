// The slot of an agent: its services are the agent's own while it is the only agent in it, and only where a person has named the slot.
import {describe, expect, it} from 'vitest';
import type {Settings} from '../../../src/core/domain/settings.ts';
import {inPane, listener, look, pane, process, server, session} from '../../support/world.ts';
import {askedBy, ownOf} from './own-fleet.ts';

const rigs: Settings['rigs'] = [
  {
    name: 'app',
    path: '/home/u/w/app',
    session: 'app-{slot}',
    slots: 4,
    slotStride: 10,
    services: [{name: 'web', basePort: 5381, command: 'npx vite --port {port}'}],
  },
];
const tree = (slot: number): string => `/home/u/w/app-${slot}`;
const inSlot = (slot: number, id: string) => ({tty: `pts/${id.slice(1)}`, cwd: tree(slot), env: inPane(id)});
const checkouts = Object.fromEntries([1, 2].map(slot => [tree(slot), '/home/u/w/app']));

/** Two slots, each a session with an agent in one pane and a dev server on its port in the other. */
const two = (more: readonly ReturnType<typeof process>[] = []) =>
  look({
    processes: [
      process(1000, 700, 'gemini', inSlot(1, '%1')),
      process(1001, 1000, 'rigtop kill --mine', inSlot(1, '%1')),
      process(1010, 700, 'sh -c vite', inSlot(1, '%2')),
      process(1011, 1010, 'node node_modules/.bin/vite --port 5391', inSlot(1, '%2')),
      process(2000, 700, 'gemini', inSlot(2, '%3')),
      process(2010, 700, 'node node_modules/.bin/vite --port 5401', inSlot(2, '%4')),
      ...more,
    ],
    listeners: [listener(5391, 1011), listener(5401, 2010)],
    servers: [
      server('default', [
        session('app-1', [pane('%1', 1000), pane('%2', 1010)]),
        session('app-2', [pane('%3', 2000), pane('%4', 2010)]),
        session('own', [pane('%9', 3000)]),
      ]),
    ],
    checkouts,
    worktrees: [1, 2].map(slot => ({path: tree(slot), mainRoot: '/home/u/w/app', branch: `b${slot}`})) as never,
  });

const own = (snapshot: ReturnType<typeof two>, pid: number): string => ownOf(askedBy(snapshot, 1001, undefined, {rigs}), snapshot, pid);

describe('the slot of an agent', () => {
  it('makes what holds its port its own, not the neighbour’s', () => {
    expect(own(two(), 1011)).toBe('yes by slot');
    expect(own(two(), 2010)).toMatch(/^(?:no|unknown)$/);
  });

  it('is nobody’s alone where a second agent is in it', () => {
    expect(own(two([process(3000, 700, 'gemini', inSlot(1, '%9'))]), 1011)).not.toContain('yes');
  });

  it('not a holder that another agent has started', () => {
    const stolen = two([process(2020, 2000, 'node node_modules/.bin/vite --port 5391', inSlot(1, '%3'))]);
    expect(own({...stolen, listeners: [listener(5391, 2020)]}, 2020)).toBe('no');
  });

  it('nothing without the person’s word for the slot', () => {
    const snapshot = two();
    expect(ownOf(askedBy(snapshot, 1001), snapshot, 1011)).toBe('unknown');
  });
});
