// Bindings of what lies on top to be read: the plan, and all that is only read; and the way out.
import type {UnlockRule} from '../../core/domain/finding.ts';
import type {LeftOut} from '../../core/domain/plan.ts';
import {changeOverlay, closeOverlay, scrollOverlay} from '../../store/overlays.ts';
import {topOverlay} from '../../store/state.ts';
import {planView} from '../dialogs/plan-dialog.ts';
import {isReading} from '../dialogs/reading-dialog.ts';
import type {KeyName} from '../key-events.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {openPlan} from './act.ts';
import {carryOut} from './carry-out-plan.ts';
import {readingOf} from './overlay-content.ts';
import {noteEndSeen, planOnTop, planScrollEnd, unarmedReason} from './plan-reading.ts';
import {endSearch, searchOf} from './search-actions.ts';

const close = ({store}: ScreenContext): void => store.change(closeOverlay);

/** Esc ends a search first. */
const closeReading = (context: ScreenContext, key: KeyName): void => {
  if (key === 'Esc' && searchOf(context.store.getState()) !== null) {
    endSearch(context);
  } else {
    close(context);
  }
};

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
  {id: 'read-close', scope: 'reading', keys: ['Esc', 'q', 'Enter', '?', 'd', 'J', 'l'], label: 'close', title: 'Close', run: closeReading},
];

const plan: readonly Binding[] = [
  {
    id: 'confirm',
    scope: 'plan',
    keys: ['y'],
    answer: 'yes',
    label: 'do it',
    title: 'Carry the plan out, once its end has been seen',
    run: confirm,
  },
  {
    id: 'cancel',
    scope: 'plan',
    keys: ['Enter', 'n', 'Esc'],
    answer: 'no',
    label: 'cancel',
    title: 'Cancel, or close the result',
    run: closePlan,
  },
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
  {
    id: 'interrupt',
    scope: 'always',
    keys: ['^C'],
    label: 'quit',
    title: 'Close what is on top, else quit; stops nothing',
    run: interrupt,
  },
];
