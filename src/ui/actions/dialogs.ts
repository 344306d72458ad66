// Bindings of everything that lies on top: plan, reading, palette, menu, and the way out.
import type {UnlockRule} from '../../core/domain/finding.ts';
import type {LeftOut} from '../../core/domain/plan.ts';
import {goTo, setSorting} from '../../store/changes.ts';
import {changeOverlay, closeOverlay, scrollOverlay} from '../../store/overlays.ts';
import {topOverlay} from '../../store/state.ts';
import {SORTS_OF} from '../../store/visible.ts';
import {planView} from '../dialogs/plan-dialog.ts';
import {isReading} from '../dialogs/reading.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {carryOut, openPlan} from './act.ts';
import {paletteEntries, readingOf} from './overlay-content.ts';
import {noteEndSeen, planOnTop, planScrollEnd, unarmedReason} from './plan-reading.ts';

const close = ({store}: ScreenContext): void => store.change(closeOverlay);

const readingEnd = (context: ScreenContext): {readonly last: number; readonly page: number} => {
  const top = topOverlay(context.store.getState());
  if (top === null || !isReading(top)) {
    return {last: 0, page: 1};
  }
  const {lines, height} = readingOf(context, top);
  return {last: Math.max(0, lines.length - height), page: Math.max(1, height - 1)};
};

const scrollsReading =
  (by: (page: number, last: number) => number) =>
  (context: ScreenContext): void => {
    const {last, page} = readingEnd(context);
    context.store.change(scrollOverlay(by(page, last), last));
  };

const scrollsPlan =
  (by: (page: number, last: number) => number) =>
  (context: ScreenContext): void => {
    const overlay = planOnTop(context);
    if (overlay !== null) {
      const last = planScrollEnd(context, overlay);
      const page = Math.max(1, planView(overlay, context.layout()).height - 1);
      context.store.change(scrollOverlay(by(page, last), last));
      noteEndSeen(context);
    }
  };

const MOVES: readonly {
  readonly id: string;
  readonly keys: readonly string[];
  readonly title: string;
  readonly by: (page: number, last: number) => number;
}[] = [
  {id: 'down', keys: ['j', 'Down'], title: 'Scroll down', by: () => 1},
  {id: 'up', keys: ['k', 'Up'], title: 'Scroll up', by: () => -1},
  {id: 'page-down', keys: ['PgDn', 'Space'], title: 'One page down', by: page => page},
  {id: 'page-up', keys: ['PgUp'], title: 'One page up', by: page => -page},
  {id: 'top', keys: ['g', 'Home'], title: 'To the beginning', by: (_, last) => -last},
  {id: 'bottom', keys: ['G', 'End'], title: 'To the end', by: (_, last) => last},
];

const closePlan = (context: ScreenContext): void => {
  if (planOnTop(context)?.run.phase !== 'running') {
    close(context);
  }
};

const confirm = (context: ScreenContext): void => {
  const overlay = planOnTop(context);
  if (overlay === null) {
    return;
  }
  const {typeToConfirm} = planView(overlay, context.layout());
  if (unarmedReason(overlay, typeToConfirm, {now: context.now(), epoch: context.epoch()}) === null) {
    void carryOut(context, overlay.run.plan);
  }
};

const unlocksOf = (leftOut: readonly LeftOut[], before: readonly UnlockRule[] = []): readonly UnlockRule[] => [
  ...new Set([...before, ...leftOut.flatMap(left => left.unlock ?? [])]),
];

/** Plan again with every liftable protection of what was left out lifted: an unlock is always a step of its own, and read again. */
const unlock = (context: ScreenContext): void => {
  const top = topOverlay(context.store.getState());
  if (top?.kind === 'plan' && top.run.phase === 'asking') {
    const {action, asked, force, leftOut, unlocks} = top.run.plan;
    if (leftOut.some(left => left.unlock !== null)) {
      close(context);
      void openPlan(context, {action, asked, force, unlocks: unlocksOf(leftOut, unlocks)});
    }
  } else if (top?.kind === 'refusal') {
    const {refusal, request} = top;
    const unlocks = unlocksOf(refusal.leftOut, [
      ...(request.unlocks ?? []),
      ...(refusal.protection?.unlock == null ? [] : [refusal.protection.unlock]),
    ]);
    if (unlocks.length > (request.unlocks?.length ?? 0)) {
      close(context);
      void openPlan(context, {...request, unlocks});
    }
  }
};

const reading: readonly Binding[] = [
  ...MOVES.map(({id, keys, title, by}): Binding => ({id: `read-${id}`, scope: 'reading', keys, label: id, title, run: scrollsReading(by)})),
  {
    id: 'read-unlock',
    scope: 'reading',
    keys: ['u'],
    label: 'unlock',
    title: 'In a refusal: plan again with the named protections lifted',
    run: unlock,
  },
  {id: 'read-close', scope: 'reading', keys: ['Esc', 'q', 'Enter', '?', 'd', 'J', 'l'], label: 'close', title: 'Close', run: close},
];

