// What is special about ending sessions that are known by name alone: all that runs in them must be known. Pure.
import type {LeftOut} from '../domain/plan.ts';
import {hasOwnId, holderOf, isKnownByName} from '../domain/session-server.ts';
import type {PlanWorld} from './plan-world.ts';
import {leave, type PaneRoot, type SessionRoot} from './roots.ts';

/** What forbids ending a session or pane that its multiplexer knows by name alone; null when nothing of this sort does. */
export const forbiddenByName = (world: PlanWorld, root: SessionRoot | PaneRoot): LeftOut | null => {
  const {session} = root.sort === 'session' ? root : root.placed;
  if (!isKnownByName(session.socket)) {
    return null;
  }
  const holder = holderOf(session);
  if (holder === null) {
    const because = `unknown: which server process holds ${session.kind} session ${session.name} cannot be told, and its name may come back with another`;
    return leave(root.ref, 'unknown', because);
  }
  if (world.assessment.snapshot.self.ancestors.includes(holder.pid)) {
    return leave(root.ref, 'own-pane', 'rigtop itself runs in it');
  }
  const panes = root.sort === 'session' ? session.panes : [root.placed.pane];
  const unseen = panes.find(pane => !pane.dead && pane.pid <= 0);
  if (unseen !== undefined) {
    return leave(root.ref, 'unknown', `unknown: which process runs in its pane ${unseen.id} cannot be told`);
  }
  return root.sort === 'pane' && !hasOwnId(root.placed.pane)
    ? leave(root.ref, 'not-killable', `${session.kind} closes no pane by an identity: end process:${root.placed.pane.pid}, or the session`)
    : null;
};
