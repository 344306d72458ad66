// Agent identity locks with their verdict. Pure records.

export type LockState = 'held' | 'stale' | 'orphaned' | 'collision' | 'invalid' | 'unknown';

export interface AgentLock {
  readonly path: string;
  readonly agent: string | null;
  readonly pid: number | null;
  readonly session: string | null;
  readonly host: string | null;
  /** Milliseconds since the epoch, or null when the file does not say. */
  readonly acquiredAt: number | null;
  readonly state: LockState;
  readonly because: string;
  /** SHA-256 of the content: identity of the lock together with its path. */
  readonly digest: string;
}
