// The whole screen: header, panels, message line, hints, and what lies on top. The only place that reads keys.
import {Box, useApp, useInput, usePaste, useWindowSize} from 'ink';
import {memo, useEffect, useMemo} from 'react';
import {useStore} from 'zustand';
import {hiddenMarks} from '../store/changes.ts';
import {LIST_PANELS, PANELS} from '../store/rows.ts';
import {topOverlay} from '../store/state.ts';
import {hintsOf, keyWords} from './actions/overlay-content.ts';
import {paste} from './dispatch.ts';

import {decodeKeys, type KeyName} from './key-events.ts';
import {arrange, isBare, type Layout, lessonRows, shapeOf} from './layout.ts';
import {OverlayView} from './overlay-view.tsx';
import {PanelView} from './panel-view.tsx';
import {filterLine, headerLine, hintsLine, messageLines, paintBar, sizeLine, tabsLine} from './panels/bars.ts';
import {lessonLine} from './panels/lesson-bar.ts';
import {stripLine} from './panels/strips.ts';
import type {ScreenContext} from './screen-context.ts';
import {Lines} from './screen-lines.tsx';
import type {Theme} from './theme.ts';
import {useShown} from './use-shown.ts';

export interface AppProps {
  readonly context: ScreenContext;
  readonly theme: Theme;
  readonly onKeys: (keys: readonly KeyName[]) => void;
  /** Called with Ink's way to hand the terminal over, once it is known. */
  readonly onReady: (suspend: (run: () => void | Promise<void>) => Promise<unknown>) => void;
}

interface BarProps {
  readonly context: ScreenContext;
  readonly theme: Theme;
  readonly layout: Layout;
}

const Header = memo(({context, theme, layout}: BarProps) => {
  const state = useShown(context.store, ({view, assessment, paused, lateSeconds, refreshFailure, readOnly}) => ({
    view,
    looked: assessment !== null,
    paused,
    lateSeconds,
    refreshFailure,
    readOnly,
  }));
  const tabs = useStore(context.store, ({focus}) => focus);
  if (layout.header === null) {
    return null;
  }
  const line = layout.kind === 'list' ? sizeLine(layout, state) : headerLine(state, layout.columns);
  return (
    <>
      <Lines rect={layout.header} lines={[paintBar(theme, line, layout.columns)]} />
      {layout.tabs === null ? null : <Lines rect={layout.tabs} lines={[paintBar(theme, tabsLine(tabs, layout.columns), layout.columns)]} />}
    </>
  );
});
Header.displayName = 'Header';

const Messages = memo(({context, theme, layout}: BarProps) => {
  const {store} = context;
  const state = useShown(store, ({toasts, filter, problemsOnly, marks, view, refreshFailure, paused, overlays, visible}) => ({
    toasts,
    filter,
    problemsOnly,
    marks,
    view,
    refreshFailure,
    paused,
    overlays,
    visible,
  }));
  if (layout.toast === null) {
    return null;
  }
  const typing = state.overlays.at(-1)?.kind === 'filter';
  const lines = typing ? [filterLine(state.filter, layout.columns)] : messageLines(state, hiddenMarks(store.getState()), layout.columns);
  const {top, ...place} = layout.toast;
  // What is long stands over the end of the panels for as long as it is said.
  const rect = {...place, top: top - lines.length + 1, height: lines.length};
  return <Lines rect={rect} lines={lines.map(line => paintBar(theme, line, layout.columns))} />;
});
Messages.displayName = 'Messages';

const Hints = memo(({context, theme, layout}: BarProps) => {
  // Which lists have any row, and whether anything lies on them: nothing else in the state changes what is said.
  useStore(
    context.store,
    ({view, assessment, overlays}) =>
      `${assessment === null} ${overlays.length === 0} ${LIST_PANELS.filter(panel => view[panel].length > 0).join()}`,
  );
  const text = paintBar(theme, hintsLine(hintsOf(context), layout.columns), layout.columns);
  return layout.footer === null ? null : <Lines rect={layout.footer} lines={[text]} />;
});
Hints.displayName = 'Hints';

const Strips = memo(({context, theme, layout}: BarProps) => {
  const state = useShown(context.store, ({view, visible, journal}) => ({view, visible, journal}));
  return layout.strips.map(({rect, panels}) => (
    <Lines key={rect.top} rect={rect} lines={[paintBar(theme, stripLine(state, panels, rect.width, theme.glyphs), rect.width)]} />
  ));
});
Strips.displayName = 'Strips';

/** The lesson of a demo, below everything else. */
const LessonBar = memo(({context, theme, layout}: BarProps) => {
  const text = useStore(context.store, state => paintBar(theme, lessonLine(state, context.keymap, layout.columns), layout.columns));
  return <Lines rect={{left: 0, top: layout.rows, width: layout.columns, height: 1}} lines={[text]} />;
});
LessonBar.displayName = 'LessonBar';

export const App = ({context, theme, onKeys, onReady}: AppProps) => {
  const {columns, rows} = useWindowSize();
  const {focus, zoomed, ...content} = useShown(context.store, state => {
    const {content: lines, ...rest} = shapeOf(state, columns);
    return {...rest, ...lines};
  });
  const {suspendTerminal} = useApp();
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  useInput((input, key) => onKeys(decodeKeys(input, key)));
  usePaste(text => paste(context, text));
  const {rigs, ports, agents, orphans, explain, journal} = content;
  const below = useStore(context.store, state => lessonRows(columns, rows, state));
  const layout = useMemo(
    () => arrange(columns, rows - below, {focus, zoomed, content: {rigs, ports, agents, orphans, explain, journal}}),
    [columns, rows, below, focus, zoomed, rigs, ports, agents, orphans, explain, journal],
  );
  const keysOf = useMemo(() => keyWords(context), [context]);
  const covered = useStore(
    context.store,
    state => layout.kind === 'list' && topOverlay(state) !== null && topOverlay(state)?.kind !== 'filter',
  );
  return (
    <Box width={layout.columns} height={layout.rows + below}>
      <Header context={context} theme={theme} layout={layout} />
      {covered
        ? null
        : PANELS.map(panel => {
            const rect = layout.panels[panel];
            return rect === undefined ? null : (
              <PanelView
                key={panel}
                panel={panel}
                rect={rect}
                store={context.store}
                theme={theme}
                bare={isBare(layout)}
                onScreen={context.onScreen}
                keysOf={keysOf}
              />
            );
          })}
      <Strips context={context} theme={theme} layout={layout} />
      <Messages context={context} theme={theme} layout={layout} />
      <Hints context={context} theme={theme} layout={layout} />
      <OverlayView context={context} theme={theme} layout={layout} />
      {below === 0 ? null : <LessonBar context={context} theme={theme} layout={layout} />}
    </Box>
  );
};
