// How much a configuration may hold. Whatever is multiplied has an end here, so that no file costs more than a moment. Data, pure.

/** A file that is larger was not written by hand. */
export const LARGEST_BYTES = 256 * 1024;

/** Lines about what is wrong, in one file and in all together; the rest is counted. */
export const MOST_PROBLEMS = 20;

/** Tables inside tables: the schema needs four. */
export const DEEPEST_TABLES = 16;

/** `.rigtop.toml` that are read on the way up, the nearest first. */
export const MOST_PROJECT_FILES = 16;

/** Beyond 2³¹-1 ms, 24.8 days, a timer fires at once (Node.js, timers). */
export const LONGEST_DAYS = 24;
export const LONGEST_MS = LONGEST_DAYS * 86_400_000;

/** Slots × services of all rigs together: each is looked for in every look. */
export const MOST_SLOT_SERVICES = 10_000;

export const MOST = {
  /** Rigs, repositories. */
  places: 256,
  towns: 64,
  registers: 64,
  /** Other machines, by name or as a list of names. */
  machines: 1024,
  runtimes: 128,
  /** Services of a rig. */
  services: 64,
  /** Globs of one list of `[protect]`, references of `keep`. */
  patterns: 1024,
  /** Arguments, names, statuses, keys of an action. */
  words: 64,
  /** Actions with keys. */
  actions: 256,
} as const;

/** Letters of a word: no path is longer (PATH_MAX). */
export const LONGEST_WORD = 4096;
