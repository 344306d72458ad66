// Bindings that open a plan, and when they may. Nothing here signals: the supervisor does, after a person said y.
import {isRefusal, type Plan, type PlanRequest, type Refusal} from '../../core/domain/plan.ts';
import {openOverlay} from '../../store/overlays.ts';
import {LIST_PANELS, type Row} from '../../store/rows.ts';
import {type PlanRun, type ScreenState, selectedRow} from '../../store/state.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {chosenRefs, hereOrThere, READ_ONLY, type Told} from './on-the-spot.ts';
import {noteEndSeen} from './plan-reading.ts';

/** Stopping a left-over lock is moving it aside; everything else is ended. */
const stopRequest = (state: ScreenState): PlanRequest => ({
  action: state.marks.size === 0 && selectedRow(state)?.remedy === 'clean-locks' ? 'clean-locks' : 'kill',
  asked: chosenRefs(state),
});

const isOld = ({paused, lateSeconds, refreshFailure}: ScreenState): boolean => paused || lateSeconds !== null || refreshFailure !== null;

const showAnswer = (context: ScreenContext, request: PlanRequest, answer: Plan | Refusal): void => {
  const {store} = context;
  if (isRefusal(answer)) {
    store.change(openOverlay({kind: 'refusal', refusal: answer, request, scroll: 0}));
    return;
  }
  const run: PlanRun = {plan: answer, openedAt: context.now(), phase: 'asking', progress: {}, outcome: null, failure: null};
  store.change(openOverlay({kind: 'plan', run, scroll: 0, endSeen: false, typed: '', leaving: false}));
  noteEndSeen(context);
};

/** Old data is looked at again first: a plan is made of what is there now. False when it could not be. */
const isFresh = async (context: ScreenContext): Promise<boolean> => {
  context.say('Looking again before planning');
  await context.loop.refreshNow();
  const {refreshFailure} = context.store.getState();
  if (refreshFailure !== null) {
    context.say(`No plan without a look at the machine: ${refreshFailure}`, 'error');
  }
  return refreshFailure === null;
};

/** Make a plan and show it; one at a time. What is answered at once opens in the turn of its key, so that the rest of the chunk is dropped. */
export const openPlan = async (context: ScreenContext, request: PlanRequest): Promise<void> => {
  const {store} = context;
  if (store.getState().planning) {
    return;
  }
  store.change(() => ({planning: true}));
  try {
    if (!isOld(store.getState()) || (await isFresh(context))) {
      const answer = context.plan(request);
      showAnswer(context, request, answer instanceof Promise ? await answer : answer);
    }
  } finally {
    store.change(() => ({planning: false}));
  }
};

export const readOnlyReason = ({perform}: ScreenContext): string | null => (perform === null ? READ_ONLY : null);

/** Why the chosen things cannot be stopped; marks were checked when they were made. */
const barredReason = (context: ScreenContext): string | null => {
  const state = context.store.getState();
  if (state.marks.size > 0) {
    return null;
  }
  const row = selectedRow(state);
  return row === null ? 'nothing is selected' : row.barred;
};

const isRig = ({subjectPanel, marks}: ScreenState): boolean => subjectPanel === 'rigs' && marks.size === 0;

const stopReason = (context: ScreenContext): string | null =>
  readOnlyReason(context) ?? (isRig(context.store.getState()) ? 'f flushes a whole rig; x stops single things' : barredReason(context));

const STUCK: ReadonlySet<string> = new Set(['D', 'T', 't']);

/** KILL comes second: after TERM was tried on it, or for a process that cannot act on TERM. */
const forceReason = (context: ScreenContext): string | null => {
  const stop = stopReason(context);
  if (stop !== null) {
    return stop;
  }
  const state = context.store.getState();
  const pids = (selectedRow(state)?.fields.pid ?? []).map(Number);
  const tried = chosenRefs(state).some(ref => state.termTried.has(ref)) || pids.some(pid => state.termTried.has(`process:${pid}`));
  const stuck = pids.some(pid => STUCK.has(state.assessment?.snapshot.processes.get(pid)?.state ?? ''));
  return tried || stuck ? null : 'KILL is for what survived TERM or is stuck: try x first';
};

/** `slot:shop/2` of `slot:shop/2/web`: a flush is about the whole slot. */
const flushScope = (row: Row | null, state: ScreenState): string | null => {
  if (row?.ref.startsWith('slot:') === true) {
    return row.ref.split('/').slice(0, 2).join('/');
  }
  return row !== null && state.subjectPanel === 'rigs' && row.barred === null ? row.ref : null;
};

