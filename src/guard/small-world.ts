// Whose processes are, as far as lineage alone decides it beyond doubt: a look of nothing but processes, for the rule of ownership. Pure.
import {ancestorsOf} from '../core/domain/forest.ts';
import type {Process, ProcessId} from '../core/domain/process.ts';
import type {Settings} from '../core/domain/settings.ts';
import {NO_SLOTS} from '../core/domain/slot-place.ts';
import type {Snapshot} from '../core/domain/snapshot.ts';
import {type OwnWorld, ownWorld} from '../core/judge/own/own-world.ts';
import {type Own, type Ownership, ownershipFor} from '../core/judge/own/ownership.ts';
import {identifyFleet} from '../core/judge/owners/identify.ts';
import {multiplexerName} from '../core/look/index/program-kinds.ts';

export interface SmallLook {
  readonly processes: ReadonlyMap<number, Process>;
  readonly uptimeMs: number;
  readonly self: ProcessId & {readonly uid: number};
}

const snapshotOf = ({processes, uptimeMs, self}: SmallLook): Snapshot => ({
  takenAt: 0,
  monotonicMs: 0,
  tookMs: 0,
  uptimeMs,
  bootedAt: 0,
  hostname: '',
  platform: 'linux',
  bootId: null,
  self: {...self, ancestors: ancestorsOf(processes, self.pid), pane: null},
  sources: [],
  processes,
  processesComplete: true,
  listeners: [],
  servers: [],
  towns: [],
  repos: [],
  registers: [],
  runtimeStores: [],
  worktrees: [],
  programs: new Map(),
  checkouts: new Map(),
});

export interface SmallWorld {
  readonly world: OwnWorld;
  /** Null where lineage leaves a doubt: then the whole look has to tell. */
  of(process: Process): Own | null;
}

/** `program`: the agent program whose hook asks. Null where the nearest agent above is not one of those. */
export const smallWorld = (look: SmallLook, program: string, settings: Settings): SmallWorld | null => {
  const snapshot = snapshotOf(look);
  const fleet = identifyFleet(snapshot, settings, []);
  const world = ownWorld({snapshot, fleet, slots: NO_SLOTS, services: []}, settings);
  const found = ownershipFor(world, {process: look.self});
  if (!found.known || found.value.caller.program !== program) {
    return null;
  }
  const {of, caller}: Ownership = found.value;
  const isOther = (process: Process): boolean =>
    [process.pid, ...ancestorsOf(look.processes, process.pid)].some(pid => pid !== caller.process.pid && fleet.runtimes.has(pid));
  return {
    world,
    of: process => {
      const own = of(process);
      if (own.own === 'yes') {
        return own.by === 'below' && isBelowDirectly(look.processes, process, caller.process.pid) ? own : null;
      }
      return own.own === 'no' && (process.pid === caller.process.pid || isOther(process)) ? own : null;
    },
  };
};

/** Whether no server of terminals stands between. */
const isBelowDirectly = (processes: ReadonlyMap<number, Process>, process: Process, top: number): boolean => {
  const chain = [process.pid, ...ancestorsOf(processes, process.pid)];
  return chain.slice(0, chain.indexOf(top)).every(pid => {
    const each = processes.get(pid);
    return each === undefined || multiplexerName(each) === null;
  });
};
