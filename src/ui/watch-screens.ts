// Reads the ends of the screens of the agents that are on our screen: one call per server, less often than the fleet is looked at.
import {type Session, sessionKey} from '../core/domain/multiplexer.ts';
import type {SeenScreen} from '../store/activity.ts';
import {sameValue} from '../store/reconcile.ts';
import {contentHeight} from './layout.ts';
import {windowRows} from './list-window.ts';
import type {ScreenContext} from './screen-context.ts';

const EVERY_MS = 5000;
/** A dialog with its choices and their explanations is no longer than this. */
const LINES = 32;

interface Watched {
  readonly session: Session;
  readonly serverPid: number | null;
  readonly paneId: string;
}

/** Sessions of the agents that are, or nearly are, on the screen, each with the pane that is in front. */
const watchedSessions = ({store, layout}: ScreenContext): readonly Watched[] => {
  const state = store.getState();
  const height = contentHeight(layout(), 'agents');
  const rows = state.visible.agents;
  const chosen = rows.findIndex(row => row.key === state.selected.agents);
  const {start, end} = windowRows(rows.length, chosen, height, 0);
  // The list may stand elsewhere within a page of the cursor: a page more on both sides covers it.
  const keys = new Set(rows.slice(Math.max(0, start - height), end + height).flatMap(row => row.session ?? []));
  const servers = state.assessment?.snapshot.servers ?? [];
  return servers.flatMap(({pid: serverPid, sessions}) =>
    sessions.flatMap(session => {
      const pane = session.panes.find(each => each.active && !each.dead);
      return session.kind === 'tmux' && pane !== undefined && keys.has(sessionKey(session)) ? [{session, serverPid, paneId: pane.id}] : [];
    }),
  );
};

const tailOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map(line => line.trimEnd())
    .filter(line => line !== '');

const isResting = ({store}: ScreenContext): boolean => {
  const {paused, overlays} = store.getState();
  return paused || overlays.some(overlay => overlay.kind === 'plan' || overlay.kind === 'peek');
};

/** Watch until the screen ends. Does nothing where panes cannot be read. */
export const watchScreens = (context: ScreenContext): void => {
  const {outside, store, now} = context;
  if (outside === null) {
    return;
  }
  const since = new Map<string, {readonly tail: readonly string[]; readonly at: number}>();

  /** How long the end of this screen has stood still, as far as it was watched; coarse, so that standing still is no change. */
  const seenOf = (key: string, tail: readonly string[]): SeenScreen => {
    const before = since.get(key);
    const still = before !== undefined && sameValue(before.tail, tail) ? before : {tail, at: now()};
    since.set(key, still);
    return {tail: still.tail, unchangedMs: now() - still.at};
  };

  const read = async (): Promise<void> => {
    const watched = watchedSessions(context);
    const sockets = [...new Set(watched.map(each => each.session.socket))];
    const answers = await Promise.all(
      sockets.map(async socket => {
        const own = watched.filter(each => each.session.socket === socket);
        return [
          own,
          await outside.captureScreens(
            socket,
            own.map(each => each.paneId),
            LINES,
            own[0]?.serverPid ?? undefined,
          ),
        ] as const;
      }),
    );
    const seen = answers.flatMap(([own, texts]) =>
      own.flatMap(({session, paneId}) => {
        const text = texts.get(paneId);
        return text === undefined ? [] : [[sessionKey(session), seenOf(sessionKey(session), tailOf(text))] as const];
      }),
    );
    for (const key of [...since.keys()].filter(each => !seen.some(([watchedKey]) => watchedKey === each))) {
      since.delete(key);
    }
    store.watch(new Map(seen));
  };

  const turn = (): void => {
    void (isResting(context) ? Promise.resolve() : read()).then(() => context.later(EVERY_MS, turn));
  };
  context.later(EVERY_MS / 5, turn);
};
