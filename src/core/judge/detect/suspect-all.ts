// Asks every detector, so that one which breaks over what it saw is a blind spot, and not the end of the look. Pure.
import {oneLine} from '../../domain/command-line.ts';
import type {Suspicion} from '../../domain/finding.ts';
import type {SourceStatus} from '../../domain/known.ts';
import {blindSpot} from './blind-spot.ts';
import type {Detector, World} from './detector.ts';
import {listingReparented} from './reparented.ts';

const reasonOf = (error: unknown): string => oneLine(error instanceof Error ? error.message : String(error)).slice(0, 200);

const broken = (detector: Detector, error: unknown): SourceStatus => ({
  source: 'rigtop',
  target: detector.kind,
  state: 'unknown',
  detail: `a fault of rigtop itself, its detector of ${detector.kind} broke: ${reasonOf(error)}`,
  tookMs: 0,
});

/**
 * What these detectors suspect, with a pause after each suspicion and each detector. Whatever one of them would have said is unknown when it throws: the world that comes back has a source
 * more for it. Blind spots are looked for last, to be seen among them.
 */
export const suspecting = function* (
  world: World,
  detectors: readonly Detector[],
): Generator<void, {readonly world: World; readonly suspicions: readonly Suspicion[]}> {
  const told: (readonly Suspicion[])[] = [];
  const faults: SourceStatus[] = [];
  try {
    yield* listingReparented(world);
  } catch {
    // The detectors that ask for it break over it, each for itself.
  }
  for (const detector of detectors.filter(each => each !== blindSpot)) {
    try {
      const suspicions: Suspicion[] = [];
      for (const suspicion of detector.detect(world)) {
        suspicions.push(suspicion);
        yield;
      }
      told.push(suspicions);
    } catch (error) {
      faults.push(broken(detector, error));
    }
    yield;
  }
  const after = faults.length === 0 ? world : {...world, snapshot: {...world.snapshot, sources: [...world.snapshot.sources, ...faults]}};
  return {world: after, suspicions: [...told.flat(), ...(detectors.includes(blindSpot) ? blindSpot.detect(after) : [])]};
};
