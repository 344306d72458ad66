// Other tools' stores of sessions: what each row says of itself, and where its session would be. Pure records.
import type {Known} from './known.ts';
import type {MultiplexerKind} from './multiplexer.ts';

/** The session a row says it runs in. */
export interface RegisterSeat {
  readonly kind: MultiplexerKind;
  readonly session: string;
  /** herdr: the agent in that session; null where the row means the whole session. */
  readonly agent: string | null;
}

export interface RegisterRow {
  readonly id: string;
  readonly title: string | null;
  /** The store's own word. */
  readonly status: string;
  readonly active: boolean;
  /** Null where it names none that could be asked for; `exempt` says why. */
  readonly seat: RegisterSeat | null;
  /** Last written sign of its use, milliseconds since the epoch; null: not told. */
  readonly usedAt: number | null;
  /** Pid of the worker that serves it, as recorded: anybody's by now. */
  readonly worker: number | null;
  /** Why a missing session says nothing about it (adopted, queued, suspended …); null when it does. */
  readonly exempt: string | null;
  /** Why its owner may bring it back although its session is gone; null when nothing says so. */
  readonly resumes: string | null;
}

/** One file of rows. Rows that cannot be read are unknown, never none: a store that vanishes proves nothing about its sessions. */
export interface Register {
  /** `botmux`, or its name in the configuration: the STORE of `record:STORE/ID`. */
  readonly store: string;
  readonly file: string;
  readonly rows: Known<readonly RegisterRow[]>;
  /** The owner's own command that closes a row, `{id}` standing for its id; null where none is known. Shown, never run. */
  readonly close: readonly string[] | null;
}
