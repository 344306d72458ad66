// What a person at a terminal reads while something takes long: one line on stderr, from the second second on, gone when it is done.
import type {Io} from './io.ts';

const FIRST_MS = 1000;
const EVERY_MS = 500;

/** Wait for `work`, saying `words()` and for how long meanwhile. Where stderr is no terminal nothing is said. */
export const patiently = async <T>(io: Pick<Io, 'meanwhile' | 'stderrIsTerminal'>, words: () => string, work: Promise<T>): Promise<T> => {
  if (!io.stderrIsTerminal) {
    return work;
  }
  const started = performance.now();
  let said = false;
  const timer = setInterval(() => {
    const waited = performance.now() - started;
    if (waited >= FIRST_MS) {
      said = true;
      io.meanwhile(`${words()}, ${Math.floor(waited / 1000)} s`);
    }
  }, EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (said) {
      io.meanwhile('');
    }
  }
};
