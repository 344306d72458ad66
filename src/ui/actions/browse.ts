// Bindings that only look around: moving, panels, filter, marks, sorting, pause, quit.
import {
  back,
  enterGroup,
  focusNext,
  focusPanel,
  goTo,
  isListPanel,
  moveBy,
  moveToEnd,
  stepMachine,
  toggleZoom,
} from '../../store/changes.ts';
import {openOverlay} from '../../store/overlays.ts';
import {PANELS, type PanelId} from '../../store/rows.ts';
import {selectedRow} from '../../store/state.ts';
import {contentHeight} from '../layout.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {openJournal} from './open-journal.ts';
import {isOnSupervisor, togglePause, togglingReason} from './supervisor-actions.ts';

const pageOf = (context: ScreenContext): number => Math.max(1, contentHeight(context.layout(), context.store.getState().focus) - 1);

const PANEL_TITLES: Readonly<Record<PanelId, string>> = {
  rigs: 'Rigs: projects with their agents',
  ports: 'Ports: who listens where, declared or not',
  agents: 'Agents: sessions and the programs in them',
  orphans: 'Orphans: everything that is wrong, and why',
  explain: 'Explain: why the selected thing is marked',
  journal: 'Journal: what was done and what came of it',
};

const panelBindings: readonly Binding[] = PANELS.map((panel, position) => ({
  id: `panel-${panel}`,
  scope: 'panels',
  keys: [String(position + 1)],
  label: panel,
  title: PANEL_TITLES[panel],
  run: ({store}) => store.change(focusPanel(panel)),
}));

const open = (context: ScreenContext): void => {
  const {store} = context;
  const state = store.getState();
  const row = selectedRow(state);
  const enter = state.focus === 'rigs' && row !== null ? enterGroup(row) : null;
  if (enter !== null) {
    store.change(enter);
  } else if (isListPanel(state.focus)) {
    store.change(focusPanel('explain'));
  } else if (state.focus === 'journal') {
    openJournal(context);
  }
};

/** Rows of other panels that are about the same agent, process, port or session. */
const relatedRow = ({store}: ScreenContext): {readonly panel: 'ports' | 'agents' | 'orphans'; readonly key: string} | null => {
  const state = store.getState();
  const row = selectedRow(state);
  if (row === null) {
    return null;
  }
  const pids = new Set(row.fields.pid ?? []);
  const ports = new Set(row.fields.port ?? []);
  // An agent’s name has its rig in front of it; a service’s, by which a filter finds it too, has not.
  const names = new Set((row.fields.agent ?? []).filter(name => name.includes('/')));
  const order = (['ports', 'agents', 'orphans'] as const).filter(panel => panel !== state.subjectPanel);
  // From an agent to its verdict, from a verdict without a port to its agent.
  const turn = state.subjectPanel === 'agents' || (state.subjectPanel === 'orphans' && ports.size === 0) ? order.toReversed() : order;
  for (const panel of turn) {
    const found = state.view[panel].find(
      each =>
        each.machine === row.machine &&
        ((each.session !== null && each.session === row.session) ||
          (each.fields.pid ?? []).some(pid => pids.has(pid)) ||
          (each.fields.port ?? []).some(port => ports.has(port)) ||
          (each.fields.agent ?? []).some(name => names.has(name))),
    );
    if (found !== undefined) {
      return {panel, key: found.key};
    }
  }
  return null;
};

const machineBindings = (
  [
    ['next-machine', '>', 'Next machine', 1],
    ['previous-machine', '<', 'Previous machine', -1],
  ] as const
).map(
  ([id, key, title, by]): Binding => ({
    id,
    scope: 'panels',
    keys: [key],
    label: title.toLowerCase(),
    title: `${title} alone, and all of them again`,
    disabledReason: ({fleet}) => (fleet === null ? 'one machine is shown: rigtop fleet shows others too' : null),
    run: ({store}) => store.change(stepMachine(by)),
  }),
);

const lookAgain = ({loop, fleet}: ScreenContext): void => {
  void loop.refreshNow();
  fleet?.retry();
};

