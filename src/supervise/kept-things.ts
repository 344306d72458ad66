// What is kept, each with its state and the reason where it is not up: what `supervise status` lists. Pure.
import type {Assessment} from '../core/domain/fleet.ts';
import {isKept, seenAlive} from './kept.ts';
import type {LoopState} from './loop-state.ts';
import type {Decision} from './policy.ts';

export interface KeptThing {
  readonly ref: string;
  /** `given-up`: a person stopped or forgot it; `never-up`: it was not seen up in this boot, so its absence is no death. */
  readonly state: 'up' | 'down' | 'given-up' | 'never-up';
  /** Why it is not up and what comes next; empty when it is up. */
  readonly because: string;
}

const reasonOf = (assessment: Assessment, ref: string): string =>
  assessment.services.find(service => service.ref === ref)?.because ??
  assessment.fleet.agents.find(agent => agent.ref === ref)?.because ??
  'its session is not there';

/** Sorted by reference. `decisions` are those of the same look. */
export const keptThings = (
  assessment: Assessment,
  keep: readonly string[],
  state: LoopState,
  decisions: readonly Decision[],
): readonly KeptThing[] => {
  const alive = seenAlive(assessment);
  const refs = [
    ...assessment.services.map(({ref}) => ref),
    ...assessment.fleet.agents.map(({ref}) => ref),
    ...Object.keys(state.seats),
    ...Object.keys(state.given),
    ...state.seenUp,
  ];
  return [...new Set(refs)]
    .filter(ref => isKept(keep, ref))
    .toSorted()
    .map((ref): KeptThing => {
      if (alive.has(ref)) {
        return {ref, state: 'up', because: ''};
      }
      const given = state.given[ref];
      if (given !== undefined) {
        return {ref, state: 'given-up', because: given};
      }
      const decision = decisions.find(each => each.ref === ref);
      const wasUp = state.seats[ref] !== undefined || state.seenUp.includes(ref) || state.dead[ref] !== undefined;
      const [why, next] =
        decision?.kind === 'restart'
          ? [decision.because, '; to be restarted']
          : [reasonOf(assessment, ref), decision === undefined ? '' : `; ${decision.because}`];
      return {ref, state: wasUp || decision !== undefined ? 'down' : 'never-up', because: `${why}${next}`};
    });
};
