// The session of a slot, and the processes in it: what ties a declared service to what runs. Pure.
import type {Session} from '../../domain/multiplexer.ts';
import {isInside} from '../../domain/paths.ts';
import {placeOf} from '../../domain/process.ts';
import {bearsName} from '../../domain/session-name.ts';
import type {Snapshot} from '../../domain/snapshot.ts';

/** Of all living panes, or of those in the window of that name. */
export const livePanePids = (session: Session | null, windowName?: string): readonly number[] =>
  (session?.panes ?? []).filter(pane => !pane.dead && (windowName === undefined || pane.windowName === windowName)).map(pane => pane.pid);

export const paneCwds = (snapshot: Snapshot, session: Session): readonly string[] =>
  livePanePids(session).flatMap(pid => {
    const process = snapshot.processes.get(pid);
    return process === undefined ? [] : (placeOf(process) ?? []);
  });

/** A session of that name counts only when one of its panes lives in the place: two repositories may use one name. */
export const sessionIn = (snapshot: Snapshot, name: string, places: readonly string[]): Session | null =>
  snapshot.servers
    .flatMap(server => server.sessions)
    .find(
      session => bearsName(session.name, name) && paneCwds(snapshot, session).some(cwd => places.some(place => isInside(cwd, place))),
    ) ?? null;
