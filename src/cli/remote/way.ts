// How another machine is reached: where its lines come from, what their end means, and what runs there on this terminal. Types, and what all ways share.
import type {Spot} from '../../core/domain/machine.ts';
import type {LineOptions, LineProgram, LinesEnd} from '../../core/os/line-program.ts';

/** Why a machine cannot be seen, what would help, and whether trying again by itself makes sense. */
export interface Trouble {
  readonly because: string;
  readonly hint: string;
  /** False where only a person can change it: trying on would be knocking at a door that was shut. */
  readonly again: boolean;
}

/** One machine and the way to it. `rigtop snapshot --follow` speaks at the other end, whatever lies between. */
export interface Way {
  /** As its owner calls it: unique on a screen, and safe to be an argument (`machineNameTrouble`). */
  readonly name: string;
  /** What it shares with others (a jump host, a program): so many connections through one are begun at a time. */
  readonly through: string;
  /** How old the newest of its lines is, where they are kept on their way; left out where they come as they are said. */
  ageMs?(): number;
  /** Whether lines of it are here and wait for their turn: then it is not the machine that is slow. */
  isWaiting?(): boolean;
  /** Where its lines are kept on their way: lets go of them, so that whoever connects anew is brought later ones. */
  forget?(): void;
  connect(options: Pick<LineOptions, 'maxLineBytes' | 'onLines' | 'onEnd'>): LineProgram;
  /** What the end of its lines means. `begun`: it had sent a look before. */
  describeEnd(end: LinesEnd, begun: boolean): Trouble;
  /** What runs rigtop there with these words on our own terminal; or why nothing does. The words are references and flags of ours. */
  spot(words: readonly string[]): Spot | {readonly because: string};
}

export const followWords = (intervalMs: number): readonly string[] => [
  'rigtop',
  'snapshot',
  '--follow',
  '--interval',
  `${Math.round(intervalMs)}ms`,
];