export const BROWSING: readonly Binding[] = [
  {
    id: 'down',
    scope: 'panels',
    moves: true,
    keys: ['j', 'Down'],
    label: 'down',
    title: 'Next row, or scroll down',
    run: ({store}) => store.change(moveBy(1)),
  },
  {
    id: 'up',
    scope: 'panels',
    moves: true,
    keys: ['k', 'Up'],
    label: 'up',
    title: 'Previous row, or scroll up',
    run: ({store}) => store.change(moveBy(-1)),
  },
  {
    id: 'top',
    scope: 'panels',
    moves: true,
    keys: ['g', 'Home'],
    label: 'top',
    title: 'First row',
    run: ({store}) => store.change(moveToEnd('top')),
  },
  {
    id: 'bottom',
    scope: 'panels',
    moves: true,
    keys: ['G', 'End'],
    label: 'bottom',
    title: 'Last row',
    run: ({store}) => store.change(moveToEnd('bottom')),
  },
  {
    id: 'page-down',
    scope: 'panels',
    moves: true,
    keys: ['PgDn'],
    label: 'page down',
    title: 'One page down',
    run: context => context.store.change(moveBy(pageOf(context))),
  },
  {
    id: 'page-up',
    scope: 'panels',
    moves: true,
    keys: ['PgUp'],
    label: 'page up',
    title: 'One page up',
    run: context => context.store.change(moveBy(-pageOf(context))),
  },
  ...panelBindings,
  {
    id: 'next-panel',
    scope: 'panels',
    moves: true,
    keys: ['Tab'],
    label: 'panel',
    title: 'Next panel',
    hint: 13,
    run: ({store}) => store.change(focusNext(1)),
  },
  {
    id: 'previous-panel',
    scope: 'panels',
    moves: true,
    keys: ['Shift-Tab'],
    label: 'back',
    title: 'Previous panel',
    run: ({store}) => store.change(focusNext(-1)),
  },
  {
    id: 'open',
    scope: 'panels',
    moves: true,
    keys: ['Enter'],
    label: 'open',
    title: 'Open: a machine or a rig filters the agents, the journal is shown whole, anything else is explained',
    run: open,
  },
  {
    id: 'back',
    scope: 'panels',
    moves: true,
    keys: ['Esc'],
    label: 'back',
    title: 'Back: out of a text, a zoom or a rig; then the filter, then the marks; never quits',
    run: ({store}) => store.change(back),
  },
  {
    id: 'zoom',
    scope: 'panels',
    keys: ['z'],
    label: 'zoom',
    title: 'Show this panel alone, or all again',
    hint: 6,
    run: ({store}) => store.change(toggleZoom),
  },
  {
    id: 'related',
    scope: 'panels',
    keys: ['o'],
    label: 'related',
    title: 'Go to what belongs to this: agent, slot, orphan of the same name, process, port or session',
    disabledReason: context => (relatedRow(context) === null ? 'nothing else is known about this agent, process, port or session' : null),
    run: context => {
      const found = relatedRow(context);
      if (found !== null) {
        context.store.change(goTo(found.panel, found.key));
      }
    },
  },
  {
    id: 'pause',
    scope: 'panels',
    keys: ['Z'],
    label: 'pause',
    title: 'Pause updates, or go on; on its row in the rigs, pause the supervisor',
    disabledReason: context => (isOnSupervisor(context) ? togglingReason(context) : null),
    run: context => {
      if (isOnSupervisor(context)) {
        void togglePause(context);
        return;
      }
      const {store} = context;
      store.change(state => ({paused: !state.paused}));
      if (!store.getState().paused) {
        lookAgain(context);
      }
    },
  },
  ...machineBindings,
  {id: 'refresh', scope: 'panels', keys: ['R', '^R'], label: 'refresh', title: 'Look again now', run: lookAgain},
  {id: 'redraw', scope: 'always', keys: ['^L'], label: 'redraw', title: 'Draw the screen again', run: context => context.redraw()},
  {
    id: 'help',
    scope: 'panels',
    keys: ['?'],
    label: 'help',
    title: 'All keys, and why some do nothing now',
    hint: 98,
    run: ({store}) => store.change(openOverlay({kind: 'help', scroll: 0})),
  },
  {
    id: 'palette',
    scope: 'panels',
    keys: [':', '^P'],
    label: 'all commands',
    title: 'Find any action, agent, slot or session by name',
    hint: 7,
    run: ({store}) => store.change(openOverlay({kind: 'palette', text: '', chosen: 0})),
  },
  {
    id: 'end-lesson',
    scope: 'panels',
    keys: ['L'],
    label: 'end lesson',
    title: 'End the lesson of a demo',
    disabledReason: ({store}) => (store.getState().lesson === null ? 'no lesson is on: rigtop demo has one' : null),
    run: ({store}) => store.change(() => ({lesson: null})),
  },
  {id: 'quit', scope: 'panels', keys: ['q'], label: 'quit', title: 'Quit; stops nothing', hint: 99, run: context => context.exit()},
];
