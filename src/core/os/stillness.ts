// When an answer still holds because the one who gave it has not run since. Pure: readings and times go in.

/**
 * How long an unasked answer is believed at most. Something that happened between the answer and the reading taken after it would be
 * missed for as long.
 */
export const LONGEST_UNASKED_MS = 30_000;

interface Given<T> {
  readonly value: T;
  readonly at: number;
  /** Reading right after the answer; null where none was to be had. */
  readonly pulse: string | null;
  /** Whether the answer before was the same, and nothing had run between the two. */
  readonly confirmed: boolean;
}

export interface Stillness<T> {
  /** The last answer, and when it was given, while it is to be believed: `pulse` is read now. */
  holds(pulse: string | null, now: number): {readonly value: T; readonly at: number} | null;
  /** Whether nothing has run since the last answer, believed or not: `pulse` is read now. */
  isAtRest(pulse: string | null): boolean;
  /** An answer was given, between two readings. */
  note(value: T, before: string | null, after: string | null, now: number): void;
  forget(): void;
}

/**
 * One who is asked runs to answer, and may do more before it rests: a change right behind an answer leaves the same reading as none. So
 * an answer is believed only when a second one, asked after a rest in which nothing ran, said the same.
 */
export const createStillness = <T>(same: (a: T, b: T) => boolean, longestMs = LONGEST_UNASKED_MS): Stillness<T> => {
  let last: Given<T> | null = null;
  return {
    holds: (pulse, now) => {
      const isYoung = last !== null && now >= last.at && now - last.at <= longestMs;
      return last?.confirmed === true && isYoung && pulse !== null && pulse === last.pulse ? {value: last.value, at: last.at} : null;
    },
    isAtRest: pulse => pulse !== null && pulse === last?.pulse,
    note: (value, before, after, now) => {
      const confirmed = last !== null && before !== null && before === last.pulse && same(last.value, value);
      last = {value, at: now, pulse: after, confirmed};
    },
    forget: () => {
      last = null;
    },
  };
};
