// Which signals end or freeze what gets them (signal(7)), as programs are told them. Pure.

/** By default ignored, or a question only. */
const HARMLESS = new Set(['0', 'EXIT', 'CONT', '18', 'CHLD', '17', 'URG', '23', 'WINCH', '28']);

const NUMBERED =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS POLL CLD IOT EXIT'.split(
    ' ',
  );
const NAMES = new Set(NUMBERED);

const bare = (word: string): string => word.toUpperCase().replace(/^SIG/, '');

/** Whether the word, without its dash, names a signal. */
const isSignal = (word: string): boolean => /^\d+$/.test(word) || NAMES.has(bare(word)) || /^RT(?:MIN|MAX)/.test(bare(word));

/** Whether the signal ends or stops what gets it, unless that catches it. */
export const ends = (signal: string): boolean => !HARMLESS.has(bare(signal));

export interface Signalled {
  readonly signal: string;
  readonly words: readonly string[];
}

/** Takes `-9`, `-TERM`, `--signal X` off the words of pkill and its like. */
export const takeSignal = (words: readonly string[]): Signalled => {
  const at = words.findIndex(word => /^-[A-Z0-9]/i.test(word) && isSignal(word.slice(1)));
  return at < 0 ? {signal: 'TERM', words} : {signal: (words[at] ?? '').slice(1), words: words.toSpliced(at, 1)};
};
