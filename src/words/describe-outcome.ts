// What came of a plan in words: the same in the dialog, the commands, the journal and the notes of a supervisor. Pure.
import {oneLine} from '../core/domain/command-line.ts';
import {
  everyTarget,
  type Outcome,
  type PortOutcome,
  type StartOutcome,
  type TargetOutcome,
  type TargetResult,
} from '../core/domain/outcome.ts';
import {duration} from './ages.ts';
import type {Badge, Tone} from './badges.ts';
import {allOf, countOf, firstOf} from './counts.ts';

/** One sentence, safe for a terminal. */
export interface Sentence {
  readonly tone: Tone;
  readonly text: string;
}

export interface OutcomeDescription {
  readonly headline: Sentence;
  readonly lines: readonly Sentence[];
}

const RESULTS: Readonly<Record<TargetResult, Badge>> = {
  gone: {word: 'gone', tone: 'good'},
  'already-gone': {word: 'was gone', tone: 'good'},
  changed: {word: 'changed', tone: 'warning'},
  refused: {word: 'refused', tone: 'warning'},
  survived: {word: 'SURVIVED', tone: 'danger'},
};

const STARTS: Readonly<Record<StartOutcome['result'], Badge>> = {
  up: {word: 'is up', tone: 'good'},
  'not-up': {word: 'is NOT UP', tone: 'danger'},
  failed: {word: 'could not be started', tone: 'danger'},
  skipped: {word: 'was not started', tone: 'warning'},
};

/** The word for what came of one target, where there is room for a word only. */
export const resultBadge = (result: TargetResult): Badge => RESULTS[result];

const line = (tone: Tone, text: string, because: string | null = null): Sentence => ({
  tone,
  text: oneLine(because === null ? text : `${text}: ${because}`),
});

const isEnded = ({result}: TargetOutcome): boolean => result === 'gone' || result === 'already-gone';

/** `process:4388 gone after SIGTERM in 0.4 s`. */
const targetLine = ({ref, result, signal, because, tookMs}: TargetOutcome, remark = ''): Sentence => {
  const {word, tone} = RESULTS[result];
  const after = signal === null ? '' : ` after ${signal}`;
  const took = result === 'gone' && tookMs > 0 ? ` in ${duration(tookMs)}` : '';
  return line(tone, `${ref}${remark} ${word}${after}${took}`, because);
};

const portLine = ({port, free}: PortOutcome): Sentence => {
  if (free === null) {
    return line('unknown', `whether port ${port} is free is unknown`);
  }
  return free ? line('good', `port ${port} is free`) : line('danger', `port ${port} is STILL HELD`);
};

const startLine = ({ref, result, because}: StartOutcome): Sentence => line(STARTS[result].tone, `${ref} ${STARTS[result].word}`, because);

/** The output of a starter that worked is of no interest. */
const startLines = (start: StartOutcome): readonly Sentence[] => [
  startLine(start),
  ...(start.result === 'up' ? [] : start.output.map(text => line('quiet', `it said: ${text}`))),
];

/** What is missing before it is done, in a few words. */
const missing = (outcome: Outcome): string => {
  const all = everyTarget(outcome);
  const survivors = all.filter(({result}) => result === 'survived').length;
  if (survivors > 0) {
    return `${survivors} of ${countOf(all.length, 'target')} survived`;
  }
  if (!all.every(isEnded)) {
    return 'not everything is gone';
  }
  return outcome.started.some(({result}) => result !== 'up') ? 'not everything is up again' : 'its end could not be proven';
};

const headline = (outcome: Outcome): Sentence => {
  const {ok, refused, tookMs, started} = outcome;
  if (refused !== null) {
    return line('warning', `Refused (${refused.rule}): ${refused.because}. Nothing was touched.`);
  }
  const parts = [
    ...(everyTarget(outcome).length === 0 && started.length > 0 ? [] : ['gone']),
    ...(started.length === 0 ? [] : ['up again']),
  ];
  return ok
    ? line('good', `Done in ${duration(tookMs)}: everything is ${allOf(parts)}.`)
    : line('danger', `Not done after ${duration(tookMs)}: ${missing(outcome)}.`);
};

/**
 * A headline, and a line for each thing that something came of. `brief` leaves out the planned targets that ended: where the plan is
 * shown, it says so itself.
 */
export const describeOutcome = (outcome: Outcome, {brief = false}: {readonly brief?: boolean} = {}): OutcomeDescription => {
  const {targets, late, escaped, ports, started, problems, refused} = outcome;
  const problemLines = problems.map(problem => line('warning', problem));
  if (refused !== null) {
    return {headline: headline(outcome), lines: problemLines};
  }
  return {
    headline: headline(outcome),
    lines: [
      ...targets.filter(target => !brief || !isEnded(target)).map(target => targetLine(target)),
      ...late.map(target => targetLine(target, ' (forked meanwhile)')),
      ...escaped.map(target => targetLine(target, ' (had left the tree)')),
      ...ports.map(portLine),
      ...started.flatMap(startLines),
      ...problemLines,
    ],
  };
};

/** More faults than this are counted in a single line. */
const FAULTS_NAMED = 4;

/** The whole in one line, for a journal: what was not done is named with its reason. */
export const summarizeOutcome = (outcome: Outcome): Sentence => {
  const {ok, refused, started, ports, problems} = outcome;
  if (refused !== null) {
    return line('warning', `refused (${refused.rule}): ${refused.because}`);
  }
  if (ok) {
    const ended = everyTarget(outcome).length;
    const parts = [
      ...(ended === 0 ? [] : [`${countOf(ended, 'target')} gone`]),
      ...(started.length === 0 ? [] : [`${started.length} up again`]),
    ];
    return line('good', [`done: ${parts.join(', ') || 'nothing was left to end'}`, ...problems].join('; '));
  }
  const faults = [
    ...everyTarget(outcome)
      .filter(target => !isEnded(target))
      .map(target => targetLine(target)),
    ...ports.filter(({free}) => free !== true).map(portLine),
    ...started.filter(({result}) => result !== 'up').map(startLine),
  ].map(({text}) => text);
  const named = firstOf([...faults, ...problems], FAULTS_NAMED, '; ');
  return line('danger', `not done: ${named === '' ? 'its end could not be proven' : named}`);
};
