// The panels as components: each reads only what it shows, draws it with a pure function and remembers where its list stood.
import {memo, useEffect, useRef, useState} from 'react';
import type {ShownExplanation} from '../store/explain-row.ts';
import type {ListPanel, PanelId} from '../store/rows.ts';
import type {ScreenStore} from '../store/store.ts';
import type {Rect} from './boxes.ts';
import type {ShownRows} from './mouse.ts';
import {drawListPanel, FRESH, type ListMemory} from './panels/list-panel.ts';
import {drawExplainPanel, drawJournalPanel, type KeysOf} from './panels/text-panels.ts';
import {DrawnView} from './screen-lines.tsx';
import type {Theme} from './theme.ts';
import {useShown} from './use-shown.ts';

interface PanelProps {
  readonly store: ScreenStore;
  readonly theme: Theme;
  readonly rect: Rect;
  /** Without borders, where there is no room for them. */
  readonly bare: boolean;
  /** How the keys of actions are written. */
  readonly keysOf: KeysOf;
  /** Written with every frame, read when something is pointed at. */
  readonly onScreen: Map<ListPanel, ShownRows>;
}

const ListView = memo(({store, theme, rect, bare, panel, onScreen, keysOf}: PanelProps & {readonly panel: ListPanel}) => {
  const memory = useRef<ListMemory>(FRESH);
  const shown = useShown(store, state => ({
    rows: state.visible[panel],
    all: state.view[panel],
    header: state.view.header,
    selected: state.selected[panel],
    focused: state.focus === panel,
    current: state.subjectPanel === panel,
    filter: state.filter,
    marks: state.marks,
    problemsOnly: state.problemsOnly,
    sorting: state.sorting[panel],
    looked: state.assessment !== null,
    demoCommand: state.demoCommand,
    scroll: state.listScroll[panel] ?? null,
  }));
  const drawn = drawListPanel(shown, panel, {rect, theme, memory: memory.current, bare, keysOf});
  memory.current = drawn.memory;
  onScreen.set(panel, drawn.shown);
  return <DrawnView rect={rect} drawn={drawn.drawn} />;
});
ListView.displayName = 'ListView';

/** While rows are being run through, the text that explains them would only flicker past. */
const REST_MS = 80;

/** The explanation of a selection that has come to rest; a change of what is explained shows at once. */
const useRested = (explanation: ShownExplanation | null): ShownExplanation | null => {
  const [rested, setRested] = useState(explanation);
  const same = rested?.ref === explanation?.ref;
  useEffect(() => {
    if (same) {
      setRested(explanation);
      return;
    }
    const timer = setTimeout(() => setRested(explanation), REST_MS);
    return () => clearTimeout(timer);
  }, [explanation, same]);
  return same ? explanation : rested;
};

const ExplainView = memo(({store, theme, rect, bare, keysOf}: PanelProps) => {
  const shown = useShown(store, ({explanation, explainScroll, focus}) => ({explanation, explainScroll, focus}));
  const explanation = useRested(shown.explanation);
  return <DrawnView rect={rect} drawn={drawExplainPanel({...shown, explanation}, {rect, theme, bare, keysOf})} />;
});
ExplainView.displayName = 'ExplainView';

const JournalView = memo(({store, theme, rect, bare}: PanelProps) => {
  const shown = useShown(store, ({journal, journalScroll, focus}) => ({journal, journalScroll, focus}));
  return <DrawnView rect={rect} drawn={drawJournalPanel(shown, {rect, theme, bare})} />;
});
JournalView.displayName = 'JournalView';

export const PanelView = ({panel, ...props}: PanelProps & {readonly panel: PanelId}) => {
  switch (panel) {
    case 'explain':
      return <ExplainView {...props} />;
    case 'journal':
      return <JournalView {...props} />;
    default:
      return <ListView panel={panel} {...props} />;
  }
};
