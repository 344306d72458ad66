// The rules that nothing lifts, in one wording: verdicts, plans and the hands that signal ask the same ones, each of what it has just read. Pure.
import type {Protection} from './finding.ts';

/** A process as the rules need it: whoever asks has its own way to see it. */
export interface Sighted {
  readonly pid: number;
  readonly uid: number;
  readonly kernelThread: boolean;
  /** Whether it is the server of a terminal multiplexer. */
  readonly isServer: boolean;
}

/** Rigtop itself, and everything above it. */
export interface Own {
  readonly pid: number;
  readonly uid: number;
  readonly ancestors: readonly number[];
}

interface Rule {
  readonly rule: string;
  readonly because: string | ((process: Sighted) => string);
  holds(process: Sighted, own: Own): boolean;
}

const RULES: readonly Rule[] = [
  {rule: 'init', because: 'it is the first process of the system', holds: ({pid}) => pid <= 1},
  {rule: 'self', because: 'it is rigtop itself', holds: ({pid}, own) => pid === own.pid},
  {rule: 'ancestor', because: 'rigtop runs below it', holds: ({pid}, own) => own.ancestors.includes(pid)},
  {rule: 'kernel', because: 'it is a thread of the kernel', holds: ({kernelThread}) => kernelThread},
  {rule: 'other-user', because: ({uid}) => `it belongs to user ${uid}`, holds: ({uid}, own) => uid !== own.uid},
  {
    rule: 'multiplexer',
    because: 'it is the server of a terminal multiplexer: every session on it would end',
    holds: ({isServer}) => isServer,
  },
];

/** Every rule that forbids touching a process whatever is asked for; none: these have nothing against it. */
export const unliftable = (process: Sighted, own: Own): readonly Protection[] =>
  RULES.filter(({holds}) => holds(process, own)).map(({rule, because}) => ({
    rule,
    because: typeof because === 'string' ? because : because(process),
    unlock: null,
  }));
