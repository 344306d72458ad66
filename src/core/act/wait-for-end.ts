// Waits for targets to end by looking at each directly: a few milliseconds apart at first, never by a subprocess.
import {lookAtTargets, type Signaller} from './signal-targets.ts';
import {isOpen, type Tracked} from './tracked-target.ts';
import type {TreeParts} from './tree-parts.ts';

/** `gone`: every target; `shells`: but for shells at their prompts; `turn`: but for those that were held back; `time`: the wait is over. */
export type Waited = 'gone' | 'shells' | 'turn' | 'time';

export interface Wait {
  /** By the clock that does not jump, milliseconds. */
  readonly until: number;
  /** Come back as soon as nothing but shells at their prompts is left. */
  readonly mindShells: boolean;
  /** Not signalled yet: come back when all others are gone. */
  readonly held: ReadonlySet<Tracked>;
  /** Filled with the identities of children that the targets are seen to have: once orphaned, nothing else may tell whose they were. */
  readonly born: Map<number, number>;
}

/** Poll until there is something to do. */
export const waitForEnd = async (
  {host, pace, isPromptShell}: TreeParts,
  signaller: Signaller,
  targets: readonly Tracked[],
  {until, mindShells, held, born}: Wait,
): Promise<Waited> => {
  const began = signaller.now();
  let pause = pace.firstPollMs;
  for (;;) {
    lookAtTargets(signaller, targets);
    const left = targets.filter(isOpen);
    for (const child of left.flatMap(target => signaller.hands.childrenOf(target))) {
      born.set(child.pid, child.startTime);
    }
    const now = signaller.now();
    if (left.length === 0) {
      return 'gone';
    }
    if (now >= until) {
      return 'time';
    }
    if (held.size > 0 && left.every(target => held.has(target))) {
      return 'turn';
    }
    if (mindShells && now - began >= pace.hangUpAfterMs && left.every(isPromptShell)) {
      return 'shells';
    }
    await host.sleep(Math.min(pause, until - now));
    // A tenth of the time waited: a slow exit is noticed within a tenth of its length, a quick one within a few milliseconds.
    pause = Math.min(pause * 2, pace.maxPollMs, Math.max(pace.firstPollMs, (signaller.now() - began) / 10));
  }
};
