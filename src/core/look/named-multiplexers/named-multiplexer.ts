// What is to be known of a multiplexer whose sessions have names only, so that they can be looked at and placed. Types.
import type {Process} from '../../domain/process.ts';
import type {Shown} from '../../domain/program-words.ts';
import type {Host} from '../../os/host.ts';
import type {Listing} from './session-listing.ts';

/** A multiplexer whose sessions have names only, and how its sessions are listed. */
export interface NamedMultiplexer {
  /** Its name, which is also that of its one server record and of its socket. */
  readonly kind: string;
  readonly collect: (host: Host, timeoutMs: number) => Promise<Listing>;
  /** Whether a process is the server of a session. */
  isServer(process: Pick<Process, 'comm' | 'argv'>): boolean;
  /** Name of the session that a server process was started for; null where it cannot be told. */
  servedSession(process: Process): string | null;
  /** The session that a client shows to a person; null for whatever is no client. */
  shownSession(process: Process): Shown | null;
  /** The pane that a child of a server leads, by what its environment says; null where it does not. Missing where none says so. */
  paneOf?(process: Process): string | null;
}
