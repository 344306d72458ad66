// What a source may tell in one look: the servers of a multiplexer, or the records that another program keeps. Types.
import type {Check} from '../domain/check.ts';
import type {ScreenSays} from '../domain/hint.ts';
import type {SourceName, SourceStatus} from '../domain/known.ts';
import type {MarkingSource} from '../domain/markers.ts';
import type {Server} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import type {Checkout, Snapshot} from '../domain/snapshot.ts';
import type {Host, ProcessTable} from '../os/host.ts';
import type {Multiplexer} from './multiplexer-source.ts';
import type {SeenScreen} from './read-pane-screen.ts';

/** What was told, each part by the sources that know of such things, and how the look at each went. */
export interface Told extends Partial<Pick<Snapshot, 'servers' | 'towns' | 'repos' | 'registers' | 'runtimeStores'>> {
  readonly sources: readonly SourceStatus[];
}

/** What a look has shown by the time that records are read. */
export interface SeenSoFar {
  readonly processes: ReadonlyMap<number, Process>;
  readonly servers: readonly Server[];
  /** Repositories that somebody is in. */
  readonly checkouts: Iterable<Checkout>;
}

/**
 * Asks the servers of one multiplexer. `table` is awaited last: it is read beside this, and null when it could not be read. `whole`: every
 * server is asked, even one that is known not to have changed.
 */
export interface ServerReader {
  collect(limitMs: number, table: Promise<ProcessTable | null>, whole?: boolean): Promise<Told>;
}

export interface RecordReader {
  collect(seen: SeenSoFar, limitMs: number): Promise<Told>;
}

/** What a source contributes to a look. It reads and has no hands; what is late or broken is one blind spot under its name. */
export interface LookingSource extends MarkingSource {
  readonly name: SourceName;
  readonly multiplexer?: Multiplexer;
  readonly readServers?: (host: Host, settings: Settings) => ServerReader;
  readonly readRecords?: (host: Host, settings: Settings) => RecordReader;
  /** What the screen of an agent says it is doing. */
  readonly readScreen?: (screen: SeenScreen) => ScreenSays;
  /** What to do where it could not be seen, by the names that it has among the sources of a look. */
  readonly cures?: ReadonlyMap<string, string>;
  /** Programs of its own that plans call where they are on PATH, by name, with what happens where they are not. */
  readonly programs?: ReadonlyMap<string, string>;
  /** What doctor says of it besides how the look went. */
  readonly checkup?: (host: Pick<Host, 'run'>, snapshot: Snapshot) => Promise<readonly Check[]>;
}
