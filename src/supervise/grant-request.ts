// What people asked for between two rounds, granted. Pure.
import {when} from '../core/domain/when.ts';
import {type LoopMemory, type LoopStep, said} from './loop-effects.ts';
import {type ControlRequest, forgottenBy} from './loop-parts.ts';
import {forgotten, goneOn, resumed} from './memory.ts';

type Grantable = Exclude<ControlRequest, 'stop' | 'look'>;

const grant = (memory: LoopMemory, controlRequest: Grantable): LoopStep => {
  const {state} = memory;
  const ref = forgottenBy(controlRequest);
  if (ref !== null) {
    return {
      memory: {...memory, state: forgotten(state, ref)},
      effects: [said(`forgotten: ${ref} is not brought back until it is seen up again`, ref)],
    };
  }
  switch (controlRequest) {
    case 'resume':
      return {
        memory: {...memory, state: resumed(state), paused: false},
        effects: [said('resumed: halts, pauses and crash loops are lifted')],
      };
    case 'go-on':
      return {
        memory: {...memory, state: goneOn(state), paused: false},
        effects: [said(`goes on: pauses and crash loops are lifted${state.halted === null ? '' : ', its halt is not'}`)],
      };
    case 'pause':
      return {memory: {...memory, paused: true}, effects: [said('paused: looks go on, nothing is done')]};
    case 'reload':
      return {memory, effects: [{do: 'reload'}]};
    default:
      return {memory, effects: []};
  }
};

/** All control requests of a pause, in their order; then it looks again, or ends. */
export const grantAll = (memory: LoopMemory, controlRequests: readonly ControlRequest[]): LoopStep => {
  const stops = controlRequests.includes('stop');
  // What was asked for together with a stop holds for the next one; a configuration is read by that one anyway.
  const granted = controlRequests.filter(
    (controlRequest): controlRequest is Grantable =>
      controlRequest !== 'look' && controlRequest !== 'stop' && !(stops && controlRequest === 'reload'),
  );
  const {memory: after, effects} = granted.reduce<LoopStep>(
    (step, controlRequest) => {
      const next = grant(step.memory, controlRequest);
      return {memory: next.memory, effects: [...step.effects, ...next.effects]};
    },
    {memory, effects: []},
  );
  return {
    memory: after,
    effects: [
      ...effects,
      ...when(stops, said('stopped')),
      ...when(
        controlRequests.some(controlRequest => controlRequest !== 'look'),
        {do: 'read-lock', asked: 'requests'} as const,
      ),
      stops ? {do: 'end', end: 'stopped'} : {do: 'look'},
    ],
  };
};
