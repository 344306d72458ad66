// Who a session or process is by the word of a source, with the evidence. Records, pure.
import type {Evidence, Rig, Role} from '../../domain/agent.ts';
import type {Process} from '../../domain/process.ts';

/** Made of facts that a source holds against its own records. A name alone never claims. */
export interface Claim {
  /** Name of the workspace, and the path that tells it from others of that name. */
  readonly town: string;
  readonly home: string;
  /** Null where only the workspace is told. */
  readonly rig: Rig | null;
  /** Null where the evidence names a rig or a workspace, but no agent. */
  readonly role: Role | null;
  readonly name: string | null;
  readonly agentRef: string | null;
  readonly evidence: readonly Evidence[];
}

/** The words of a process that tell whose it is. */
export type ClaimedProcess = Pick<Process, 'pid' | 'comm' | 'argv' | 'cwd' | 'cwdRemade' | 'env'>;

/** Asks one source after another whose a process is; the first that knows it is believed. */
export const firstClaim =
  (sources: readonly ((process: ClaimedProcess) => Claim | null)[]) =>
  (process: ClaimedProcess): Claim | null => {
    for (const claimOf of sources) {
      const claim = claimOf(process);
      if (claim !== null) {
        return claim;
      }
    }
    return null;
  };
