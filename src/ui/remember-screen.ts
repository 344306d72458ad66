// Where the screen stands, handed on a moment after it has changed and once more at its end.
import {type Remembered, rememberedOf, sameRemembered} from '../store/remembered.ts';
import type {ScreenState} from '../store/state.ts';
import type {TuiOptions} from './run-tui.tsx';
import type {ScreenContext} from './screen-context.ts';

/** While somebody moves about, nothing is written. */
const REST_MS = 1000;

/** Resolves, when the answer is called, once the last of it has been handed on. */
export const rememberScreen = (
  {store, later}: Pick<ScreenContext, 'store' | 'later'>,
  {remembered, theme, keep}: NonNullable<TuiOptions['memory']>,
): (() => Promise<void>) => {
  // What was chosen while it ran counts before what it was started with.
  const remembering = (state: ScreenState): Remembered => rememberedOf(state, state.theme ?? theme);
  let kept: Remembered = remembered ?? rememberedOf(store.getState(), null);
  let isWaiting = false;
  const save = async (): Promise<void> => {
    isWaiting = false;
    const now = remembering(store.getState());
    if (!sameRemembered(now, kept)) {
      kept = now;
      await keep(now);
    }
  };
  const stop = store.subscribe(state => {
    if (!isWaiting && !sameRemembered(remembering(state), kept)) {
      isWaiting = true;
      later(REST_MS, () => void save());
    }
  });
  return async () => {
    stop();
    await save();
  };
};
