// Journal lines about how far an action got: written in order behind its back, because a signal must not wait for a disk.
import type {JournalRun, StepLine} from './journal-file.ts';
import type {Tracked} from './tracked-target.ts';

export interface StepLog {
  step(step: StepLine['step'], tracked: readonly Tracked[]): void;
  /** Resolves when everything noted so far is written, or has failed. */
  settled(): Promise<void>;
}

/** `problem` is told once when lines are lost. */
export const createStepLog = (run: JournalRun, problem: (text: string) => void): StepLog => {
  let last: Promise<void> = Promise.resolve();
  let lost = false;
  return {
    step: (step, tracked) => {
      const refs = tracked.map(({ref}) => ref);
      if (refs.length === 0) {
        return;
      }
      last = last.then(async () => {
        const written = await run.step(step, refs);
        if (!written.ok && !lost) {
          lost = true;
          problem(`the journal could not be kept up: ${written.because}`);
        }
      });
    },
    settled: () => last,
  };
};
