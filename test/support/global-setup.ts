// Names the run before any worker starts, and fails it when a process that a test started is still alive at the end.
import {randomBytes} from 'node:crypto';

export const setup = (): void => {
  process.env.RIGTOP_TEST_RUN ??= `run-${randomBytes(4).toString('hex')}`;
};

export const teardown = async (): Promise<void> => {
  const {endMarked, markedProcesses, runId} = await import('./marked.ts');
  const survivors = markedProcesses(runId);
  if (survivors.length > 0) {
    await endMarked(runId);
    // vitest 4 prints an error of a teardown and still exits 0.
    process.exitCode = 1;
    throw new Error(`tests left processes behind: ${survivors.map(seen => `${seen.pid} ${seen.comm} (${seen.state})`).join(', ')}`);
  }
};
