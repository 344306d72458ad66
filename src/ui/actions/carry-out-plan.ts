// Carrying a plan out on the screen: progress per target, the result that stays, and the line it leaves in the journal.
import type {Plan} from '../../core/domain/plan.ts';
import {addJournal, changeOverlay} from '../../store/overlays.ts';
import type {JournalLine, PlanRun} from '../../store/state.ts';
import {type Sentence, summarizeOutcome} from '../../words/describe-outcome.ts';
import type {ScreenContext} from '../screen-context.ts';

/** What the file of the journal says of it, too; what was asked for stands in a line of its own there. */
const journalLine = ({plan, outcome, failure}: PlanRun, at: number): JournalLine => {
  const {text, tone}: Sentence =
    outcome === null ? {text: `failed: ${failure ?? 'no reason given'}`, tone: 'danger'} : summarizeOutcome(outcome);
  return {at, text: `${plan.action} ${plan.id} ${text}`, tone};
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
  const {store, perform, loop, readJournal} = context;
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
  await readJournal?.();
  const run: PlanRun = {plan, openedAt: context.now(), phase: 'done', progress: {}, ...ended};
  changeRun(context, () => ({phase: 'done', ...ended}));
  store.change(state => ({
    // Where the journal is followed it has told the outcome itself; a failure may have kept it from that.
    ...(readJournal === null || run.failure !== null ? addJournal([journalLine(run, context.epoch())])(state) : {}),
    marks: new Map(),
    termTried: new Set([...state.termTried, ...triedTerm(run)]),
  }));
  await loop.refreshNow();
};
