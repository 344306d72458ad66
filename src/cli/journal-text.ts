// Lines of the journal as text, one line each: for the command and for the screen's panel. Pure.
import type {JournalLine} from '../core/act/journal-file.ts';
import {oneLine} from '../core/domain/command-line.ts';
import type {Tone} from '../words/badges.ts';
import {firstOf} from '../words/counts.ts';
import {describeWritten} from '../words/describe-guard.ts';
import {summarizeOutcome} from '../words/describe-outcome.ts';

export interface JournalText {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly tone: Tone;
}

const listed = (refs: readonly string[]): string => firstOf(refs, 4, ' ');

/** `c41f` of `c41f-1795231335956-22030`: the plan, which is what a person was shown. */
const planOf = ({run}: JournalLine): string => run.split('-', 1)[0] ?? run;

const STEPS = {term: 'TERM to', kill: 'KILL to', gone: 'gone:'} as const;

const describeLine = (line: JournalLine): Omit<JournalText, 'at'> => {
  switch (line.type) {
    case 'intent': {
      const what = listed(line.targets.map(({ref, command}) => (ref.startsWith('process:') ? `${ref} ${command}` : ref)));
      return {text: `${line.plan} ${line.more ? 'found more to end' : [line.action, ...line.asked].join(' ')}: ${what}`, tone: 'plain'};
    }
    case 'step':
      return {text: `${planOf(line)} ${STEPS[line.step]} ${listed(line.refs)}`, tone: 'plain'};
    case 'note':
      return {text: `supervisor ${line.what}: ${line.text}`, tone: line.what === 'did' ? 'good' : 'plain'};
    case 'refusal': {
      const what = line.decision === 'deny' ? 'guard denied' : 'guard asked about';
      return {text: `${what} ${line.program ?? 'a person'}: ${describeWritten(line)}`, tone: 'warning'};
    }
    case 'outcome': {
      const {text, tone} = summarizeOutcome(line.outcome);
      return {text: `${planOf(line)} ${text}`, tone};
    }
  }
};

/** One line, safe for a terminal. */
export const formatJournalLine = (line: JournalLine): JournalText => {
  const {text, tone} = describeLine(line);
  return {at: Date.parse(line.at), text: oneLine(text), tone};
};
