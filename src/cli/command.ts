// What a command is: its place in the help, its flags, and the file that does it, loaded only when asked for.
import type {Host} from '../core/os/host.ts';
import type {Failure} from './failure.ts';
import type {Io} from './io.ts';
import type {ColorChoice} from './paint.ts';

export interface FlagSpec {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  readonly choices?: readonly string[];
  /** Words that completion offers, of values that are checked elsewhere. */
  readonly suggests?: readonly string[];
  readonly summary: string;
}

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly config: string | undefined;
  readonly readOnly: boolean;
  readonly json: boolean;
  readonly towns: readonly string[];
  readonly repos: readonly string[];
  readonly sockets: readonly string[];
  readonly color: ColorChoice;
}

/** Flags of one command, as given. */
export interface Options {
  readonly isSet: (name: string) => boolean;
  readonly text: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

export interface Invocation {
  readonly io: Io;
  readonly flags: GlobalFlags;
  readonly options: Options;
  readonly args: readonly string[];
  /** The whole table, for commands about commands. */
  readonly commands: readonly Command[];
  /** Narrows what of the machine may be seen: a demo shows and touches its own fleet only. */
  readonly restrict?: (host: Host) => Host;
  /** The screen teaches its keys, on a fleet that is there for it; `nested`: the terminal is a pane of a multiplexer that is not the fleet’s. */
  readonly lesson?: {readonly nested: boolean};
}

/** A number beyond the exit codes is 128 and a signal's, of a screen that was ended by one. */
export type CommandAnswer = number | Failure;

/** Things that are there, a scope of them, or plans that were printed. */
export type LiveNames = 'references' | 'scopes' | 'plans';

export interface Command {
  readonly name: string;
  /** Arguments as the help shows them: `[REF…]`. */
  readonly usage: string;
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number];
  readonly summary: string;
  /** Further lines of its help. */
  readonly details: readonly string[];
  readonly flags: FlagTable;
  /** Words its first argument may be, for completion; null where they are references. */
  readonly words: readonly string[] | null;
  /** What of the machine its arguments name, for completion; null for nothing. */
  readonly names: LiveNames | null;
  readonly load: () => Promise<(invocation: Invocation) => Promise<CommandAnswer>>;
}
