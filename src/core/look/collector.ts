// One look at the machine: every source side by side under one deadline, a failed one taking nothing from the others. Reads only.

import {createRepoCollector} from '../../sources/ecluse/read/repo-collector.ts';
import {createTownCollector} from '../../sources/gastown/read/town-collector.ts';
import {createRegisterCollector} from '../../sources/registers/read/register-collector.ts';
import {createRuntimeCollector} from '../../sources/runtimes/read/runtime-collector.ts';
import {createTmuxCollector} from '../../sources/tmux/read/tmux-collector.ts';
import type {SourceStatus} from '../domain/known.ts';
import type {Session} from '../domain/multiplexer.ts';
import type {Process} from '../domain/process.ts';
import type {Settings} from '../domain/settings.ts';
import type {Checkout, Self, Snapshot} from '../domain/snapshot.ts';
import type {Host, MachineTables} from '../os/host.ts';
import {withinDeadline} from '../os/within-deadline.ts';
import {createCheckoutCollector} from './checkouts.ts';
import {createProgramFinder} from './find-programs.ts';
import {createMultiplexerCollector} from './named-multiplexers/collect-named.ts';
import {readListenerLook, readOwnPlace, readProcessLook, readSelf} from './table-sources.ts';
import {createGuard, reasonOf} from './within-time.ts';
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
}

export interface CollectorOptions {
  /** For all of one look, in milliseconds. */
  readonly deadlineMs?: number;
  /** Whose session environment is worth a question (`show-environment`). */
  readonly needsEnvironment?: (session: Session) => boolean;
}

const DEADLINE_MS = 2000;
/**
 * The kernel answers; only the processor is slow to ask it. On a machine that thrashes with leftovers, which is when rigtop is wanted
 * most, giving up as early as with a server that may hang would leave everything unknown.
 */
const TABLES_TIMES = 4;
/** Sources that follow from others get at least this much, however long the first ones took. */
const SECOND_HALF_MS = 500;

/** Sessions that a fleet's tools start carry a dash in their names (`gt-rig-name`, `ecluse-slug`); a person's `0` or `main` is not asked. */
const hasFleetName = (session: Session): boolean => session.name.includes('-');

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

export const createCollector = (
  host: Host,
  settings: Settings,
  {deadlineMs = DEADLINE_MS, needsEnvironment = hasFleetName}: CollectorOptions = {},
): Collector => {
  const tmux = createTmuxCollector(host, settings, needsEnvironment);
  const multiplexers = createMultiplexerCollector(host);
  const checkouts = createCheckoutCollector(host);
  const guarded = createGuard(host);
  const towns = createTownCollector(host, settings);
  const repos = createRepoCollector(host, settings);
  const worktrees = createWorktreeCollector(host, settings);
  const registers = createRegisterCollector(host, settings);
  const runtimes = createRuntimeCollector(host);
  const findPrograms = createProgramFinder(host);
  const ownPlace = readOwnPlace(host);
  let running: Promise<Snapshot> | null = null;
  let self: Self | null = null;
  let bootedAt = host.epochMs();
  let trees: ReadonlyMap<string, Checkout> = new Map();

  const readTables = async (): Promise<MachineTables> => {
    try {
      return await host.readTables(TABLES_TIMES * deadlineMs);
    } catch (error) {
      const blind = {known: false, because: reasonOf(error)} as const;
      return {processes: blind, processesTookMs: 0, listeners: blind, listenersTookMs: 0};
    }
  };

  const readTrees = async (processes: ReadonlyMap<number, Process>, limitMs: number): Promise<readonly SourceStatus[]> => {
    try {
      const answer = await withinDeadline(checkouts.collect(directoriesOf(processes)), limitMs);
      trees = answer.inTime ? answer.value : trees;
      return [];
    } catch (error) {
      return [{source: 'worktrees', target: 'checkouts', state: 'unknown', detail: `it broke: ${reasonOf(error)}`, tookMs: 0}];
    }
  };

  const readSlots = async (limitMs: number) => {
    const ended = host.monotonicMs() + limitMs;
    const left = (): number => Math.max(1, ended - host.monotonicMs());
    const declared = await guarded('ecluse', left(), {repos: [], sources: []}, () => repos.collect(trees.values(), left()));
    const roots = new Set([...declared.repos.map(repo => repo.realRoot), ...settings.rigs.map(rig => rig.path)]);
    const listed = await guarded('worktrees', left(), {worktrees: [], sources: []}, () => worktrees.collect(roots));
    return {
      repos: declared.repos,
      worktrees: listed.worktrees,
      sources: [...declared.sources, ...declared.trouble, ...listed.sources, ...listed.trouble],
    };
  };

  const look = async ({whole: isWhole = false}: LookOptions): Promise<Snapshot> => {
    const takenAt = host.epochMs();
    const started = host.monotonicMs();
    const tables = readTables();
    const whole = tables.then(({processes}) => (processes.known ? processes.value : null));
    const table = whole.then(seen => seen?.processes ?? null);
    const nobody = {servers: [], sources: []};
    const [machine, panes, others] = await Promise.all([
      tables,
      // A server that hangs is given up at the deadline by its own reader; the guard is for a directory that hangs. Both wait for the
      // table at last, and what came in time must not be lost because that is slow.
      guarded('tmux', TABLES_TIMES * deadlineMs + SECOND_HALF_MS, nobody, () => tmux.collect(deadlineMs, table, isWhole)),
      guarded('zellij', TABLES_TIMES * deadlineMs + SECOND_HALF_MS, nobody, () => multiplexers.collect(deadlineMs, whole)),
    ]);
    const seen = readProcessLook(machine);
    const sockets = readListenerLook(machine);
    const {processes} = seen;
    const servers = [...panes.servers, ...others.servers];
    const left = (): number => Math.max(SECOND_HALF_MS, started + deadlineMs - host.monotonicMs());
    const lost = await readTrees(processes, left());
    const [found, slots, programs, stores, recorded] = await Promise.all([
      guarded('town', left() + SECOND_HALF_MS, {towns: [], sources: []}, () => towns.collect({processes, servers}, left())),
      readSlots(left()),
      findPrograms(),
      guarded('botmux', left() + SECOND_HALF_MS, {registers: [], sources: []}, () => registers.collect()),
      guarded('runtimes', left() + SECOND_HALF_MS, {stores: [], sources: []}, () => runtimes.collect(processes)),
    ]);
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
      sources: [
        ...panes.sources,
        ...panes.trouble,
        ...others.sources,
        ...others.trouble,
        seen.source,
        sockets.source,
        ...found.sources,
        ...found.trouble,
        ...lost,
        ...slots.sources,
        ...stores.sources,
        ...stores.trouble,
        ...recorded.sources,
        ...recorded.trouble,
      ],
      processes,
      processesComplete: seen.processesComplete,
      listeners: sockets.listeners,
      servers,
      towns: found.towns,
      repos: slots.repos,
      registers: stores.registers,
      runtimeStores: recorded.stores,
      worktrees: slots.worktrees,
      programs,
      checkouts: trees,
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
