// What people asked for between two rounds, granted. Pure.
import {when} from '../core/domain/when.ts';
import {type LoopMemory, type LoopStep, said} from './loop-effects.ts';
import {forgottenBy, type Wish} from './loop-parts.ts';
import {forgotten, goneOn, resumed} from './memory.ts';

type Grantable = Exclude<Wish, 'stop' | 'look'>;

const grant = (memory: LoopMemory, wish: Grantable): LoopStep => {
  const {state} = memory;
  const ref = forgottenBy(wish);
  if (ref !== null) {
    return {
      memory: {...memory, state: forgotten(state, ref)},
      effects: [said(`forgotten: ${ref} is not brought back until it is seen up again`, ref)],
    };
  }
  switch (wish) {
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

/** All wishes of a rest, in their order; then it looks again, or ends. */
export const grantAll = (memory: LoopMemory, wishes: readonly Wish[]): LoopStep => {
  const stops = wishes.includes('stop');
  // What was asked for together with a stop holds for the next one; a configuration is read by that one anyway.
  const granted = wishes.filter((wish): wish is Grantable => wish !== 'look' && wish !== 'stop' && !(stops && wish === 'reload'));
  const {memory: after, effects} = granted.reduce<LoopStep>(
    (step, wish) => {
      const next = grant(step.memory, wish);
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
        wishes.some(wish => wish !== 'look'),
        {do: 'read-lock', asked: 'wishes'} as const,
      ),
      stops ? {do: 'end', end: 'stopped'} : {do: 'look'},
    ],
  };
};
