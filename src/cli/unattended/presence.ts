// Whether a supervisor is there: running, running without looking, or dead without having said so.
import {isHolderAlive} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {type LockHolder, readLockHolder} from '../../core/os/lock-file.ts';
import {readOwn} from '../../core/os/state-files.ts';
import {isStalled, parseRecord, type SuperviseRecord} from '../../supervise/record.ts';
import type {SupervisePlaces} from '../../supervise/supervisor-files.ts';

export type Presence =
  | {
      readonly state: 'runs';
      readonly record: SuperviseRecord;
      /** It has not looked for longer than any round takes: it hangs, or was stopped by a signal. */
      readonly stalled: boolean;
    }
  /** Its lock is still there and it is not: killed, crashed, or the machine went down with it. */
  | {readonly state: 'died'; readonly holder: LockHolder; readonly record: SuperviseRecord | null}
  /** None, or the last one ended in order. */
  | {readonly state: 'absent'; readonly record: SuperviseRecord | null};

/** Null when there is none or it cannot be read: nothing is remembered then. */
export const readRecord = async (path: string): Promise<SuperviseRecord | null> => {
  const read = await readOwn(path);
  return read.state === 'ok' ? parseRecord(read.value) : null;
};

export const readPresence = async (host: Host, places: SupervisePlaces): Promise<Presence> => {
  const record = await readRecord(places.record);
  if (record !== null && isHolderAlive(record, host.bootId)) {
    return {state: 'runs', record, stalled: isStalled(record, host.epochMs())};
  }
  const holder = await readLockHolder(places.lock);
  return holder === null || isHolderAlive(holder, host.bootId) ? {state: 'absent', record} : {state: 'died', holder, record};
};
