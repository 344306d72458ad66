// Which rules of safety stand between a plan and a thing, after the unlocks of the request are taken into account. Pure.

import type {Protection, UnlockRule} from '../domain/finding.ts';
import type {Session} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';
import type {Protections} from '../judge/protect/protect.ts';

/** What still forbids acting; null when nothing does. */
export interface Guard {
  process(process: Process): Protection | null;
  session(session: Session): Protection | null;
  /** The same for one pane of it: the shells of its other panes stay, and its own are judged as processes. */
  paneOf(session: Session): Protection | null;
}

/** The first protection that the unlocks do not lift; one without an unlock is named before one with. */
export const standing = (protections: readonly Protection[], unlocks: readonly UnlockRule[]): Protection | null =>
  protections.find(({unlock}) => unlock === null) ?? protections.find(({unlock}) => unlock !== null && !unlocks.includes(unlock)) ?? null;

/** Each process and session is judged once per plan. */
export const createGuard = (protections: Protections, unlocks: readonly UnlockRule[]): Guard => {
  const judged = new Map<Process | Session, Protection | null>();
  const once = <T extends Process | Session>(thing: T, of: (thing: T) => readonly Protection[]): Protection | null => {
    const before = judged.get(thing);
    if (before !== undefined) {
      return before;
    }
    const found = standing(of(thing), unlocks);
    judged.set(thing, found);
    return found;
  };
  return {
    process: process => once(process, protections.ofProcess),
    session: session => once(session, protections.ofSession),
    paneOf: session =>
      standing(
        protections.ofSession(session).filter(({rule}) => rule !== 'shell'),
        unlocks,
      ),
  };
};
