// Whether a plan has been read to its end, and whether it may be answered now. The rules that stand between a key and a signal.
import {changeOverlay} from '../../store/overlays.ts';
import {type Overlay, topOverlay} from '../../store/state.ts';
import {type PlanMoment, planView} from '../dialogs/plan-dialog.ts';
import type {ScreenContext} from '../screen-context.ts';

/** Keys typed before the dialog could have been read are not an answer to it. */
export const DEAF_MS = 300;

export type PlanOverlay = Extract<Overlay, {readonly kind: 'plan'}>;

export const planOnTop = (context: ScreenContext): PlanOverlay | null => {
  const top = topOverlay(context.store.getState());
  return top?.kind === 'plan' ? top : null;
};

/** Largest sensible scroll offset of the plan on this terminal. */
export const planScrollEnd = (context: ScreenContext, overlay: PlanOverlay): number => {
  const {lines, height} = planView(overlay, context.layout());
  return Math.max(0, lines.length - height);
};

/** On a terminal too small for a single line of the list, its end can never be seen. */
const canSee = (context: ScreenContext, overlay: PlanOverlay): boolean => planView(overlay, context.layout()).height > 0;

/** Remember that the end of the list has been on the screen, once it has. */
export const noteEndSeen = (context: ScreenContext): void => {
  const overlay = planOnTop(context);
  if (overlay !== null && !overlay.endSeen && canSee(context, overlay) && overlay.scroll >= planScrollEnd(context, overlay)) {
    context.store.change(changeOverlay('plan', () => ({endSeen: true})));
  }
};

/** Milliseconds until the plan expires; 0 when it has. Plans carry the wall clock, which may jump: either clock can end one. */
const planLeftMs = ({run}: PlanOverlay, now: number, epoch: number): number => {
  const life = run.plan.expiresAt - run.plan.createdAt;
  return Math.max(0, Math.min(run.openedAt + life - now, run.plan.expiresAt - epoch));
};

/** Nothing in the plan would change anything: there is nothing to say yes to. */
const isEmptyPlan = ({run: {plan}}: PlanOverlay): boolean =>
  plan.targets.length + plan.sessions.length + plan.panes.length + plan.locks.length === 0 && plan.action !== 'restart';

/** Why `y` does nothing yet, in words; null when it would carry the plan out. */
export const unarmedReason = (
  overlay: PlanOverlay,
  toType: number | null,
  times: {readonly now: number; readonly epoch: number},
): string | null => {
  if (overlay.run.phase !== 'asking') {
    return 'already carried out';
  }
  if (isEmptyPlan(overlay)) {
    return 'nothing to do';
  }
  if (planLeftMs(overlay, times.now, times.epoch) === 0) {
    return 'expired: close it and plan again';
  }
  if (!overlay.endSeen) {
    return 'scroll to the end first';
  }
  if (toType !== null && overlay.typed !== String(toType)) {
    return `type ${toType} first`;
  }
  return times.now - overlay.run.openedAt < DEAF_MS ? 'just opened' : null;
};

/** What a plan’s dialog shows beside the plan: how long it is good for, what `y` waits for, and the keys as they are bound. */
export const planMoment = (context: ScreenContext, overlay: PlanOverlay): PlanMoment => {
  const now = context.now();
  const epoch = context.epoch();
  const {keyOf} = context.keymap;
  const {typeToConfirm} = planView(overlay, context.layout());
  return {
    leftMs: planLeftMs(overlay, now, epoch),
    unarmed: unarmedReason(overlay, typeToConfirm, {now, epoch}),
    keys: {
      confirm: keyOf('confirm'),
      unlock: keyOf('unlock'),
      copy: keyOf('copy-plan'),
      journal: keyOf('journal'),
      interrupt: keyOf('interrupt'),
    },
  };
};
