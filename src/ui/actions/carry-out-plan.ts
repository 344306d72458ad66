// Carrying a plan out on the screen: progress per target, the result that stays, and the lines it leaves in the journal.
import type {TargetOutcome} from '../../core/domain/outcome.ts';
import type {Plan} from '../../core/domain/plan.ts';
import {addJournal, changeOverlay} from '../../store/overlays.ts';
import type {JournalLine, PlanRun} from '../../store/state.ts';
import type {ScreenContext} from '../screen-context.ts';

const RESULT_WORDS = {
  gone: 'gone',
  survived: 'SURVIVED',
  changed: 'is another process now: left alone',
  refused: 'refused',
  'already-gone': 'was already gone',
} as const;

/** One target's end in words: `8011 gone after SIGTERM in 0.4 s`. */
const resultWords = ({ref, pid, result, signal, because, tookMs}: TargetOutcome): string => {
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
  // The journal is read from its end: the sum stands above what it is made of.
  return [
    ...outcome.problems.map((problem): JournalLine => ({at, text: problem, tone: 'warning'})),
    ...outcome.started.map(
      (start): JournalLine => ({
        at,
        text: `${start.ref} ${start.result}${start.because === null ? '' : `: ${start.because}`}`,
        tone: start.result === 'up' ? 'good' : 'danger',
      }),
    ),
    ...failed.map((target): JournalLine => ({at, text: resultWords(target), tone: 'danger'})),
    {
      at,
      text: `${name}: ${done} of ${all.length} gone${freed.length === 0 ? '' : `, ${freed.join(' ')}`}`,
      tone: outcome.ok ? 'good' : 'danger',
    },
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
