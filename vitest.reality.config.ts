// How the tests on real programs from npm run: one file at a time (see vitest.config.ts), after the programs were installed outside the project.
import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    name: 'reality',
    include: ['test/reality/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Parts that run side by side do not install side by side: scripts/run-tests.ts did it before.
    globalSetup: [
      './test/support/global-setup.ts',
      ...(process.env.RIGTOP_REALITY_INSTALLED === undefined ? ['./test/reality/install.ts'] : []),
    ],
    env: {CI: 'false'},
    retry: process.env.CI === 'true' ? 1 : 0,
  },
});
