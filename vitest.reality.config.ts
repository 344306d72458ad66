// How the tests on real programs from npm run: one file at a time, after the programs were installed outside the project.
import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    name: 'reality',
    include: ['test/reality/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    globalSetup: ['./test/support/global-setup.ts', './test/reality/install.ts'],
    env: {CI: 'false'},
    retry: process.env.CI === 'true' ? 1 : 0,
  },
});
