// The record of a supervisor, and whether who wrote it still runs.

import {isHolderAlive} from '../../core/os/holder.ts';
import type {Host} from '../../core/os/host.ts';
import {parseRecord, type SuperviseRecord} from '../../supervise/record.ts';

/** Null when there is none or it cannot be read: nothing is remembered then. */
export const readRecord = async (host: Host, path: string): Promise<SuperviseRecord | null> => {
  const read = await host.files.readText(path);
  return read.state === 'ok' ? parseRecord(read.value) : null;
};

export const isRunning = (record: SuperviseRecord, bootId: string | null): boolean =>
  isHolderAlive({pid: record.pid, startTime: record.startTime, bootId: record.bootId}, bootId);
