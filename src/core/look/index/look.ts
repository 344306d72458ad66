// One look, indexed: who is below and above whom, whose a pane's process is, who listens where, who is connected to whom. Each part is
// worked out when it is first asked for, once for everybody who asks. Pure.
import {childrenByParent, depthsOf, descendantsOf, nearestAbove, type ProcessMap} from '../../domain/forest.ts';
import {knownValue} from '../../domain/known.ts';
import type {Connection, Listener} from '../../domain/listener.ts';
import {paneMarkOf} from '../../domain/pane-mark.ts';
import type {Process} from '../../domain/process.ts';
import {remembered} from '../../domain/remember.ts';
import type {Snapshot} from '../../domain/snapshot.ts';
import {indexPanes, type PaneIndex, type PlacedPane} from './pane-index.ts';
import {createPlaces, type Place} from './places.ts';

export interface Look {
  readonly snapshot: Snapshot;
  readonly processes: ProcessMap;
  readonly children: ReadonlyMap<number, readonly number[]>;
  /** Itself and everything below it, itself first. */
  treeOf(pid: number): readonly Process[];
  /** Distance from the root of the forest: children are always deeper than their parents. */
  depthOf(pid: number): number;
  /** Pids by process group, and by session id (credentials(7)). */
  readonly groups: ReadonlyMap<number, readonly number[]>;
  readonly terminals: ReadonlyMap<number, readonly number[]>;
  readonly panes: PaneIndex;
  /** The pane whose own first process this is, or is the nearest such one above. */
  paneAround(pid: number): PlacedPane | undefined;
  /** Where a process stands: in a pane, at a terminal, below an editor … */
  placeOf(pid: number): Place;
  /** Processes by the pane that their environment names (see `paneMark`). */
  readonly startedIn: ReadonlyMap<string, readonly number[]>;
  /** Listening sockets by port. */
  readonly listeners: ReadonlyMap<number, readonly Listener[]>;
  /** Who is seen to listen on a port, each once. */
  holdersOf(port: number): readonly number[];
  /** Ports that a process itself listens on, ascending. */
  portsOf(pid: number): readonly number[];
  /** Ports that a process or anything below it listens on. */
  portsBelow(pid: number): ReadonlySet<number>;
  /** Connections to the sockets of a process. */
  connectionsTo(pid: number): readonly Connection[];
}

const NONE: readonly never[] = [];

const lazily = <T>(make: () => T): (() => T) => {
  let made: {readonly value: T} | null = null;
  return () => {
    made ??= {value: make()};
    return made.value;
  };
};

/** Things by key, each group in the order in which they came. `null` is no key. */
export const groupBy = <K, T, V>(
  things: Iterable<T>,
  keyOf: (thing: T) => K | null,
  toValue: (thing: T) => V,
): ReadonlyMap<K, readonly V[]> => {
  const groups = new Map<K, V[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = key === null ? undefined : groups.get(key);
    if (group !== undefined) {
      group.push(toValue(thing));
    } else if (key !== null) {
      groups.set(key, [toValue(thing)]);
    }
  }
  return groups;
};

const pidOf = ({pid}: Process): number => pid;

const indexPorts = (listeners: readonly Listener[]): ReadonlyMap<number, readonly number[]> => {
  const ports = new Map<number, Set<number>>();
  for (const {port, owners} of listeners) {
    for (const pid of owners.known ? owners.value : []) {
      ports.set(pid, (ports.get(pid) ?? new Set()).add(port));
    }
  }
  return new Map([...ports].map(([pid, held]) => [pid, [...held].sort((a, b) => a - b)]));
};

/** The index of one look: the same one whenever it is asked for. */
export const indexLook = remembered((snapshot: Snapshot): Look => {
  const {processes} = snapshot;
  const all = (): Iterable<Process> => processes.values();
  const children = lazily(() => childrenByParent(processes));
  const groups = lazily(() => groupBy(all(), ({pgid}) => (pgid > 1 ? pgid : null), pidOf));
  const terminals = lazily(() => groupBy(all(), ({sid}) => (sid > 1 ? sid : null), pidOf));
  const startedIn = lazily(() => groupBy(all(), paneMarkOf, pidOf));
  const panes = lazily(() => indexPanes(snapshot));
  const paneAbove = lazily(() => nearestAbove(processes, pid => panes().byPid.get(pid)));
  const depths = lazily(() => depthsOf(processes));
  const places = lazily(() => createPlaces(processes, panes()));
  const ports = lazily(() => indexPorts(snapshot.listeners));
  const listeners = lazily(() =>
    groupBy(
      snapshot.listeners,
      ({port}) => port,
      listener => listener,
    ),
  );
  const connections = lazily(() =>
    groupBy(
      snapshot.connections ?? NONE,
      ({server}) => server,
      connection => connection,
    ),
  );
  const below = new Map<number, ReadonlySet<number>>();
  const treeOf = (pid: number): readonly Process[] => {
    const root = processes.get(pid);
    if (root === undefined) {
      return NONE;
    }
    // Most have nothing below.
    return children().get(pid) === undefined
      ? [root]
      : [root, ...descendantsOf(children(), pid).flatMap(each => processes.get(each.pid) ?? [])];
  };
  const portsOf = (pid: number): readonly number[] => ports().get(pid) ?? NONE;
  return {
    snapshot,
    processes,
    get children() {
      return children();
    },
    treeOf,
    depthOf: pid => depths()(pid),
    get groups() {
      return groups();
    },
    get terminals() {
      return terminals();
    },
    get panes() {
      return panes();
    },
    paneAround: pid => panes().byPid.get(pid) ?? paneAbove()(pid),
    placeOf: pid => places()(pid),
    get startedIn() {
      return startedIn();
    },
    get listeners() {
      return listeners();
    },
    holdersOf: port => [...new Set((listeners().get(port) ?? NONE).flatMap(({owners}) => knownValue(owners) ?? NONE))],
    portsOf,
    portsBelow: pid => {
      const known = below.get(pid);
      if (known !== undefined) {
        return known;
      }
      const held = new Set([pid, ...descendantsOf(children(), pid).map(each => each.pid)].flatMap(portsOf));
      below.set(pid, held);
      return held;
    },
    connectionsTo: pid => connections().get(pid) ?? NONE,
  };
});
