// Keeps account of the sessions and panes of a running plan: which may be ended, which must stay, and the one result of each.
import {type Progress, type TargetOutcome, unsignalled} from '../domain/outcome.ts';
import type {Plan} from '../domain/plan.ts';
import type {Checked} from './check-roots.ts';
import {type Ending, endPane, endSession, watchReturn} from './end-sessions.ts';

export interface SessionEnds {
  /** Something in it stays, so it must not be hung up. The first reason is kept. */
  keep(ref: string, because: string): void;
  /** End those of these references that are not ended yet. */
  end(refs: readonly string[]): Promise<void>;
  /** Watch what had been set up to come back, then the result of every session and pane of the plan. */
  results(armed: ReadonlySet<string>, respawnMs: number): Promise<readonly TargetOutcome[]>;
}

export const createSessionEnds = (
  ending: Ending,
  plan: Plan,
  {roots, servers}: Pick<Checked, 'roots' | 'servers'>,
  since: number,
  report: (progress: Progress) => void,
): SessionEnds => {
  const {host} = ending;
  const kept = new Map<string, string>();
  const done = new Map<string, TargetOutcome>();
  const things = [
    ...plan.sessions.map(session => ({ref: session.ref, end: () => endSession(ending, session, since)})),
    ...plan.panes.map(pane => ({ref: pane.ref, end: () => endPane(ending, pane, since)})),
  ];

  const conclude = async (ref: string, end: () => Promise<TargetOutcome>): Promise<TargetOutcome> => {
    const root = roots.get(ref);
    if (root === undefined || root.state === 'gone') {
      return unsignalled(ref, 'already-gone', null);
    }
    if (root.state !== 'ok') {
      return unsignalled(ref, root.state, root.because);
    }
    const stays = kept.get(ref);
    return stays === undefined ? end() : unsignalled(ref, 'refused', `something in it stays: ${stays}`);
  };

  const end = async (refs: readonly string[]): Promise<void> => {
    for (const thing of things) {
      if (refs.includes(thing.ref) && !done.has(thing.ref)) {
        const outcome = await conclude(thing.ref, thing.end);
        done.set(thing.ref, outcome);
        report({ref: thing.ref, step: 'done', result: outcome.result});
      }
    }
  };

  /** The name it had just before: a session may have been renamed since the plan, and comes back under the new name. */
  const nameOf = (session: Plan['sessions'][number]): string => {
    const server = servers.get(session.socket);
    const pane = server?.state === 'ok' ? server.panes.find(({sessionId}) => sessionId === session.id) : undefined;
    return pane?.sessionName ?? session.name;
  };

  return {
    keep: (ref, because) => {
      if (!kept.has(ref)) {
        kept.set(ref, because);
      }
    },
    end,
    results: async (armed, respawnMs) => {
      await end(things.map(({ref}) => ref));
      const watched = plan.sessions
        .filter(({ref}) => armed.has(ref) && done.get(ref)?.result === 'gone')
        .map(session => ({...session, nameNow: nameOf(session)}));
      for (const [ref, because] of await watchReturn(ending, watched, respawnMs)) {
        done.set(ref, unsignalled(ref, 'survived', because, {tookMs: host.monotonicMs() - since}));
      }
      return things.map(({ref}) => done.get(ref) ?? unsignalled(ref, 'survived', 'it was not reached'));
    },
  };
};
