// A part of a list that is there under a condition: `[a, ...when(isLate, b)]`. Pure.
export const when = <T>(condition: boolean, value: T): readonly T[] => (condition ? [value] : []);
