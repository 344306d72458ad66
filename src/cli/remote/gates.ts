// Connections begin a few at a time: a jump host refuses beyond ten that are not yet let in (sshd_config(5), MaxStartups).

const MOST_AT_ONCE = 8;

export interface Gates {
  /** `begin` is called as soon as fewer than eight through the same are being begun. Call the answer when it has begun, or ended; twice is once. */
  enter(through: string, begin: () => void): () => void;
}

export const createGates = (most = MOST_AT_ONCE): Gates => {
  const inside = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const admit = (through: string): void => {
    const queue = waiting.get(through) ?? [];
    while ((inside.get(through) ?? 0) < most) {
      const next = queue.shift();
      if (next === undefined) {
        return;
      }
      inside.set(through, (inside.get(through) ?? 0) + 1);
      next();
    }
  };
  return {
    enter: (through, begin) => {
      let state: 'waiting' | 'inside' | 'left' = 'waiting';
      const start = (): void => {
        state = 'inside';
        begin();
      };
      const queue = waiting.get(through) ?? [];
      waiting.set(through, queue);
      queue.push(start);
      admit(through);
      return () => {
        if (state === 'waiting') {
          queue.splice(queue.indexOf(start), 1);
        } else if (state === 'inside') {
          inside.set(through, (inside.get(through) ?? 1) - 1);
          admit(through);
        }
        state = 'left';
      };
    },
  };
};
