// Bindings that open a plan, and carrying one out. Nothing here signals: the supervisor does, after a person said y.
import type {TargetOutcome} from '../../core/domain/outcome.ts';
import {isRefusal, type Plan, type PlanRequest} from '../../core/domain/plan.ts';
import {addJournal, changeOverlay, openOverlay} from '../../store/overlays.ts';
import type {Row} from '../../store/rows.ts';
import {type JournalLine, type PlanRun, type ScreenState, selectedRow} from '../../store/state.ts';
import type {Binding, ScreenContext} from '../screen-context.ts';
import {noteEndSeen} from './plan-reading.ts';

/** What a stop is about: the marks where there are any, else the selected row. */
const chosenRefs = (state: ScreenState): readonly string[] => {
  if (state.marks.size > 0) {
    return [...new Set([...state.marks.values()].map(mark => mark.ref))];
  }
  const row = selectedRow(state);
  return row === null ? [] : [row.ref];
};

/** Stopping a left-over lock is moving it aside; everything else is ended. */
const stopRequest = (state: ScreenState): PlanRequest => ({
  action: state.marks.size === 0 && selectedRow(state)?.remedy === 'clean-locks' ? 'clean-locks' : 'kill',
  asked: chosenRefs(state),
});

const isOld = ({paused, lateSeconds, refreshFailure}: ScreenState): boolean => paused || lateSeconds !== null || refreshFailure !== null;

/** Make a plan and show it. Old data is looked at again first: a plan is made of what is there now. */
export const openPlan = async (context: ScreenContext, request: PlanRequest): Promise<void> => {
  const {store} = context;
  if (isOld(store.getState())) {
    context.say('Looking again before planning');
    await context.loop.refreshNow();
    const {refreshFailure} = store.getState();
    if (refreshFailure !== null) {
      context.say(`No plan without a look at the machine: ${refreshFailure}`, 'error');
      return;
    }
  }
  const answer = context.plan(request);
  if (isRefusal(answer)) {
    store.change(openOverlay({kind: 'refusal', refusal: answer, request, scroll: 0}));
    return;
  }
  const run: PlanRun = {plan: answer, openedAt: context.now(), phase: 'asking', progress: {}, outcome: null, failure: null};
  store.change(openOverlay({kind: 'plan', run, scroll: 0, endSeen: false, typed: '', leaving: false}));
  noteEndSeen(context);
};

const readOnlyReason = ({perform}: ScreenContext): string | null =>
  perform === null ? 'read-only: this rigtop was started without hands' : null;

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
  if (row !== null && state.subjectPanel === 'slots') {
    return row.ref.split('/').slice(0, 2).join('/');
  }
  return row !== null && state.subjectPanel === 'rigs' && row.barred === null ? row.ref : null;
};

const restartable = (state: ScreenState): string | null => {
  const row = selectedRow(state);
  return row !== null && (state.subjectPanel === 'slots' || row.ref.startsWith('agent:') || row.ref.startsWith('f-')) ? row.ref : null;
};

const plans =
  (request: (state: ScreenState) => PlanRequest) =>
  (context: ScreenContext): void =>
    void openPlan(context, request(context.store.getState()));

export const ACTING: readonly Binding[] = [
  {
    id: 'stop',
    scope: 'panels',
    keys: ['x'],
    label: 'stop',
    title: 'Stop the marked or selected: shows the plan first',
    dangerous: true,
    hint: 6,
    disabledReason: stopReason,
    run: plans(stopRequest),
  },
  {
    id: 'force-stop',
    scope: 'panels',
    keys: ['X'],
    label: 'KILL',
    title: 'Stop with KILL at once, for what survived TERM or is stuck: shows the plan first',
    dangerous: true,
    disabledReason: forceReason,
    run: plans(state => ({action: 'kill', asked: chosenRefs(state), force: true})),
  },
  {
    id: 'restart',
    scope: 'panels',
    keys: ['r'],
    label: 'restart',
    title: 'Restart the selected agent or service: shows the plan first',
    dangerous: true,
    hint: 7,
    disabledReason: context =>
      readOnlyReason(context) ?? (restartable(context.store.getState()) === null ? 'only agents and services can be restarted' : null),
    run: plans(state => ({action: 'restart', asked: [restartable(state) ?? '']})),
  },
  {
    id: 'flush',
    scope: 'panels',
    keys: ['f'],
    label: 'flush',
    title: 'Flush the selected slot or rig, everything in it: shows the plan first',
    dangerous: true,
    hint: 8,
    disabledReason: context => {
      const state = context.store.getState();
      return readOnlyReason(context) ?? (flushScope(selectedRow(state), state) === null ? 'choose a rig (1) or a slot (2) to flush' : null);
    },
    run: plans(state => ({action: 'flush', asked: [flushScope(selectedRow(state), state) ?? '']})),
  },
  {
    id: 'cleanup',
    scope: 'panels',
    keys: ['C'],
    label: 'clean-up',
    title: 'Clean up everything that is surely left over: shows the plan first',
    dangerous: true,
    hint: 9,
    disabledReason: context =>
      readOnlyReason(context) ??
      (context.store.getState().view.orphans.every(row => row.unmarkable !== null && (row.remedy === 'kill' || row.barred !== null))
        ? 'nothing is both surely wrong and free to stop'
        : null),
    run: plans(() => ({action: 'cleanup', asked: []})),
  },
];

