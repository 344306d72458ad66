// Listeners in the port range of a slot that nobody has. Found from the listeners, not from the slots: most slots are quiet. Pure.

import {commandLine} from '../../domain/command-line.ts';
import {slotRef} from '../../domain/reference.ts';
import type {Service, ServiceListener} from '../../domain/slot.ts';
import type {ServiceRange} from '../../domain/slot-place.ts';
import {decideStray} from '../detect/stray-listener.ts';
import {vacantSlot} from './declared-services.ts';
import {owningSlot} from './port-arithmetic.ts';
import {claimOf, holdersOf, isSeen} from './port-holders.ts';
import type {SlotIndex} from './slot-index.ts';

/** A service's range over all slots of its rig. */
interface Range extends ServiceRange {
  readonly taken: ReadonlySet<number>;
  /** Why a slot that seems free may be in use; null when nothing speaks for it. */
  readonly unsure: string | null;
}

/** A stopped slot expects nothing to run, so a listener there is as stray as on a slot that was never taken. */
const rangesOf = ({slots, services}: SlotIndex): readonly Range[] =>
  slots.places.flatMap(({path, ranges, unsure}) => {
    const taken = new Set(services.filter(service => service.rigPath === path).map(service => service.slot));
    return ranges.map(range => ({...range, taken, unsure}));
  });

const strayOn = (index: SlotIndex, range: Range, slot: number, port: number): Service | null => {
  const empty = vacantSlot(range, slot);
  const holders = holdersOf(index, empty, port);
  const verdict = decideStray(slot, range.unsure, holders);
  if (verdict === null) {
    return null;
  }
  const seen = holders.filter(isSeen);
  const listeners: readonly ServiceListener[] = seen.map(({process}) => ({
    pid: process.pid,
    startTime: process.startTime,
    address: (index.look.listeners.get(port) ?? []).find(({owners}) => owners.known && owners.value.includes(process.pid))?.address ?? '',
    command: commandLine(process, 80),
  }));
  return {
    ref: slotRef(range.rig, slot, range.service),
    rig: range.rig,
    rigPath: range.rigPath,
    slot,
    slug: null,
    service: range.service,
    port,
    ...verdict,
    expected: null,
    listeners,
    actualPorts: [port],
    conflictingSlot: null,
    worktree: null,
    declaredBy: empty.declaredBy,
    doubt: claimOf(index, empty, seen),
  };
};

/** One row per listener that stands in a free slot's place. A port that some slot in use declares too is not stray. */
export const freeSlotListeners = (index: SlotIndex): readonly Service[] => {
  const ranges = rangesOf(index);
  const declaredPorts = new Set(index.services.map(service => service.port));
  return [...index.look.listeners.keys()]
    .filter(port => !declaredPorts.has(port))
    .toSorted((a, b) => a - b)
    .flatMap(port =>
      ranges.flatMap(range => {
        const slot = owningSlot(port, range.base, range.stride, range.maxSlots);
        const stray = slot === null || range.taken.has(slot) ? null : strayOn(index, range, slot, port);
        return stray === null ? [] : [stray];
      }),
    );
};
