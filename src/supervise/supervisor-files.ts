// Files of one supervisor: one per user and configuration. Pure.
import {createHash} from 'node:crypto';

export interface SupervisePlaces {
  readonly lock: string;
  /** Shared by the supervisors of all configurations: only one of them acts at a time. */
  readonly acting: string;
  readonly record: string;
  /** Requests of a person, each a file of its own: it is left here, and a signal says so. */
  readonly requests: string;
}

/** `configFiles` are absolute. Without any the names are plain, so that there is one supervisor for the defaults. */
export const supervisePlaces = (stateDirectory: string, configFiles: readonly string[]): SupervisePlaces => {
  const suffix = configFiles.length === 0 ? '' : `-${createHash('sha256').update(configFiles.join('\0')).digest('hex').slice(0, 8)}`;
  const base = `${stateDirectory}/supervise${suffix}`;
  return {lock: `${base}.lock`, acting: `${stateDirectory}/supervise.acting`, record: `${base}.json`, requests: `${base}.request`};
};
