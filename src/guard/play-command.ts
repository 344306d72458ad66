// A command of an agent, played over what is known of the machine: who would be ended, what cannot be told, what has to be read first. Pure.
import type {ContainerEnding, Ending, Undecided, Verdicts} from './call.ts';
import type {Caller, Facts, Need} from './facts.ts';
import {playScript} from './shell/run-script.ts';
import {openScope} from './shell/scope.ts';

export interface Played {
  readonly endings: readonly Ending[];
  readonly containers: readonly ContainerEnding[];
  readonly undecided: readonly Undecided[];
  /** Until these are read the rest is no answer. */
  readonly needs: readonly Need[];
}

const MOST_STEPS = 20_000;

/** Whose shell is zsh may be served by programs that run bash all the same: what either would end counts. */
export const playCommand = (command: string, caller: Caller, facts: Facts): Played => {
  const verdicts: Verdicts = {
    endings: new Map(),
    containers: new Map(),
    undecided: new Map(),
    needs: new Map(),
    source: '',
    traps: new Set(),
    steps: MOST_STEPS,
  };
  const scope = openScope(caller);
  const scopes = scope.isZsh ? [scope, {...openScope(caller), isZsh: false}] : [scope];
  for (const each of scopes) {
    verdicts.steps = MOST_STEPS;
    playScript(command, each, {facts, caller, verdicts});
  }
  return {
    endings: [...verdicts.endings.values()],
    containers: [...verdicts.containers.values()],
    undecided: [...verdicts.undecided.values()],
    needs: [...verdicts.needs.values()],
  };
};
