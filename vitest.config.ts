// How the tests run: real processes and terminals, so few at a time and with time to spare.
import {existsSync} from 'node:fs';
import {defineConfig} from 'vitest/config';

const setup = './test/support/global-setup.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: existsSync(setup) ? [setup] : [],
    // Ink draws nothing but the last frame where it believes to be in CI; tests look at the same screen everywhere.
    env: {CI: 'false'},
  },
});
