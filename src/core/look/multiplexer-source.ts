// What a source tells of its multiplexer, which its servers' records call by the source's name, besides what its servers hold: which
// processes are its servers, how a session is shown, what stands on a pane. Types.
import type {Process} from '../domain/process.ts';
import type {Host} from '../os/host.ts';

export interface PaneAddress {
  /** As in the server's record. */
  readonly socket: string;
  /** `%7`. */
  readonly paneId: string;
}

export interface SessionAddress {
  readonly socket: string;
  /** Where sessions are known by name (see `isKnownByName`). */
  readonly name?: string;
  /** `$3`: never a name, which tmux would match by prefix. */
  readonly sessionId: string;
  /** Shown first, where that can be chosen; ids of panes are ids of their windows too. */
  readonly paneId: string | null;
}

export type Captured = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly because: string};

/** The program that shows a session in a terminal, or why none can. */
export type ShowingProgram = {readonly file: string; readonly args: readonly string[]} | {readonly because: string};

/** What stands on a pane, with what is known of it. */
export interface PaneScreen {
  /** `%7`. */
  readonly paneId: string;
  /** Columns. */
  readonly width: number;
  /** When something was last written to a pane of its window; seconds since the epoch, null where that is not told. */
  readonly writtenAt: number | null;
  /** When somebody last attached to its session; seconds since the epoch, null where nobody has. */
  readonly attachedAt: number | null;
  /** Without colours, oldest first, without the blank ones at the end. */
  readonly lines: readonly string[];
}

/** Reading the text of panes. */
export interface Capture {
  /** The last lines of a pane, with their colours as SGR sequences. */
  pane(host: Host, pane: PaneAddress, lines: number): Promise<Captured>;
  /** The screens of several panes of one server. A pane that is gone has no entry; nor has any, where the server does not answer. */
  screens(
    host: Pick<Host, 'run' | 'files' | 'uid'>,
    socket: string,
    paneIds: readonly string[],
    timeoutMs: number,
  ): Promise<readonly PaneScreen[]>;
}

/** Moving the client that shows rigtop itself, instead of nesting another one in it. */
export interface Switching {
  /** The server in a pane of which whoever has this environment runs; undefined outside of every one. */
  ownSocket(env: Host['env']): string | undefined;
  /** Keeps a text where that server pastes from, and gives it to the terminal’s clipboard as far as the server may; whether it did. */
  keepText?(host: Host, socket: string, text: string): Promise<boolean>;
  /** Shows a session in the client that shows rigtop. The reason when it could not, else null. */
  switchClient(host: Host, session: SessionAddress): Promise<string | null>;
}

export interface Multiplexer {
  /** Whether the server on this socket, as records and plans write it, is one of its. */
  isOwn(socket: string): boolean;
  /** Whether a process is a server of its, by name and arguments: such a one is never signalled, and what is below it may be in a pane. */
  serves(process: Pick<Process, 'comm' | 'argv' | 'ppid'>): boolean;
  /** Ids of a server's panes that stay when their program ends: asked for when a plan would close one. Missing where none stays. */
  remainingPanes?(host: Pick<Host, 'run'>, socket: string): Promise<readonly string[]>;
  readonly attach: (session: SessionAddress, options: {readonly readOnly: boolean}) => ShowingProgram;
  readonly capture?: Capture;
  readonly switching?: Switching;
}

interface Telling {
  readonly multiplexer?: Multiplexer;
}

/** The multiplexer that serves a socket; undefined where no source knows one. */
export const multiplexerAt = (sources: readonly Telling[], socket: string): Multiplexer | undefined =>
  sources.find(({multiplexer}) => multiplexer?.isOwn(socket) === true)?.multiplexer;
