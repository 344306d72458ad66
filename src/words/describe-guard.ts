// What a command would end, in words: for people who ask, and for the agent that is refused. Pure.
import {commandLine, oneLine} from '../core/domain/command-line.ts';
import type {Process} from '../core/domain/process.ts';
import {processRef} from '../core/domain/reference.ts';
import {countOf, firstOf} from './counts.ts';

/** A process or a container that a command would end. */
export interface Victim {
  readonly process: Process | null;
  readonly container: {readonly engine: string; readonly name: string} | null;
  /** The part of the command that ends it. */
  readonly by: string;
  readonly ports: readonly number[];
  readonly own: {readonly own: string; readonly because: string};
}

export interface Doubt {
  readonly by: string;
  readonly because: string;
}

export interface Refused {
  readonly others: readonly Victim[];
  readonly own: readonly Victim[];
  readonly undecided: readonly Doubt[];
  /** Why whose they are cannot be told. */
  readonly trouble: string | null;
  readonly decision: 'ask' | 'deny';
}

/** A model reads it, and pays for it. */
const MOST_NAMED = 8;

/** `process 4711 node vite (port 3001)`. */
const describeVictim = ({process, container, ports}: Pick<Victim, 'process' | 'container' | 'ports'>): string => {
  const held = ports.length === 0 ? '' : ` (port ${ports.join(', ')})`;
  return process === null
    ? `${container?.engine} container ${oneLine(container?.name ?? '')}`
    : `process ${process.pid} ${commandLine(process, 80)}${held}`;
};

const doubtsIn = (undecided: readonly Doubt[]): readonly string[] =>
  undecided.map(({by, because}) => `${oneLine(by)}: ${oneLine(because)}`);

/** What may be done instead: only what is the caller’s own. */
const instead = (own: readonly Victim[]): string => {
  const refs = own.flatMap(({process}) => (process === null ? [] : [processRef(process.pid)])).slice(0, MOST_NAMED);
  return refs.length === 0
    ? 'Nothing that is yours would end by it. `rigtop kill :PORT --mine` or `rigtop kill process:PID --mine` end only what is your own.'
    : `To end only what is yours: rigtop kill ${refs.join(' ')} --mine --yes`;
};

/** For the model whose command is refused. */
export const describeRefusal = ({others, own, undecided, trouble, decision}: Refused): string => {
  const named = others
    .slice(0, MOST_NAMED)
    .map(victim => `- ${describeVictim(victim)}, by ${oneLine(victim.by)}: ${oneLine(victim.own.because)}`);
  const more = others.length > MOST_NAMED ? [`- and ${others.length - MOST_NAMED} more`] : [];
  const doubts = doubtsIn(undecided).slice(0, MOST_NAMED);
  return [
    ...(others.length > 0
      ? [
          `rigtop guard: this command would end ${countOf(others.length, 'thing')} that ${others.length === 1 ? 'is' : 'are'} not yours:`,
          ...named,
          ...more,
        ]
      : []),
    ...(trouble === null || others.length === 0 ? [] : [`Whose they are cannot be told: ${oneLine(trouble)}.`]),
    ...(doubts.length > 0 ? [`rigtop guard: whom this command would end cannot be told: ${doubts.join('; ')}.`] : []),
    ...(decision === 'deny' ? [instead(own)] : []),
  ].join('\n');
};

/** What the journal keeps of a refusal. */
export interface WrittenRefusal {
  readonly command: string;
  readonly targets: readonly {readonly ref: string; readonly command: string}[];
  readonly undecided: readonly string[];
}

const MOST_IN_A_LINE = 4;

/** For a person: the command, and whom it would have ended or why that could not be told. */
export const describeWritten = ({command, targets, undecided}: WrittenRefusal): string => {
  const whom = targets.map(target => `${target.ref} ${target.command}`.trim());
  return `${command}: ${whom.length === 0 ? undecided.join('; ') : firstOf(whom, MOST_IN_A_LINE, ' ')}`;
};

/** For a person: one line for each thing. */
export const describeEndings = (victims: readonly Victim[], undecided: readonly Doubt[]): readonly string[] => {
  const ended = victims.map(
    victim =>
      `  ${describeVictim(victim)}: ${oneLine(victim.by)}; ${victim.own.own === 'yes' ? 'own' : 'not own'}: ${oneLine(victim.own.because)}`,
  );
  const doubts = doubtsIn(undecided).map(doubt => `cannot be told: ${doubt}`);
  return ended.length + doubts.length === 0
    ? ['it would end nothing']
    : [...(ended.length === 0 ? [] : [`it would end ${countOf(ended.length, 'thing')}:`]), ...ended, ...doubts];
};
