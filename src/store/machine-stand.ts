// What is known of other machines on this screen. Records and types only.
import type {Assessment} from '../core/domain/fleet.ts';
import type {Machine} from '../core/domain/machine.ts';
import type {FleetView} from './rows.ts';

/** Tells which machines there are, at once and whenever that changes, with lists of them that could not be had. The answer ends it. */
export type FollowMachines = (told: (machines: readonly Machine[], troubles: readonly string[]) => void) => () => void;

/**
 * How a machine stands: `looking` before its first look; `live` while looks come; `lost` when none can be had; `doubted` while what is
 * gone there went together with what is gone elsewhere.
 */
export type Line = 'looking' | 'live' | 'lost' | 'doubted';

export interface MachineStand {
  readonly name: string;
  readonly line: Line;
  /** Why it is lost or doubted, and what would help, in words; empty while it is not. */
  readonly because: string;
  /** Age of its last look in seconds, in steps; null while looks come, and before the first. */
  readonly ageSeconds: number | null;
  /** The rows of its last look that is believed; null before the first. */
  readonly view: FleetView | null;
  /** Its last look, whole; null before the first. */
  world(): Assessment | null;
}
