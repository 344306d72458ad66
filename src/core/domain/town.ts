// A Gas Town workspace as its files tell it (facts as read, no verdicts). Pure records.
import type {Known} from './known.ts';

export interface TownRig {
  readonly name: string;
  /** Beads prefix without its trailing dash; `gt` when the registry names none. */
  readonly prefix: string;
  /** Directory of the rig inside the town; it may not exist. */
  readonly path: string;
  readonly exists: boolean;
  /** Worker directories found: role and name with the agent's working directory. */
  readonly workers: readonly TownWorker[];
}

export interface TownWorker {
  readonly role: 'witness' | 'refinery' | 'crew' | 'polecat' | 'mayor' | 'deacon' | 'boot' | 'dog';
  readonly name: string;
  readonly path: string;
}

export interface Town {
  readonly name: string;
  /** Root as found (not resolved) and as resolved by realpath: the socket name depends on both. */
  readonly path: string;
  readonly realPath: string;
  /** Socket name that the town's own tools compute. */
  readonly socketName: string;
  /** Unknown when the registry could not be read: then no session can be told to be nobody's. */
  readonly rigs: Known<readonly TownRig[]>;
  readonly workers: readonly TownWorker[];
}
