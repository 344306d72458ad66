// Reads now and then what the supervisor beside the screen is at: one small file, less often than the fleet is looked at.
import {attend} from './actions/supervisor-actions.ts';
import type {ScreenContext} from './screen-context.ts';

const EVERY_MS = 3000;

/** Watch until the screen ends. */
export const watchSupervisor = (context: ScreenContext): void => {
  const turn = (): void => {
    void attend(context).then(() => context.later(EVERY_MS, turn));
  };
  turn();
};
