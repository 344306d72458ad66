// Waits for an answer, but not for ever.

export type Timely<T> = {readonly inTime: true; readonly value: T} | {readonly inTime: false};

/** The value if it comes within `deadlineMs`. What is late goes on by itself and is not awaited. */
export const withinDeadline = async <T>(answer: Promise<T>, deadlineMs: number): Promise<Timely<T>> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Timely<T>>(resolve => {
    timer = setTimeout(() => resolve({inTime: false}), Math.max(0, deadlineMs));
  });
  try {
    return await Promise.race([answer.then((value): Timely<T> => ({inTime: true, value})), late]);
  } finally {
    clearTimeout(timer);
  }
};
