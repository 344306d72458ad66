// What the screen asks of the world beyond the fleet's supervisor: a pane's text, the user's clipboard, the terminal. Types only.
import type {Spot} from '../core/domain/machine.ts';
import type {UnattendedView} from '../store/supervisor-rows.ts';

export interface PaneTarget {
  /** As in the server's record. */
  readonly socket: string;
  /** `%7`. */
  readonly paneId: string;
}

export type Captured = {readonly ok: true; readonly text: string} | {readonly ok: false; readonly because: string};

export interface AttachTarget {
  readonly socket: string;
  /** Where sessions are known by name. */
  readonly name?: string;
  /** `$3`: never a name. */
  readonly sessionId: string;
  readonly paneId: string | null;
}

export interface Outside {
  /** How one comes back from an attached session, in words. */
  readonly wayBack: string;
  /** The last lines of a pane with their colours; reads only. */
  capturePane(pane: PaneTarget, lines: number): Promise<Captured>;
  /** Keep a text where the multiplexer that rigtop runs in pastes from; whether it did, null where it runs in none that keeps texts. */
  keepText(text: string): Promise<boolean | null>;
  /** Whether attaching would be a switch of the client rigtop itself runs in. */
  isOwnServer(socket: string): boolean;
  /** Switch our own client there (same server). Resolves to the reason when it could not. */
  switchClient(target: AttachTarget): Promise<string | null>;
  /** Show it in this terminal until its client ends; the caller has handed the terminal over. Returns the reason when it could not. */
  attach(target: AttachTarget, options: {readonly readOnly: boolean}): string | null;
}

/** `spot` is the program that leads there. `isRead`: whoever comes back has read what there was to read. */
export type RunThere = (spot: Spot, machine: string, options: {readonly isRead: boolean}) => string | null;

/** The supervisor that runs unattended on this machine. */
export interface Unattended {
  /** What it is at, in one line; null when none runs. */
  describe(): Promise<string | null>;
  /** What the screen shows of it; null when none runs. */
  view(): Promise<UnattendedView | null>;
  /** The reason when it could not be told. `resume` lifts a halt that is there to see, `go-on` never. */
  controlRequest(what: 'pause' | 'resume' | 'go-on'): Promise<string | null>;
}
