// Two slots of a rig that a person has named, each with an agent and a dev server, as a literal.
import type {Settings} from '../../../src/core/domain/settings.ts';
import {inPane, listener, look, pane, process, server, session} from '../../support/world.ts';

export const rigs: Settings['rigs'] = [
  {
    name: 'app',
    path: '/home/u/w/app',
    session: 'app-{slot}',
    slots: 4,
    slotStride: 10,
    services: [{name: 'web', basePort: 5381, command: 'npx vite --port {port}'}],
  },
];
const slotTree = (slot: number): string => `/home/u/w/app-${slot}`;
export const inSlot = (slot: number, id: string) => ({tty: `pts/${id.slice(1)}`, cwd: slotTree(slot), env: inPane(id)});
const checkouts = Object.fromEntries([1, 2].map(slot => [slotTree(slot), '/home/u/w/app']));

/** Two slots, each a session with an agent in one pane and a dev server on its port in the other. */
export const twoSlots = (more: readonly ReturnType<typeof process>[] = []) =>
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
    worktrees: [1, 2].map(slot => ({path: slotTree(slot), mainRoot: '/home/u/w/app', branch: `b${slot}`})) as never,
  });
