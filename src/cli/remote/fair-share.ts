// How much of this program's time one machine may take, whatever it sends: what changes there all the time is judged less often. Pure.
import {HEARTBEAT_MS} from './heartbeat.ts';

/** Of one core: the machine that is looked into, or one of a few. */
const MOST_SHARE = 0.05;
/** All others together. */
const SHARE_OF_OTHERS = 0.25;
/** A machine that is calm says so as often: nothing that is called live is older. */
const LONGEST_REST_MS = HEARTBEAT_MS;

/** The share of one of so many machines on a screen; of the one in front, more. */
export const shareOf = (machines: number, isInFront: boolean): number =>
  isInFront ? MOST_SHARE : Math.min(MOST_SHARE, SHARE_OF_OTHERS / Math.max(1, machines));

/** How long its next lines wait, where dealing with the last ones took so long. Milliseconds. */
export const restBehind = (tookMs: number, share: number): number => Math.min(LONGEST_REST_MS, tookMs / share);
