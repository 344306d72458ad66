// What a look is worth telling people: a mass death, and findings that are new. Pure.
import {when} from '../core/domain/when.ts';
import {DEATHS, isBlind, sureOnes} from './kept.ts';
import {type LoopEffect, type LoopMemory, type LoopStep, type RoundInHand, said} from './loop-effects.ts';

/** Of a hundred findings at once a person reads the first ones. */
const ANNOUNCED = 10;

const massDeath = ({mode, state}: LoopMemory, {assessment, freshlyHalted}: RoundInHand): readonly LoopEffect[] => {
  if (!freshlyHalted || state.halted === null) {
    return [];
  }
  const deaths = Math.max(state.deaths.length, sureOnes(assessment).filter(({kind}) => DEATHS.has(kind)).length);
  return [
    said(`mass death: ${state.halted.because}. Nothing is done until \`rigtop supervise resume\``),
    {do: 'ring'},
    ...when(mode === 'act', {do: 'alarm', assessment, deaths} as const),
  ];
};

/** The notes of a look, and what people have been told of from now on. */
export const announce = (memory: LoopMemory, round: RoundInHand): LoopStep => {
  const {assessment} = round;
  const {announced} = memory;
  const weighty = sureOnes(assessment).filter(({severity}) => severity !== 'low');
  const fresh = weighty.filter(({id}) => !announced.has(id));
  // What was only in doubt or out of sight for a look is no news when it is seen again.
  const present = new Set(assessment.findings.map(({id}) => id));
  const still = isBlind(assessment) ? [...announced] : [...announced].filter(id => present.has(id));
  return {
    memory: {...memory, announced: new Set([...still, ...weighty.map(({id}) => id)])},
    effects: [
      ...massDeath(memory, round),
      ...fresh.slice(0, ANNOUNCED).map(({kind, title, subject}) => said(`${kind}: ${title}`, subject)),
      ...when(fresh.length > ANNOUNCED, said(`and ${fresh.length - ANNOUNCED} more findings: rigtop status`)),
    ],
  };
};
