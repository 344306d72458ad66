// What a click and the wheel do: choose a panel and a row, move. They never open a plan and never answer one.
import {focusPanel, goTo, touch} from '../../store/changes.ts';
import {topOverlay} from '../../store/state.ts';
import type {KeyName} from '../key-events.ts';
import {type MouseReport, pointAt} from '../mouse.ts';
import type {ScreenContext} from '../screen-context.ts';

const WHEEL_ROWS = 3;

export const point = (context: ScreenContext, report: MouseReport, press: (keys: readonly KeyName[]) => void): void => {
  const {store} = context;
  if (report.kind !== 'click') {
    press(Array.from({length: WHEEL_ROWS}, () => (report.kind === 'wheel-up' ? 'Up' : 'Down')));
    return;
  }
  const pointed = topOverlay(store.getState()) === null ? pointAt(report, context.layout(), context.onScreen) : null;
  if (pointed !== null) {
    const {panel, row} = pointed;
    store.change(row === null ? focusPanel(panel) : goTo(row.panel, row.key));
    store.change(touch);
    context.loop.wake();
  }
};
