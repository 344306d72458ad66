// The supervisor that runs unattended beside the screen, as rows of the rigs and as an explanation: what it is at, did and would do. Pure.

import {oneLine} from '../core/domain/command-line.ts';
import type {PlanRequest} from '../core/domain/plan.ts';
import type {Badge} from '../words/badges.ts';
import {explainLine} from '../words/describe-explanation.ts';
import type {ShownExplanation} from './explain-row.ts';
import type {Row} from './rows.ts';

/** Something it would do, were it allowed to: what to ask a plan for, and why. */
export interface Proposal {
  readonly request: PlanRequest;
  /** What it is about. */
  readonly ref: string;
  readonly because: string;
}

/** Says nothing that changes at every round: an idle supervisor must not redraw an idle screen. */
export interface UnattendedView {
  readonly pid: number;
  readonly stands: 'acts' | 'observes' | 'paused' | 'halted' | 'blocked' | 'stalled' | 'died';
  /** Why it is halted, blocked, stalled or dead. */
  readonly because: string | null;
  readonly proposals: readonly Proposal[];
  /** Lines of what it did and held back, newest first. */
  readonly notes: readonly string[];
}

const BADGES: Readonly<Record<UnattendedView['stands'], Badge>> = {
  acts: {word: 'ACTS', tone: 'good'},
  observes: {word: 'OBSERVES', tone: 'good'},
  paused: {word: 'PAUSED', tone: 'warning'},
  halted: {word: 'HALTED', tone: 'danger'},
  blocked: {word: 'HINDERED', tone: 'warning'},
  stalled: {word: 'STALLED', tone: 'danger'},
  died: {word: 'DIED', tone: 'danger'},
};

const SUPERVISOR_KEY = 'supervisor';
/** By what is asked for: two findings may be about one process. */
const proposalKey = ({request}: Proposal): string => `proposal ${request.action} ${request.asked.join(' ')}`;

const row = (over: Pick<Row, 'key' | 'ref' | 'badge' | 'depth' | 'barred'> & {readonly name: string; readonly count: string}): Row => {
  const {name, count, ...rest} = over;
  return {
    ...rest,
    cells: {name: oneLine(name), count},
    fields: {state: [over.depth === 0 ? over.badge.word.toLowerCase() : 'proposed']},
    order: {severity: 0, name, age: 0, cpu: 0, memory: 0, idle: 0, pid: 0, port: 0},
    measures: {cpu: null, memory: null},
    problem: over.badge.tone !== 'good',
    unmarkable: 'marks are for what can be stopped',
    eligible: false,
    remedy: 'kill',
    session: null,
  };
};

const verbOf = ({request}: Proposal): string => {
  if (request.action === 'restart') {
    return 'restart';
  }
  return request.force === true ? 'kill' : 'clean-up';
};

/** The supervisor and below it what it proposes; nothing where none runs. */
export const unattendedRows = (view: UnattendedView | null): readonly Row[] =>
  view === null
    ? []
    : [
        row({
          key: SUPERVISOR_KEY,
          // The pid of a dead one may be anybody's by now.
          ref: view.stands === 'died' ? SUPERVISOR_KEY : `process:${view.pid}`,
          name: 'supervisor',
          count: view.proposals.length === 0 ? '-' : String(view.proposals.length),
          badge: BADGES[view.stands],
          depth: 0,
          barred: view.stands === 'died' ? 'it is dead already' : 'Z pauses it; rigtop supervise stop ends it',
        }),
        ...view.proposals.map(proposal =>
          row({
            key: proposalKey(proposal),
            ref: proposal.ref,
            // The panel is narrow: the verb is in the badge, and what sort of thing it is tells in the explanation.
            name: proposal.ref.replace(/^(agent|slot):/, ''),
            count: '',
            badge: {word: `${verbOf(proposal).toUpperCase()}?`, tone: 'busy'},
            depth: 1,
            barred: 'only proposed: p shows its plan',
          }),
        ),
      ];

/** Whether a row is the supervisor's own or one of its proposals. */
export const isUnattendedRow = ({key}: Row): boolean => key === SUPERVISOR_KEY || key.startsWith('proposal ');

/** What a row proposes; null where it proposes nothing, or the proposal is gone. */
export const proposalOf = (view: UnattendedView | null, chosen: Row | null): Proposal | null =>
  view?.proposals.find(proposal => proposalKey(proposal) === chosen?.key) ?? null;

const STANDS: Readonly<Record<UnattendedView['stands'], string>> = {
  acts: 'It acts as the configuration allows. Z pauses it.',
  observes: 'It observes only, and proposes what it would do. Z pauses it.',
  paused: 'It looks on and does nothing. Z lets it go on.',
  halted: 'It does nothing until a person says so: "resume supervisor" in the palette.',
  blocked: 'It looks on and cannot act.',
  stalled: 'It runs and does not look: it hangs, or a signal has stopped it. Nothing is watched over.',
  died: 'Nothing is watched over. rigtop supervise starts it again, and says what it left unfinished; rigtop supervise stop takes this row away.',
};

const told = ({ref}: Row, title: string, lines: ShownExplanation['lines']): ShownExplanation => ({
  ref,
  title,
  standing: '',
  lines,
  sum: [],
  brief: lines,
});

/** Explain one of its rows: the supervisor with what it did, or one proposal with how to approve it. */
export const explainUnattended = (view: UnattendedView, chosen: Row): ShownExplanation => {
  const proposal = proposalOf(view, chosen);
  if (proposal !== null) {
    return told(chosen, `${verbOf(proposal)} ${proposal.ref}`, [
      explainLine('head', `PROPOSED by supervisor ${view.pid}`, 'busy'),
      explainLine('text', proposal.because),
      explainLine('text', 'p shows the plan; nothing is done before you have read it and said y.', 'quiet'),
    ]);
  }
  const {tone, word} = BADGES[view.stands];
  return told(chosen, `supervisor ${view.pid}`, [
    explainLine('head', view.because === null ? word : `${word}: ${view.because}`, tone),
    explainLine('text', STANDS[view.stands]),
    ...(view.proposals.length === 0 ? [] : [explainLine('head', 'It would')]),
    ...view.proposals.map(each => explainLine('text', `${verbOf(each)} ${each.ref}: ${each.because}`)),
    ...(view.notes.length === 0 ? [] : [explainLine('head', 'Last notes')]),
    ...view.notes.map(each => explainLine('text', each)),
  ]);
};