const RESULT_WORDS = {
  gone: 'gone',
  survived: 'SURVIVED',
  changed: 'is another process now: left alone',
  refused: 'refused',
  'already-gone': 'was already gone',
} as const;

/** One target's end in words: `8011 gone after SIGTERM in 0.4 s`. */
export const resultWords = ({ref, pid, result, signal, because, tookMs}: TargetOutcome): string => {
  const signalled = signal === null ? '' : ` after ${signal}`;
  const took = result === 'gone' ? ` in ${(tookMs / 1000).toFixed(1)} s` : '';
  return `${pid ?? ref} ${RESULT_WORDS[result]}${signalled}${took}${because === null ? '' : `: ${because}`}`;
};

const journalOf = (run: PlanRun, at: number): readonly JournalLine[] => {
  const {plan, outcome, failure} = run;
  const name = `${plan.action} ${plan.id}`;
  if (outcome === null) {
    return [{at, text: `${name} failed: ${failure ?? 'no reason given'}`, tone: 'danger'}];
  }
  if (outcome.refused !== null) {
    return [{at, text: `${name} refused (${outcome.refused.rule}): ${outcome.refused.because}`, tone: 'warning'}];
  }
  const all = [...outcome.targets, ...outcome.late, ...outcome.escaped];
  const done = all.filter(target => target.result === 'gone' || target.result === 'already-gone').length;
  const failed = all.filter(target => target.result === 'survived' || target.result === 'refused');
  const freed = outcome.ports.map(({port, free}) => `:${port} ${free === true ? 'free' : free === false ? 'STILL HELD' : 'unknown'}`);
  return [
    {
      at,
      text: `${name}: ${done} of ${all.length} gone${freed.length === 0 ? '' : `, ${freed.join(' ')}`}`,
      tone: outcome.ok ? 'good' : 'danger',
    },
    ...failed.map((target): JournalLine => ({at, text: resultWords(target), tone: 'danger'})),
    ...outcome.problems.map((problem): JournalLine => ({at, text: problem, tone: 'warning'})),
  ];
};

/** References of a plan on which something survived TERM: from now on KILL may be asked for. */
const triedTerm = ({plan, outcome}: PlanRun): readonly string[] => {
  const survived = (outcome?.targets ?? []).filter(target => target.result === 'survived').map(target => target.ref);
  return survived.length === 0 ? [] : [...survived, ...plan.asked, ...plan.roots.map(root => root.ref)];
};

const changeRun = (context: ScreenContext, change: (run: PlanRun) => Partial<PlanRun>): void =>
  context.store.change(changeOverlay('plan', ({run}) => ({run: {...run, ...change(run)}})));

/** Carry the shown plan out, step by step on the screen; the result stays until it is closed. */
export const carryOut = async (context: ScreenContext, plan: Plan): Promise<void> => {
  const {store, perform, loop} = context;
  if (perform === null) {
    return;
  }
  changeRun(context, () => ({phase: 'running'}));
  loop.suspend();
  let ended: Pick<PlanRun, 'outcome' | 'failure'>;
  try {
    const outcome = await perform(plan, step => changeRun(context, ({progress}) => ({progress: {...progress, [step.ref]: step}})));
    ended = {outcome, failure: null};
  } catch (error) {
    ended = {outcome: null, failure: error instanceof Error ? error.message : String(error)};
  }
  loop.resume();
  const run: PlanRun = {plan, openedAt: context.now(), phase: 'done', progress: {}, ...ended};
  changeRun(context, () => ({phase: 'done', ...ended}));
  store.change(state => ({
    ...addJournal(journalOf(run, context.epoch()))(state),
    marks: new Map(),
    termTried: new Set([...state.termTried, ...triedTerm(run)]),
  }));
  await loop.refreshNow();
};
