// Waits that are predicates with a deadline, never bare sleeps.

/** Generous, because the machine under test may be busy: it bounds a failure, not a success. */
const DEADLINE_MS = 20_000;
const PAUSE_MS = 20;
/** A question that takes long is asked half of the time: the other half is for what is waited for. */
const LONGEST_PAUSE_MS = 400;

export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

export interface WaitOptions {
  readonly deadlineMs?: number;
  /** Printed when the deadline passes: what the world looked like instead. */
  readonly describe?: () => string | Promise<string>;
}

/** The first truthy answer of `predicate`. A throw counts as "not yet" and is the cause of the error at the deadline. */
export const waitFor = async <T>(
  what: string,
  predicate: () => T | Promise<T>,
  {deadlineMs = DEADLINE_MS, describe}: WaitOptions = {},
): Promise<Exclude<T, null | undefined | false | '' | 0>> => {
  const end = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    const asked = performance.now();
    try {
      const answer = await predicate();
      if (answer) {
        return answer as Exclude<T, null | undefined | false | '' | 0>;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await pause(Math.max(PAUSE_MS, Math.min(performance.now() - asked, LONGEST_PAUSE_MS)));
  } while (performance.now() < end);
  const seen = describe === undefined ? '' : `\n${await describe()}`;
  throw new Error(`waited ${deadlineMs} ms for ${what}${seen}`, {cause});
};
