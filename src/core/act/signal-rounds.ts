// One round of ending a set of processes: asked with TERM and a grace, or killed, each with its wait.
import {kill, type Signaller, terminate} from './signal-targets.ts';
import {isOpen, type Tracked} from './tracked-target.ts';
import type {TreeParts} from './tree-parts.ts';
import {type Waited, waitForEnd} from './wait-for-end.ts';

const NOBODY: ReadonlySet<Tracked> = new Set();

/**
 * Shells that lead a terminal session while others still run in it. Their end hangs up the terminal (credentials(7)), which would cut
 * short the orderly exit of everybody else, so their turn comes when the others are gone.
 */
const heldBack = ({isTerminalShell}: TreeParts, open: readonly Tracked[]): ReadonlySet<Tracked> => {
  const shells = open.filter(isTerminalShell);
  return shells.length === open.length
    ? NOBODY
    : new Set(shells.filter(shell => open.some(each => each.root === shell.root && !shells.includes(each))));
};

/** What lasts from round to round. */
export interface RoundParts {
  readonly parts: TreeParts;
  /** Everything that is ended or tried; grows between rounds. */
  readonly all: readonly Tracked[];
  /** Start times of what was seen to be forked, by pid. */
  readonly born: Map<number, number>;
  /** When the first round began, by the clock that does not jump. */
  readonly began: number;
}

export interface SignalRounds {
  /** Until when programs are asked and not killed, by the clock that does not jump. */
  readonly grace: number;
  /** With SIGKILL. */
  force(open: readonly Tracked[]): Promise<Waited>;
  /** `mindShells`: stop waiting when only shells at their prompts are left, which end when they are hung up. */
  ask(open: readonly Tracked[], mindShells: boolean): Promise<Waited>;
}

export const createSignalRounds = ({parts, all, born, began}: RoundParts): SignalRounds => {
  const {host, hands, pace, report} = parts;
  const signaller: Signaller = {hands, now: () => host.monotonicMs(), report};
  const noted = new Set<Tracked>();
  const grace = began + parts.graceMs;

  const noteGone = (): void => {
    const gone = all.filter(each => each.result === 'gone' && !noted.has(each));
    for (const each of gone) {
      noted.add(each);
    }
    parts.step('gone', gone);
  };

  const askAndWait = async (open: readonly Tracked[], held: ReadonlySet<Tracked>, mindShells: boolean): Promise<Waited> => {
    // A second SIGTERM makes some programs give up their orderly exit.
    const targets = open.filter(target => target.signal === null && !held.has(target));
    await parts.recheck?.(targets);
    terminate(signaller, targets);
    parts.step('term', targets);
    for (const target of targets.filter(isOpen)) {
      report({ref: target.ref, step: 'waiting', result: null});
    }
    // Half of the grace is for those who wait their turn.
    const until = held.size === 0 ? grace : Math.min(grace, began + parts.graceMs / 2);
    const waited = await waitForEnd(parts, signaller, all, {until, mindShells, held, born});
    noteGone();
    const waiting = open.filter(target => held.has(target) && isOpen(target));
    return waiting.length > 0 && waited !== 'gone' ? askAndWait(waiting, NOBODY, mindShells) : waited;
  };

  return {
    grace,
    ask: (open, mindShells) => askAndWait(open, heldBack(parts, open), mindShells),
    force: async open => {
      await parts.recheck?.(open);
      kill(
        signaller,
        open,
        all.filter(({result}) => result !== 'refused' && result !== 'changed'),
      );
      parts.step('kill', open);
      const until = host.monotonicMs() + pace.killWaitMs;
      const waited = await waitForEnd(parts, signaller, all, {until, mindShells: false, held: NOBODY, born});
      noteGone();
      return waited;
    },
  };
};
