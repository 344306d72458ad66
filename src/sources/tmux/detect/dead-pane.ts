// dead-pane: a pane whose program has ended and that is kept for its last output. Pure.
import type {Suspicion} from '../../../core/domain/finding.ts';
import type {Pane, Session} from '../../../core/domain/multiplexer.ts';
import {sessionKey} from '../../../core/domain/multiplexer.ts';
import {paneRef} from '../../../core/domain/reference.ts';
import type {Detector, World} from '../../../core/judge/detect/detector.ts';
import {suspectSession} from '../../../core/judge/detect/suspicion.ts';

const suspect = (world: World, session: Session, pane: Pane): Suspicion => {
  const status = pane.exitStatus === null ? 'its exit status is not known' : `exit status ${pane.exitStatus}`;
  const started = pane.startCommand === '' ? [] : [{fact: `it was started with: ${pane.startCommand.slice(0, 200)}`, source: 'tmux'}];
  const oldPid =
    pane.pid > 0
      ? [{fact: `its old pid ${pane.pid} proves nothing: the number may be anybody’s by now`, source: 'tmux(1), pane_dead'}]
      : [];
  return {
    ...suspectSession(world, session, {
      kind: 'dead-pane',
      severity: 'low',
      title: `pane ${pane.id} of session ${session.name} is dead: ${status}`,
      evidence: [
        {fact: `its program has ended (${status}); the pane is kept by remain-on-exit`, source: `tmux ${session.server}`},
        ...started,
        ...oldPid,
      ],
      doubt: null,
      remedies: [],
    }),
    key: `dead-pane ${sessionKey(session)}\0${pane.id}\0${pane.pid}`,
    subject: paneRef(session.server, pane.id),
    processes: [],
    holds: [],
    proof: 'one-look',
  };
};

export const deadPane: Detector = {
  kind: 'dead-pane',
  means: 'The program of a pane has ended; tmux keeps the pane for its output.',
  when: ['tmux says pane_dead'],
  not: ['the process that has the pane’s old pid now', 'panes seen a second time through a linked window'],
  mistaken: [
    'The pid of a dead pane is a number that anybody may have by now. Nothing is ever looked up or ended by it.',
    'A pane that is kept on purpose (remain-on-exit) holds output that somebody wants to read, so nothing is offered.',
  ],
  remedy: 'Look at its output (`l`), then respawn or close it. It holds no processes and no ports.',
  detect: world => {
    const seen = new Set<string>();
    // Other multiplexers drop a pane with its program, or keep it with a meaning of their own.
    const servers = world.snapshot.servers.filter(server => server.kind === 'tmux');
    return servers.flatMap(server =>
      server.sessions.flatMap(session =>
        session.panes
          .filter(pane => pane.dead && !seen.has(`${server.socket}\0${pane.id}`) && seen.add(`${server.socket}\0${pane.id}`))
          .map(pane => suspect(world, session, pane)),
      ),
    );
  },
};
