// What a command comes to: allowed, denied with those whom it would end and why they are not the caller's, or not to be told. Pure.
import type {Process} from '../core/domain/process.ts';
import type {Own} from '../core/judge/own/ownership.ts';
import {describeRefusal, type Victim} from '../words/describe-guard.ts';
import type {ContainerEnding, Undecided} from './call.ts';
import type {Verdict} from './hooks/hook-answer.ts';
import type {Played} from './play-command.ts';

/** Whose the ended are. */
export interface Whose {
  of(process: Process): Own;
  ofContainer(container: ContainerEnding): Own;
  /** Why whose they are cannot be told at all; null where it can. */
  readonly trouble: string | null;
}

export interface Weighed {
  readonly verdict: Verdict;
  /** Who is not the caller’s own, or may not be. */
  readonly others: readonly Victim[];
  readonly own: readonly Victim[];
  readonly undecided: readonly Undecided[];
}

export interface Weighing {
  readonly processes: ReadonlyMap<number, Process>;
  readonly ports: ReadonlyMap<number, readonly number[]>;
  /** What the person’s configuration says of what cannot be told. */
  readonly whenUndecided: 'ask' | 'deny';
}

const isOwn = ({own}: Victim): boolean => own.own === 'yes';

type Victims = Omit<Played, 'needs'>;

const victimsOf = ({endings, containers}: Victims, whose: Whose, {processes, ports}: Weighing): readonly Victim[] => [
  ...endings.flatMap(({pid, by}) => {
    const process = processes.get(pid);
    return process === undefined ? [] : [{process, container: null, by, ports: ports.get(pid) ?? [], own: whose.of(process)}];
  }),
  ...containers.map(container => ({process: null, container, by: container.by, ports: [], own: whose.ofContainer(container)})),
];

export const weigh = (played: Victims, whose: Whose, weighing: Weighing): Weighed => {
  const victims = victimsOf(played, whose, weighing);
  const others = victims.filter(each => !isOwn(each));
  const own = victims.filter(isOwn);
  const {undecided} = played;
  const told = (decision: 'ask' | 'deny'): Verdict => ({
    decision,
    reason: describeRefusal({others, own, undecided, trouble: whose.trouble, decision}),
  });
  if (others.length > 0) {
    return {verdict: told('deny'), others, own, undecided};
  }
  return {verdict: undecided.length > 0 ? told(weighing.whenUndecided) : {decision: 'allow'}, others, own, undecided};
};
