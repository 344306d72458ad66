// Servers of agent teams: named by the process that leads them, and left over when that is gone.
import {expect, test} from 'vitest';
import {look, ofKind, pane, process, server, session, settled} from '../../support/world.ts';

const MINUTE = 60_000;
const found = (...leader: readonly ReturnType<typeof process>[]) =>
  ofKind(
    settled(
      look({
        servers: [server('claude-swarm-4711', [session('swarm', [pane('%0', 4000)])], {pid: 710})],
        processes: [
          process(710, 1, 'tmux -L claude-swarm-4711 new-session', {comm: 'tmux: server', ageMs: 30 * MINUTE}),
          process(4000, 710, '/x/claude.exe --agent-id w1@team --agent-name w1', {tty: 'pts/0', cwd: '/w/a'}),
          ...leader,
        ],
        checkouts: {'/w/a': '/w/a'},
      }),
    ),
    'orphan-session',
  );

test('whose leader is gone, or whose number is somebody else’s by now: shown, never sure', () => {
  expect(found()).toMatchObject([
    {certainty: 'unknown', remedies: [], title: 'session swarm of a team runs on, though its leader 4711 is gone'},
  ]);
  expect(found(process(4711, 1, 'vim', {ageMs: MINUTE}))).toHaveLength(1);
});

test('whose leader lives', () => {
  expect(found(process(4711, 890, 'claude', {ageMs: 60 * MINUTE, tty: 'pts/90'}))).toEqual([]);
});
