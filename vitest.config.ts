// How the tests run: real processes and terminals, so few at a time and with time to spare.
import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: ['./test/support/global-setup.ts'],
    // Ink draws nothing but the last frame where it believes to be in CI; tests look at the same screen everywhere.
    env: {CI: 'false'},
  },
});
