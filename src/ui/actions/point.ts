// What a click and the wheel do: choose a panel, a row, an order; press what the footer and a dialog offer; turn what is under the pointer.
import {focusPanel, goTo, isListPanel, scrollList, scrollText, sortBy, touch} from '../../store/changes.ts';
import {LIST_PANELS, type ListPanel, type PanelId} from '../../store/rows.ts';
import {topOverlay} from '../../store/state.ts';
import {planKeysAt} from '../dialogs/plan-dialog.ts';
import {isReading} from '../dialogs/reading-dialog.ts';
import {type Line, type Spot, spotAt} from '../format.ts';
import type {KeyName} from '../key-events.ts';
import {type MouseReport, pointAt} from '../mouse.ts';
import {hintsLine, tabsLine} from '../panels/bars.ts';
import {stripLine} from '../panels/strips.ts';
import type {ScreenContext} from '../screen-context.ts';
import {hintsOf, readingOf} from './overlay-content.ts';
import {planMoment, planOnTop} from './plan-reading.ts';

const WHEEL_LINES = 3;

type Press = (keys: readonly KeyName[]) => void;
type Place = Pick<MouseReport, 'column' | 'row'>;

/** What stands in a line of the panels’ screen under a pointer: tabs, footer, a panel that is only a line, the head of a table. */
const barSpot = (context: ScreenContext, {column, row}: Place): Spot | null => {
  const layout = context.layout();
  const state = context.store.getState();
  const lines: readonly (readonly [number | undefined, () => Line])[] = [
    [layout.tabs?.top, () => tabsLine(state.focus, layout.columns)],
    [layout.footer?.top, () => hintsLine(hintsOf(context), layout.columns)],
    // As wide in every theme, whatever its border is drawn with.
    ...layout.strips.map(({rect, panels}) => [rect.top, () => stripLine(state, panels, rect.width, {horizontal: '-'})] as const),
  ];
  const line = lines.find(([top]) => top === row)?.[1]();
  return line === undefined ? null : spotAt(line, column);
};

const headUnder = (context: ScreenContext, {column, row}: Place): {readonly panel: ListPanel; readonly spot: Spot} | null => {
  const layout = context.layout();
  for (const panel of LIST_PANELS) {
    const head = context.onScreen.get(panel)?.head ?? null;
    const spot = head === null || head.row !== row || layout.panels[panel] === undefined ? null : spotAt(head.line, column - head.left);
    if (spot !== null) {
      return {panel, spot};
    }
  }
  return null;
};

/** Buttons of a dialog are its keys, with all that holds for those; carrying a plan out is the keyboard’s alone. */
const dialogKey = (context: ScreenContext, {column, row}: Place): KeyName | null => {
  const top = topOverlay(context.store.getState());
  const plan = planOnTop(context);
  if (plan !== null) {
    const keys = planKeysAt(plan, context.layout(), planMoment(context, plan));
    const spot = keys.row === row ? spotAt(keys.line, column - keys.left) : null;
    return spot !== null && 'press' in spot ? spot.press : null;
  }
  if (top === null || !isReading(top)) {
    return null;
  }
  const {rect} = readingOf(context, top);
  // The lower border, which says so.
  return row === rect.top + rect.height - 1 && column >= rect.left && column < rect.left + rect.width ? 'Esc' : null;
};

const clickPanels = (context: ScreenContext, report: MouseReport, press: Press): void => {
  const {store} = context;
  const spot = barSpot(context, report);
  if (spot !== null && 'press' in spot) {
    press([spot.press]);
    return;
  }
  if (spot !== null && 'panel' in spot) {
    store.change(focusPanel(spot.panel));
    return;
  }
  const head = headUnder(context, report);
  if (head !== null && 'sort' in head.spot) {
    store.change(focusPanel(head.panel));
    store.change(sortBy(head.spot.sort));
    return;
  }
  const pointed = pointAt(report, context.layout(), context.onScreen);
  if (pointed !== null) {
    const {panel, row} = pointed;
    store.change(row === null ? focusPanel(panel) : goTo(row.panel, row.key));
    store.change(touch);
  }
};

/** The panel under the pointer is turned, whichever has the focus; its cursor stays where it is while that is shown. */
const turn = (context: ScreenContext, panel: PanelId, by: number): void => {
  const {store, onScreen} = context;
  if (!isListPanel(panel)) {
    store.change(scrollText(panel, by));
    return;
  }
  const shown = onScreen.get(panel);
  const start = Math.max(0, Math.min(shown?.last ?? 0, (shown?.start ?? 0) + by));
  if (shown !== undefined && start !== shown.start) {
    store.change(scrollList(panel, start, shown.keys.length));
  }
};

const wheel = (context: ScreenContext, report: MouseReport, press: Press): void => {
  const up = report.kind === 'wheel-up';
  if (topOverlay(context.store.getState()) !== null) {
    press(Array.from({length: WHEEL_LINES}, () => (up ? 'Up' : 'Down')));
    return;
  }
  const pointed = pointAt(report, context.layout(), context.onScreen);
  if (pointed !== null) {
    turn(context, pointed.panel, up ? -WHEEL_LINES : WHEEL_LINES);
  }
};

export const point = (context: ScreenContext, report: MouseReport, press: Press): void => {
  if (report.kind !== 'click') {
    wheel(context, report, press);
  } else if (topOverlay(context.store.getState()) === null) {
    clickPanels(context, report, press);
  } else {
    const key = dialogKey(context, report);
    if (key !== null) {
      press([key]);
    }
  }
  context.loop.wake();
};
