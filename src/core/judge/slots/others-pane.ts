// Whether what an environment says of a slot was merely handed on: to the panes of a session that is none of the slot's. Pure.
import {type Session, sessionKey} from '../../domain/multiplexer.ts';
import {placeOf} from '../../domain/process.ts';
import type {Look} from '../../look/index/look.ts';
import {namedInWords} from './slot-marks.ts';

/** What makes a session one of a slot. */
export interface SlotHome {
  /** Sessions of its services. */
  readonly sessions: readonly (Session | null)[];
  /** What its own environment says (`new-session -e`, `show-environment`): all pairs of one entry must match. */
  readonly environments: readonly Readonly<Record<string, string>>[];
  /** Whether a directory is the slot's. */
  readonly isHome: (directory: string) => boolean;
}

const isOfSlot = ({processes}: Look, session: Session, {sessions, environments, isHome}: SlotHome): boolean =>
  sessions.some(each => each !== null && sessionKey(each) === sessionKey(session)) ||
  namedInWords(environments, session.env ?? {}) !== null ||
  session.panes.some(({pid, dead}) => {
    const head = dead ? undefined : processes.get(pid);
    const place = head === undefined ? undefined : placeOf(head);
    return place !== undefined && isHome(place);
  });

/**
 * Whether a process runs in a pane of a session that nothing but variables connects with the slot: they come to such a pane from whoever
 * started tmux, from `set-environment -g`, from direnv or a profile. What left every pane has no other word than its environment.
 */
export const isInOthersPane = (look: Look, pid: number, home: SlotHome): boolean => {
  const place = look.placeOf(pid);
  return place.where === 'pane' && !isOfSlot(look, place.placed.session, home);
};
