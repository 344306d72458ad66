// What a source may do: the hands of an outside program, handed to act by whoever may act. Types.
import type {SessionId} from '../domain/multiplexer.ts';
import type {TargetResult} from '../domain/outcome.ts';
import type {PlanPane, PlanSession, StartInWindow} from '../domain/plan.ts';
import type {Process} from '../domain/process.ts';
import type {CommandResult, Host} from '../os/host.ts';
import type {TellingSource} from './telling-source.ts';

/** A pane as its multiplexer tells it just before an act, with what its session is. */
export interface PaneNow {
  readonly sessionId: string;
  readonly created: number;
  readonly attached: number;
  readonly windowId: string;
  readonly paneId: string;
  readonly pid: number;
  readonly dead: boolean;
  /** Whether it stays when its program ends (tmux(1), remain-on-exit): what respawn hooks need. */
  readonly remains: boolean;
  readonly sessionName: string;
}

/** What a server holds now. `absent` is proven: nobody listens on its socket. `serverPid` is 0 where each session has a process of its own. */
export type ServerNow =
  | {readonly state: 'ok'; readonly serverPid: number; readonly panes: readonly PaneNow[]}
  | {readonly state: 'absent'}
  | {readonly state: 'unknown'; readonly because: string};

/** What came of an order to end something, proven by asking again. */
export interface Ended {
  readonly result: TargetResult;
  readonly because: string | null;
}

/** Panes that stay when their program ends, and hooks that start it again. */
export interface Respawn {
  /** Whether something would start a program again in one of these panes when it ends. True where that could not be told. */
  isArmed(host: Host, socket: string, paneIds: readonly string[]): Promise<boolean>;
  /** Whether the server runs something of its own when a session or a pane is gone, which may open it anew. */
  answersEnd(host: Host, socket: string): Promise<boolean>;
  /** Keeps these panes from staying and from being started again. The reason when it failed. */
  disarm(host: Host, socket: string, paneIds: readonly string[]): Promise<string | null>;
}

/** Windows in which a plan starts something again. */
export interface Windows {
  open(host: Host, way: StartInWindow): Promise<CommandResult>;
  /** First processes of the living panes of a session of exactly this name; null when the server did not answer. */
  heads(host: Host, session: {readonly socket: string; readonly name: string}): Promise<readonly number[] | null>;
}

/** A session as a plan knows it: what an order to end it is checked against. */
export type SessionToEnd = Pick<PlanSession, 'socket' | 'id' | 'created' | 'serverPid' | 'name' | 'panes'>;

/** What can be done to the sessions of one multiplexer. Ids and identities only: a name may stand for another session by now. */
export interface Control {
  /** What people call it. */
  readonly name: string;
  /** Whether the server on this socket, as records and plans write it, is one of its. */
  isOwn(socket: string): boolean;
  /** Whether a process is its server: such a one is not signalled, whatever a plan says. */
  serves(process: Pick<Process, 'comm' | 'argv' | 'ppid'>): boolean;
  readServer(host: Host, socket: string): Promise<ServerNow>;
  /** Ends a session if it still is this one and nothing was opened in it since the plan. */
  endSession(host: Host, session: SessionToEnd): Promise<Ended>;
  /** Ends a pane if it still runs the same process in the same session. */
  endPane(host: Host, pane: PlanPane): Promise<Ended>;
  /** Has the server wait (wait(2)) for children whose end it has missed. The reason when it failed. */
  reap?(host: Host, socket: string): Promise<string | null>;
  readonly respawn?: Respawn;
  readonly windows?: Windows;
}

export interface ActingSource extends TellingSource {
  readonly control?: Control;
}

/** Who speaks to the server on a socket; undefined where no source does. */
export const controlOf = (controls: readonly Control[], socket: string): Control | undefined =>
  controls.find(control => control.isOwn(socket));

export type SessionOfServer = SessionId & {readonly serverPid: number | null};

/** Panes of exactly this session. A server that was started again counts its ids anew, perhaps within the same second: its pid tells. */
export const panesOfSession = (server: ServerNow, {id, created, serverPid}: SessionOfServer): readonly PaneNow[] =>
  server.state === 'ok' && (serverPid === null || server.serverPid === serverPid)
    ? server.panes.filter(pane => pane.sessionId === id && pane.created === created)
    : [];

/** Why a session stays: what runs in these panes was shown to nobody. */
export const openedSince = (panes: readonly string[]): string => `pane ${panes.join(', ')} was opened in it since the plan was made`;

/** Reads every one of these servers, each by who speaks to it. */
export const readServers = async (
  host: Host,
  controls: readonly Control[],
  sockets: readonly string[],
): Promise<ReadonlyMap<string, ServerNow>> =>
  new Map(
    await Promise.all(
      [...new Set(sockets)].map(async socket => {
        const control = controlOf(controls, socket);
        const server: ServerNow =
          control === undefined
            ? {state: 'unknown', because: `rigtop knows no multiplexer that serves ${socket}`}
            : await control.readServer(host, socket);
        return [socket, server] as const;
      }),
    ),
  );
