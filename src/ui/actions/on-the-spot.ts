// What keys do to a row of another machine: rigtop over there does it, on this terminal, with its own plan, question, journal and rules. Only a reference is sent.

import type {Spot} from '../../core/domain/machine.ts';
import {parseReference} from '../../core/domain/reference.ts';
import {shellCommand} from '../../core/domain/shell-word.ts';
import {visible} from '../../core/domain/visible.ts';
import {type ScreenState, selectedRow} from '../../store/state.ts';
import {allOf} from '../../words/counts.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';

const LONGEST_REFERENCE = 4096;

/** Why a reference that another machine made up is not sent back to it; null when it is. */
export const referenceTrouble = (ref: string): string | null => {
  if (ref === '') {
    return 'choose a single thing: there is no reference to this';
  }
  const isOne = !ref.startsWith('-') && ref.length <= LONGEST_REFERENCE && visible(ref) === ref && parseReference(ref) !== null;
  return isOne ? null : 'what it calls this is no reference that may be sent back';
};

export const READ_ONLY = 'read-only: this rigtop was started without hands';

const markedRefs = ({marks}: ScreenState): readonly string[] => [...new Set([...marks.values()].map(mark => mark.ref))];

/** What a stop is about: the marks where there are any, else the selected row. */
export const chosenRefs = (state: ScreenState): readonly string[] => {
  const row = selectedRow(state);
  if (state.marks.size > 0) {
    return markedRefs(state);
  }
  return row === null ? [] : [row.ref];
};

/** The machine of what is chosen, the marks or else the row: null for this one, `several` where they are on more than one. */
export const machineOfChoice = (state: ScreenState): string | null | {readonly several: readonly string[]} => {
  const row = selectedRow(state);
  const names = [...new Set(state.marks.size > 0 ? [...state.marks.values()].map(mark => mark.machine ?? null) : [row?.machine ?? null])];
  return names.length > 1 ? {several: names.map(name => name ?? 'here')} : (names[0] ?? null);
};

/** The way there for these words; or why there is none. */
const spotOf = ({fleet}: ScreenContext, name: string, words: readonly string[]): Spot | {readonly because: string} =>
  fleet?.machine(name)?.spot(words) ?? {because: `${name} is not there any more`};

/** Why these words cannot be said there; null when they can. */
export const spotTrouble = (context: ScreenContext, name: string, words: readonly string[], refs: readonly string[]): string | null => {
  const trouble = refs.map(referenceTrouble).find(each => each !== null) ?? null;
  if (trouble !== null) {
    return trouble;
  }
  if (context.runThere === null) {
    return 'not available in this screen';
  }
  const spot = spotOf(context, name, words);
  return 'because' in spot ? spot.because : null;
};

/** Hand the terminal over to rigtop there; the table comes back afterwards. */
export const doThere = async (context: ScreenContext, name: string, words: readonly string[]): Promise<void> => {
  const spot = spotOf(context, name, words);
  if ('because' in spot) {
    context.say(spot.because, 'error');
    return;
  }
  let trouble: string | null = null;
  await context.handOver(() => {
    trouble = context.runThere?.(spot, name, {isRead: words[0] === 'attach'}) ?? null;
  });
  if (trouble !== null) {
    context.say(trouble, 'error');
  }
};

const wordsFor = (state: ScreenState): {readonly words: readonly string[]; readonly refs: readonly string[]} => {
  const row = selectedRow(state);
  if (state.marks.size > 0) {
    return {words: ['kill', '--'], refs: markedRefs(state)};
  }
  return {words: row?.session == null ? ['explain', '--'] : ['attach', '--read-only', '--'], refs: [row?.ref ?? '']};
};

/** What is chosen as a command for a shell here: stopping the marked, attaching read-only, or explaining; null where it cannot be pasted. */
export const commandThere = (context: ScreenContext): string | null => {
  const state = context.store.getState();
  const machine = machineOfChoice(state);
  const {words, refs} = wordsFor(state);
  if (typeof machine !== 'string' || refs.some(ref => referenceTrouble(ref) !== null)) {
    return null;
  }
  const spot = spotOf(context, machine, [...words, ...refs]);
  return 'because' in spot ? null : shellCommand([spot.file, ...spot.args]);
};

/** What rigtop is told there, with the references in it; or why there is nothing to tell it. */
export type Told = {readonly words: readonly string[]; readonly refs: readonly string[]} | {readonly because: string};

/** A binding that acts here, or on the spot where what is chosen is on another machine. */
export const hereOrThere = (
  here: {readonly reason: (context: ScreenContext) => string | null; readonly run: (context: ScreenContext) => void},
  there: (state: ScreenState) => Told,
): Pick<Binding, 'run'> & {readonly disabledReason: (context: ScreenContext) => string | null} => ({
  disabledReason: context => {
    const state = context.store.getState();
    const machine = machineOfChoice(state);
    if (machine === null) {
      return here.reason(context);
    }
    if (context.perform === null) {
      return READ_ONLY;
    }
    if (typeof machine !== 'string') {
      return `marks are on ${allOf(machine.several)}: one machine at a time`;
    }
    const told = there(state);
    return 'because' in told ? told.because : spotTrouble(context, machine, [...told.words, ...told.refs], told.refs);
  },
  run: context => {
    const state = context.store.getState();
    const machine = machineOfChoice(state);
    const told = typeof machine === 'string' ? there(state) : null;
    if (machine === null) {
      here.run(context);
    } else if (typeof machine === 'string' && told !== null && !('because' in told)) {
      void doThere(context, machine, [...told.words, ...told.refs]);
    }
  },
});