const plan: readonly Binding[] = [
  {id: 'confirm', scope: 'plan', keys: ['y'], label: 'do it', title: 'Carry the plan out, once its end has been seen', run: confirm},
  {id: 'cancel', scope: 'plan', keys: ['Enter', 'n', 'Esc'], label: 'cancel', title: 'Cancel, or close the result', run: closePlan},
  {id: 'unlock', scope: 'plan', keys: ['u'], label: 'unlock', title: 'Plan again with the named protections lifted', run: unlock},
  {
    id: 'copy-plan',
    scope: 'plan',
    keys: ['c'],
    label: 'copy',
    title: 'Copy the equivalent command',
    run: context => {
      const overlay = planOnTop(context);
      if (overlay !== null) {
        context.copy(overlay.run.plan.command);
      }
    },
  },
  ...MOVES.filter(move => move.id !== 'page-down').map(
    ({id, keys, title, by}): Binding => ({id: `plan-${id}`, scope: 'plan', keys, label: id, title, run: scrollsPlan(by)}),
  ),
  {id: 'plan-page-down', scope: 'plan', keys: ['PgDn'], label: 'page-down', title: 'One page down', run: scrollsPlan(page => page)},
  {
    id: 'untype',
    scope: 'plan',
    keys: ['Backspace'],
    label: 'untype',
    title: 'Take back a typed digit',
    run: ({store}) => store.change(changeOverlay('plan', ({typed}) => ({typed: typed.slice(0, -1)}))),
  },
];

const runChosen = (context: ScreenContext): void => {
  const top = topOverlay(context.store.getState());
  if (top?.kind !== 'palette') {
    return;
  }
  const entry = paletteEntries(context, top.text)[top.chosen];
  if (entry === undefined) {
    return;
  }
  if (entry.reason !== null) {
    context.say(entry.reason, 'error');
    return;
  }
  close(context);
  if ('panel' in entry.target) {
    context.store.change(goTo(entry.target.panel, entry.target.key));
    return;
  }
  const {action} = entry.target;
  context.keymap.bindings.find(binding => binding.id === action)?.run(context, 'Enter');
};

const choosePalette =
  (by: number) =>
  (context: ScreenContext): void =>
    context.store.change(
      changeOverlay('palette', ({text, chosen}) => ({
        chosen: Math.max(0, Math.min(paletteEntries(context, text).length - 1, chosen + by)),
      })),
    );

const palette: readonly Binding[] = [
  {id: 'palette-down', scope: 'palette', keys: ['Down', '^N', 'Tab'], label: 'down', title: 'Next entry', run: choosePalette(1)},
  {id: 'palette-up', scope: 'palette', keys: ['Up', '^P', 'Shift-Tab'], label: 'up', title: 'Previous entry', run: choosePalette(-1)},
  {id: 'palette-run', scope: 'palette', keys: ['Enter'], label: 'do', title: 'Do it, or go there', run: runChosen},
  {id: 'palette-close', scope: 'palette', keys: ['Esc'], label: 'close', title: 'Close', run: close},
];

const chooseSort =
  (by: number) =>
  ({store}: ScreenContext): void =>
    store.change(changeOverlay('sort', ({panel, chosen}) => ({chosen: (chosen + by + SORTS_OF[panel].length) % SORTS_OF[panel].length})));

const menu: readonly Binding[] = [
  {id: 'menu-down', scope: 'menu', keys: ['j', 'Down', 's'], label: 'down', title: 'Next', run: chooseSort(1)},
  {id: 'menu-up', scope: 'menu', keys: ['k', 'Up'], label: 'up', title: 'Previous', run: chooseSort(-1)},
  {
    id: 'menu-choose',
    scope: 'menu',
    keys: ['Enter'],
    label: 'choose',
    title: 'Order the list by this',
    run: ({store}) => {
      const top = topOverlay(store.getState());
      const by = top?.kind === 'sort' ? SORTS_OF[top.panel][top.chosen] : undefined;
      if (top?.kind === 'sort' && by !== undefined) {
        store.change(setSorting(top.panel, {by, inverted: false}));
        store.change(closeOverlay);
      }
    },
  },
  {id: 'menu-close', scope: 'menu', keys: ['Esc', 'q'], label: 'close', title: 'Leave the order as it is', run: close},
];

const filter: readonly Binding[] = [
  {id: 'filter-keep', scope: 'filter', keys: ['Enter'], label: 'keep', title: 'Keep the filter', run: close},
  {
    id: 'filter-drop',
    scope: 'filter',
    keys: ['Esc'],
    label: 'drop',
    title: 'Back to the filter from before',
    run: ({store}) => {
      const top = topOverlay(store.getState());
      store.change(state => ({...closeOverlay(state), filter: top?.kind === 'filter' ? top.before : state.filter}));
    },
  },
];

/** A plan that runs is not closed: what was begun is finished, unless somebody insists. The journal tells what was left. */
const interrupt = (context: ScreenContext): void => {
  const overlay = planOnTop(context);
  if (overlay?.run.phase === 'running') {
    if (overlay.leaving) {
      context.exit();
    }
    context.store.change(changeOverlay('plan', () => ({leaving: true})));
  } else if (topOverlay(context.store.getState()) === null) {
    context.exit();
  } else {
    close(context);
  }
};

export const DIALOGS: readonly Binding[] = [
  ...plan,
  ...reading,
  ...palette,
  ...menu,
  ...filter,
  {
    id: 'interrupt',
    scope: 'always',
    keys: ['^C'],
    label: 'quit',
    title: 'Close what is on top, else quit; stops nothing',
    run: interrupt,
  },
];
