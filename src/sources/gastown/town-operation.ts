// Whether a rig of a town may run and be restarted, from its local files and the freeze sentinels. Pure.

import type {Town, TownRig} from '../../core/domain/town.ts';
import {when} from '../../core/domain/when.ts';

export interface RigOperationVerdict {
  /** Null when it cannot be known. */
  readonly operational: boolean | null;
  readonly because: string | null;
}

/**
 * Not operational: no directory, an emergency stop, parked or docked, automatic restarts switched off or blocked. A blocked key
 * reads as unset, whatever value stands beside it. The synchronised state of a rig is in a database that is not read.
 */
export const operationOf = (town: Town, rig: TownRig): RigOperationVerdict => {
  if (!rig.exists) {
    return {operational: false, because: 'its directory does not exist'};
  }
  for (const estop of [town.records.estop, rig.estop]) {
    if (estop.known && estop.value !== null) {
      return {operational: false, because: `emergency stop: ${estop.value.reason || estop.value.trigger}`};
    }
  }
  if (!rig.operation.known) {
    return {operational: null, because: rig.operation.because};
  }
  const {status = null, autoRestart = null, blocked = []} = rig.operation.value ?? {};
  const isBarred = blocked.includes('auto_restart');
  const reasons = [
    ...((status === 'parked' || status === 'docked') && !blocked.includes('status') ? [status] : []),
    ...(isBarred ? ['automatic restarts are blocked'] : when(autoRestart === false, 'automatic restarts are off')),
  ];
  const unread = [town.records.estop, rig.estop].find(estop => !estop.known);
  if (reasons.length === 0 && unread?.known === false) {
    return {operational: null, because: unread.because};
  }
  return reasons.length === 0 ? {operational: true, because: null} : {operational: false, because: reasons.join(', ')};
};
