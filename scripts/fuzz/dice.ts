// Dice that fall the same way for the same seed, so that what a run found can be found again.

export interface Dice {
  /** A whole number from 0 to below `end`. */
  below(end: number): number;
  chance(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
}

/** mulberry32; `seed` is any text, mixed by FNV-1a. */
export const createDice = (seed: string): Dice => {
  let state = 0x811c_9dc5;
  for (const character of seed) {
    state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x0100_0193);
  }
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    below,
    chance: probability => next() < probability,
    pick: of => {
      if (of.length === 0) {
        throw new Error('nothing to pick from');
      }
      return of[below(of.length)] as (typeof of)[number];
    },
  };
};
