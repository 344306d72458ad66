// What a person at a terminal reads while something takes long: one line on stderr, from the second second on, gone when it is done.
import type {Io} from './io.ts';

const FIRST_MS = 1000;
const EVERY_MS = 500;
/** Back to the first column, and erase to the end of the line (ECMA-48: CR, EL). */
const ANEW = '\r\u001b[K';

/** Wait for `work`, saying `words()` and for how long meanwhile. Where stderr is no terminal nothing is said. */
export const patiently = async <T>(io: Pick<Io, 'err' | 'stderrIsTerminal'>, words: () => string, work: Promise<T>): Promise<T> => {
  if (!io.stderrIsTerminal) {
    return work;
  }
  const started = performance.now();
  let said = false;
  const timer = setInterval(() => {
    const waited = performance.now() - started;
    if (waited >= FIRST_MS) {
      said = true;
      io.err(`${ANEW}${words()}, ${Math.floor(waited / 1000)} s`);
    }
  }, EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    if (said) {
      io.err(ANEW);
    }
  }
};
