// What rigtop's exit codes mean (docs/commands.md). Data, pure.

export const EXIT = {
  /** Done, or nothing wrong. */
  done: 0,
  /** There are findings, or an action left survivors. */
  findings: 1,
  /** Wrong usage or a broken configuration. */
  usage: 2,
  /** The answer is incomplete: something could not be observed. */
  incomplete: 3,
  /** Read-only, protected, expired plan, changed target. */
  refused: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
