// Reads the screens of agents between looks: one call per server every few seconds, in turns where there are many servers.

import type {ScreenSays} from '../domain/hint.ts';
import type {Snapshot} from '../domain/snapshot.ts';
import type {Host} from '../os/host.ts';
import {createStillness, type Stillness} from '../os/stillness.ts';
import type {LookingSource} from './looking-source.ts';
import {multiplexerAt, type PaneScreen} from './multiplexer-source.ts';
import {type ReadScreen, readPaneScreen, type SeenScreen, sameLines, type WatchedPane} from './read-pane-screen.ts';

type WatchingHost = Pick<Host, 'run' | 'files' | 'uid' | 'epochMs' | 'monotonicMs' | 'pulses'>;

export interface ScreenWatchOptions {
  /** Who reads the text of panes. */
  readonly sources: readonly LookingSource[];
  /** What a screen says; pure. */
  readonly read: (screen: SeenScreen) => ScreenSays;
}

/** What the first source that reads screens makes of one. */
export const readerOf =
  (sources: readonly Pick<LookingSource, 'readScreen'>[]) =>
  (screen: SeenScreen): ScreenSays => {
    for (const {readScreen} of sources) {
      const says = readScreen?.(screen);
      if (says !== undefined) {
        return says;
      }
    }
    return {state: 'unknown', text: null};
  };

export interface ScreenWatch {
  /** The look with these panes read, as far as their servers’ turn has come; `panes` is asked once in a while only. */
  read(snapshot: Snapshot, panes: () => readonly WatchedPane[]): Promise<Snapshot>;
}

/** Each server is read this often … */
const EVERY_MS = 5000;
/** … half as often after this many readings in which no screen had changed, and never less often than that. */
const CALM_READINGS = 6;
const MOST_CALM = 2;
/** Servers read in one look; with more, they take turns. */
const SERVERS_PER_LOOK = 8;
const TIMEOUT_MS = 1000;

interface Turn {
  readonly due: number;
  readonly calm: number;
}

interface Answer {
  /** Which panes. */
  readonly asked: string;
  readonly screens: readonly PaneScreen[];
}

const sameScreen = (one: PaneScreen, other: PaneScreen | undefined): boolean =>
  one.paneId === other?.paneId && one.width === other.width && one.attachedAt === other.attachedAt && sameLines(one.lines, other.lines);

const sameAnswer = (one: Answer, other: Answer): boolean =>
  one.asked === other.asked &&
  one.screens.length === other.screens.length &&
  one.screens.every((screen, at) => sameScreen(screen, other.screens[at]));

const keyOf = ({socket, paneId}: {readonly socket: string; readonly paneId: string}): string => `${socket} ${paneId}`;

/** The screens of a server’s panes. What has not run since it showed them has written nothing: it is not asked. */
const createAsking = (host: WatchingHost, sources: readonly LookingSource[]) => {
  const stills = new Map<string, Stillness<Answer>>();
  return {
    ask: async (socket: string, ids: readonly string[], pid: number): Promise<readonly PaneScreen[]> => {
      const asked = ids.join(' ');
      const still = stills.get(socket) ?? createStillness(sameAnswer);
      stills.set(socket, still);
      const before = host.pulses?.read(pid) ?? null;
      const held = still.holds(before, host.monotonicMs());
      if (held?.value.asked === asked) {
        return held.value.screens;
      }
      const screens = (await multiplexerAt(sources, socket)?.capture?.screens(host, socket, ids, TIMEOUT_MS)) ?? [];
      await host.pulses?.excuse(pid, before);
      still.note({asked, screens}, before, host.pulses?.read(pid) ?? null, host.monotonicMs());
      return screens;
    },
    forget: (socket: string): void => {
      stills.delete(socket);
    },
  };
};

/** Whose turn it is. A clock that was set back makes it everybody’s. */
const dueServers = (sockets: readonly string[], turns: ReadonlyMap<string, Turn>, now: number): readonly string[] =>
  sockets
    .filter(socket => {
      const turn = turns.get(socket);
      return turn === undefined || turn.due <= now || turn.due > now + EVERY_MS * MOST_CALM;
    })
    .toSorted((one, other) => (turns.get(one)?.due ?? 0) - (turns.get(other)?.due ?? 0))
    .slice(0, SERVERS_PER_LOOK);

const nextTurn = (calm: number, now: number): Turn => ({
  due: now + EVERY_MS * Math.min(MOST_CALM, 1 + Math.floor(calm / CALM_READINGS)),
  calm,
});

export const createScreenWatch = (host: WatchingHost, {sources, read}: ScreenWatchOptions): ScreenWatch => {
  let kept: ReadonlyMap<string, ReadScreen> = new Map();
  const turns = new Map<string, Turn>();
  const asking = createAsking(host, sources);
  /** When it was last asked which panes are agents’, and until when nothing is due. */
  let asked = Number.POSITIVE_INFINITY;
  let askAgain = 0;

  const readServer = async (
    socket: string,
    panes: readonly WatchedPane[],
    pid: number,
  ): Promise<readonly (readonly [string, ReadScreen])[]> => {
    const ids = panes.map(({paneId}) => paneId);
    const screens = new Map((await asking.ask(socket, ids, pid)).map(screen => [screen.paneId, screen]));
    const now = host.epochMs();
    const results = panes.flatMap(pane => {
      const screen = screens.get(pane.paneId);
      return screen === undefined ? [] : [[keyOf(pane), readPaneScreen(kept.get(keyOf(pane)), pane, screen, {now, read})] as const];
    });
    const changed = results.some(([key, {still}]) => kept.get(key)?.still !== still);
    turns.set(socket, nextTurn(changed ? 0 : (turns.get(socket)?.calm ?? 0) + 1, now));
    return results;
  };

  const keepOnly = (panes: readonly WatchedPane[], results: readonly (readonly [string, ReadScreen])[]): void => {
    const present = new Set(panes.map(keyOf));
    const sockets = new Set(panes.map(({socket}) => socket));
    kept = new Map([...kept, ...results].filter(([key]) => present.has(key)));
    for (const socket of [...turns.keys()].filter(each => !sockets.has(each))) {
      turns.delete(socket);
      asking.forget(socket);
    }
  };

  const withKept = (snapshot: Snapshot): Snapshot =>
    kept.size === 0 ? snapshot : {...snapshot, screens: [...kept.values()].map(({reading}) => reading)};

  return {
    read: async (snapshot, wanted) => {
      const now = host.epochMs();
      if (now >= asked && now < askAgain) {
        return withKept(snapshot);
      }
      asked = now;
      const panes = wanted();
      const sockets = [...new Set(panes.map(({socket}) => socket))];
      const pids = new Map(snapshot.servers.map(({socket, pid}) => [socket, pid]));
      const results = await Promise.all(
        dueServers(sockets, turns, now).map(socket =>
          readServer(
            socket,
            panes.filter(pane => pane.socket === socket),
            pids.get(socket) ?? -1,
          ),
        ),
      );
      keepOnly(panes, results.flat());
      askAgain = Math.min(now + EVERY_MS, ...sockets.map(socket => turns.get(socket)?.due ?? now));
      return withKept(snapshot);
    },
  };
};
