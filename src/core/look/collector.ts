// One look at the machine: every source side by side under one deadline, a failed one taking nothing from the others. Reads only.

import type {SourceStatus} from '../domain/known.ts';
import type {Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import type {Checkout, Self, Snapshot} from '../domain/snapshot.ts';
import type {Host, MachineTables, ProcessTable} from '../os/host.ts';
import {withinDeadline} from '../os/within-deadline.ts';
import {createCheckoutCollector} from './checkouts.ts';
import {createProgramFinder} from './find-programs.ts';
import type {LookingSource, SeenSoFar, Told} from './looking-source.ts';
import {withServerMarks} from './mark-servers.ts';
import {readListenerLook, readOwnPlace, readProcessLook, readSelf} from './table-sources.ts';
import {createGuard, type Guarded, reasonOf} from './within-time.ts';
import {createWorktreeCollector} from './worktrees.ts';

export interface Collector {
  /**
   * One look. A call while one is running gets that one: there are never two at once. `whole`: nothing is taken over from an earlier
   * look, however sure it is that it would be the same.
   */
  look(options?: LookOptions): Promise<Snapshot>;
  /** Waits for a look that is running. The host stays open: it belongs to whoever made it. */
  close(): Promise<void>;
}

export interface LookOptions {
  readonly whole?: boolean;
  /** Processes that are read anew in any look: see `Host.readTables`. Without them, everybody is. */
  readonly attended?: ReadonlySet<number>;
}

export interface CollectorOptions {
  /** For all of one look, in milliseconds. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 2000;
/**
 * The kernel answers; only the processor is slow to ask it. On a machine that thrashes with leftovers, which is when rigtop is wanted
 * most, giving up as early as with a server that may hang would leave everything unknown.
 */
const TABLES_TIMES = 4;
/** Sources that follow from others get at least this much, however long the first ones took. */
const SECOND_HALF_MS = 500;

/** Directories that somebody is in. */
const directoriesOf = (processes: ReadonlyMap<number, Process>): ReadonlySet<string> => {
  const directories = new Set<string>();
  for (const {cwd} of processes.values()) {
    if (cwd.known) {
      directories.add(cwd.value);
    }
  }
  return directories;
};

/** What several sources told, as one: the parts joined, in the order of the sources. */
const joined = (told: readonly Guarded<Told>[]): Omit<Required<Told>, 'servers'> & Pick<Snapshot, 'servers'> => ({
  servers: told.flatMap(({servers = []}) => servers),
  towns: told.flatMap(({towns = []}) => towns),
  repos: told.flatMap(({repos = []}) => repos),
  registers: told.flatMap(({registers = []}) => registers),
  runtimeStores: told.flatMap(({runtimeStores = []}) => runtimeStores),
  sources: told.flatMap(({sources, trouble}) => [...sources, ...trouble]),
});

const NOTHING: Told = {sources: []};

const readTables = async (host: Host, limitMs: number, attended: ReadonlySet<number> | undefined): Promise<MachineTables> => {
  try {
    return await host.readTables(limitMs, attended);
  } catch (error) {
    const blind = {known: false, because: reasonOf(error)} as const;
    return {processes: blind, processesTookMs: 0, listeners: blind, listenersTookMs: 0};
  }
};

/** Repositories that somebody is in. One that is late or breaks leaves those of the look before. */
const createTreeReader = (host: Host) => {
  const checkouts = createCheckoutCollector(host);
  let trees: ReadonlyMap<string, Checkout> = new Map();
  return {
    now: (): ReadonlyMap<string, Checkout> => trees,
    read: async (processes: ReadonlyMap<number, Process>, limitMs: number): Promise<readonly SourceStatus[]> => {
      try {
        const answer = await withinDeadline(checkouts.collect(directoriesOf(processes)), limitMs);
        trees = answer.inTime ? answer.value : trees;
        return [];
      } catch (error) {
        return [{source: 'worktrees', target: 'checkouts', state: 'unknown', detail: `it broke: ${reasonOf(error)}`, tookMs: 0}];
      }
    },
  };
};

/** The sources' own readers, each guarded: one that fails takes nothing from the others. */
const createReaders = (host: Host, settings: Settings, sources: readonly LookingSource[], guarded: ReturnType<typeof createGuard>) => {
  const servers = sources.flatMap(({name, readServers}) =>
    readServers === undefined ? [] : [{name, reader: readServers(host, settings)}],
  );
  const records = sources.flatMap(({name, readRecords}) =>
    readRecords === undefined ? [] : [{name, reader: readRecords(host, settings)}],
  );
  return {
    // A server that hangs is given up at the deadline by its own reader; the guard is for a directory that hangs. It waits for the
    // table at last, and what came in time must not be lost because that is slow.
    servers: async (table: Promise<ProcessTable | null>, deadlineMs: number, whole: boolean) =>
      joined(
        await Promise.all(
          servers.map(({name, reader}) =>
            guarded(name, TABLES_TIMES * deadlineMs + SECOND_HALF_MS, NOTHING, () => reader.collect(deadlineMs, table, whole)),
          ),
        ),
      ),
    records: async (seen: SeenSoFar, limitMs: number) =>
      joined(
        await Promise.all(
          records.map(({name, reader}) => guarded(name, limitMs + SECOND_HALF_MS, NOTHING, () => reader.collect(seen, limitMs))),
        ),
      ),
  };
};

export const createCollector = (
  host: Host,
  settings: Settings,
  sources: readonly LookingSource[],
  {deadlineMs = DEADLINE_MS}: CollectorOptions = {},
): Collector => {
  const marked = withServerMarks(host, sources);
  const guarded = createGuard(host);
  const readers = createReaders(host, settings, sources, guarded);
  const trees = createTreeReader(host);
  const worktrees = createWorktreeCollector(host, settings);
  const findPrograms = createProgramFinder(
    host,
    sources.flatMap(({programs}) => [...(programs?.keys() ?? [])]),
  );
  const ownPlace = readOwnPlace(host);
  let running: Promise<Snapshot> | null = null;
  let self: Self | null = null;
  let bootedAt = host.epochMs();

  const look = async ({whole: isWhole = false, attended}: LookOptions): Promise<Snapshot> => {
    const takenAt = host.epochMs();
    const started = host.monotonicMs();
    const tables = readTables(marked, TABLES_TIMES * deadlineMs, isWhole ? undefined : attended);
    const whole = tables.then(({processes}) => (processes.known ? processes.value : null));
    const [machine, panes] = await Promise.all([tables, readers.servers(whole, deadlineMs, isWhole)]);
    const seen = readProcessLook(machine);
    const sockets = readListenerLook(machine);
    const {processes} = seen;
    const left = (): number => Math.max(SECOND_HALF_MS, started + deadlineMs - host.monotonicMs());
    const lost = await trees.read(processes, left());
    const [found, programs] = await Promise.all([
      readers.records({processes, servers: panes.servers, checkouts: trees.now().values()}, left()),
      findPrograms(),
    ]);
    const roots = new Set([...found.repos.map(repo => repo.realRoot), ...settings.rigs.map(rig => rig.path)]);
    const listed = await guarded('worktrees', left(), {worktrees: [], sources: []}, () => worktrees.collect(roots));
    self = readSelf(host, processes, self, await ownPlace);
    bootedAt = seen.bootedAt ?? bootedAt;
    const tookMs = host.monotonicMs() - started;
    return {
      takenAt,
      monotonicMs: started,
      tookMs,
      uptimeMs: seen.uptimeMs ?? Math.max(0, takenAt - bootedAt),
      bootedAt,
      hostname: host.hostname,
      platform: host.platform,
      bootId: host.bootId,
      self,
      sources: [...panes.sources, seen.source, sockets.source, ...found.sources, ...lost, ...listed.sources, ...listed.trouble],
      processes,
      processesComplete: seen.processesComplete,
      listeners: sockets.listeners,
      servers: panes.servers,
      towns: found.towns,
      repos: found.repos,
      registers: found.registers,
      runtimeStores: found.runtimeStores,
      worktrees: listed.worktrees,
      programs,
      checkouts: trees.now(),
      ...(host.connections === undefined ? {clientsUntold: true} : {}),
    };
  };

  return {
    look: (options = {}) => {
      running ??= look(options).finally(() => {
        running = null;
      });
      return running;
    },
    close: async () => {
      await running?.catch(() => undefined);
    },
  };
};