/** Whether a verdict is about something that can be started again; of another machine that is known there. */
const isRestartable = ({assessment}: ScreenState, {ref, machine}: Row): boolean => {
  const finding = assessment?.findings.find(({id}) => id === ref);
  return machine !== undefined || finding?.remedies.includes('restart') === true || /^(?:agent|slot):/.test(finding?.subject ?? '');
};

const restartable = (state: ScreenState): string | null => {
  const row = selectedRow(state);
  if (row === null) {
    return null;
  }
  return /^(?:slot|agent):/.test(row.ref) || (row.ref.startsWith('f-') && isRestartable(state, row)) ? row.ref : null;
};

const plans =
  (request: (state: ScreenState) => PlanRequest) =>
  (context: ScreenContext): void =>
    void openPlan(context, request(context.store.getState()));

/** Stopping on another machine, where a left-over lock is moved aside by its own command. */
const stopThere = (state: ScreenState): Told => {
  const row = selectedRow(state);
  if (isRig(state)) {
    return {because: 'f flushes a whole rig; x stops single things'};
  }
  if (state.marks.size === 0 && row?.barred != null) {
    return {because: row.barred};
  }
  const isLock = state.marks.size === 0 && row?.remedy === 'clean-locks';
  return {words: isLock ? ['locks', '--clean', '--'] : ['kill', '--'], refs: chosenRefs(state)};
};

const oneThere = (verb: string, ref: string | null, otherwise: string): Told =>
  ref === null ? {because: otherwise} : {words: [verb, '--'], refs: [ref]};

const NOT_RESTARTABLE = 'only agents and services can be restarted';
const NO_SCOPE = 'choose a rig (1) or slot (2) to flush';

/** Of this machine: of others, each cleans up after itself. */
const nothingToClean = ({store}: ScreenContext): string | null =>
  store
    .getState()
    .view.orphans.filter(row => row.machine === undefined)
    .every(row => row.unmarkable !== null && (row.remedy === 'kill' || row.barred !== null))
    ? 'nothing is both surely wrong and free to stop'
    : null;

export const ACTING: readonly Binding[] = [
  {
    id: 'stop',
    scope: 'panels',
    keys: ['x'],
    label: 'stop',
    title: 'Stop the marked or selected: shows the plan first',
    dangerous: true,
    hint: 4,
    needsRows: LIST_PANELS,
    ...hereOrThere({reason: stopReason, run: plans(stopRequest)}, stopThere),
  },
  {
    id: 'force-stop',
    scope: 'panels',
    keys: ['X'],
    label: 'KILL',
    title: 'Stop with KILL at once, for what survived TERM or is stuck: shows the plan first',
    dangerous: true,
    ...hereOrThere({reason: forceReason, run: plans(state => ({action: 'kill', asked: chosenRefs(state), force: true}))}, () => ({
      because: 'on another machine KILL is chosen there: x',
    })),
  },
  {
    id: 'restart',
    scope: 'panels',
    keys: ['r'],
    label: 'restart',
    title: 'Restart the selected agent or service: shows the plan first',
    dangerous: true,
    hint: 8,
    needsRows: LIST_PANELS,
    ...hereOrThere(
      {
        reason: context => readOnlyReason(context) ?? (restartable(context.store.getState()) === null ? NOT_RESTARTABLE : null),
        run: plans(state => ({action: 'restart', asked: [restartable(state) ?? '']})),
      },
      state => oneThere('restart', restartable(state), NOT_RESTARTABLE),
    ),
  },
  {
    id: 'flush',
    scope: 'panels',
    keys: ['f'],
    label: 'flush',
    title: 'Flush the selected slot or rig, everything in it: shows the plan first',
    dangerous: true,
    hint: 10,
    needsRows: LIST_PANELS,
    ...hereOrThere(
      {
        reason: context => {
          const state = context.store.getState();
          return readOnlyReason(context) ?? (flushScope(selectedRow(state), state) === null ? NO_SCOPE : null);
        },
        run: plans(state => ({action: 'flush', asked: [flushScope(selectedRow(state), state) ?? '']})),
      },
      state => oneThere('flush', flushScope(selectedRow(state), state), NO_SCOPE),
    ),
  },
  {
    id: 'cleanup',
    scope: 'panels',
    keys: ['C'],
    label: 'clean-up',
    title: 'Clean up everything that is surely left over: shows the plan first',
    dangerous: true,
    hint: 9,
    needsRows: ['orphans'],
    ...hereOrThere(
      {
        reason: context => readOnlyReason(context) ?? nothingToClean(context),
        run: plans(() => ({action: 'cleanup', asked: []})),
      },
      () => ({words: ['cleanup'], refs: []}),
    ),
  },
];
