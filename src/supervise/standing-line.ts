// What a supervisor says of itself to whoever started it in a terminal: what it watches, at once, and how it stands after each look. Pure.
import {clockTime, duration} from '../words/ages.ts';
import {firstOf} from '../words/counts.ts';
import type {KeptThing} from './kept-things.ts';
import type {LoopState} from './loop-state.ts';
import type {Policy} from './memory.ts';

/** Said before the first look. */
export const describeLoopConfig = ({keep, cleanup, intervalMs}: Policy, mode: 'observe' | 'act'): string => {
  const verb = mode === 'act' ? 'acts' : 'observes only';
  const kept = keep.length === 0 ? 'keeps nothing' : `keeps ${keep.join(', ')}`;
  const cleaned = cleanup === null ? 'cleans up nothing' : `cleans up ${cleanup.kinds.join(', ')}`;
  return `looks every ${duration(intervalMs)}, ${verb}, ${kept}, ${cleaned}; ^C ends it and touches nothing`;
};

/** One line after each look, with the local time: `10:00:30  looked: 12 of 13 kept are up; down: slot:search/1/web; next look in 30 s`. */
export const describeStanding = (
  kept: readonly KeptThing[],
  {halted}: Pick<LoopState, 'halted'>,
  at: number,
  {intervalMs}: Pick<Policy, 'intervalMs'>,
): string => {
  const down = kept.filter(({state}) => state === 'down').map(({ref}) => ref);
  const up = kept.filter(({state}) => state === 'up').length;
  const parts = [
    kept.length === 0 ? 'looked: nothing that is kept is there' : `looked: ${up} of ${kept.length} kept are up`,
    ...(down.length === 0 ? [] : [`down: ${firstOf(down, 1)}`]),
    ...(halted === null ? [] : ['HALTED: rigtop supervise resume']),
    `next look in ${duration(intervalMs)}`,
  ];
  return `${clockTime(at, at)}  ${parts.join('; ')}`;
};
