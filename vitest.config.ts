// How the tests run: pure ones side by side; those on real processes, terminals and sockets one file at a time, because rigtop sees the
// whole machine, and one file's fleet that comes or goes is another file's mass death. scripts/run-tests.ts runs parts of them side by side.
import {defineConfig} from 'vitest/config';

const PURE = ['test/{config,core,guard,sources,store,supervise,ui,words}/**/*.test.{ts,tsx}'];

export default defineConfig({
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['./test/support/global-setup.ts'],
    // Ink draws nothing but the last frame where it believes to be in CI; tests look at the same screen everywhere.
    env: {CI: 'false'},
    projects: [
      // Pure files share a process: a process for each took a third of their processor time.
      {extends: true, test: {name: 'pure', include: PURE, maxWorkers: 2, isolate: false, sequence: {groupOrder: 0}}},
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...PURE, 'test/reality/**'],
          maxWorkers: 1,
          sequence: {groupOrder: 1},
          // A shared machine may stall longer than any deadline: there a failure has to repeat itself. The report names what was retried.
          retry: process.env.CI === 'true' ? 2 : 0,
        },
      },
    ],
  },
});
