import { defineConfig } from 'vitest/config';

/** LONG=1 (`npm run test:long`) runs the tests that take minutes, and only those. */
const long = process.env.LONG === '1';

export default defineConfig({
  test: {
    include: [long ? 'test/long/**/*.test.ts' : 'test/**/*.test.ts'],
    exclude: long ? [] : ['test/long/**'],
    // Processes, not threads: tests start servers, change the working directory, and measure one process's memory.
    pool: 'forks',
    maxWorkers: 2,
    // A broker, a store or a browser may have to start inside a test, on two busy cores.
    testTimeout: long ? 900_000 : 30_000,
    hookTimeout: long ? 300_000 : 60_000,
    teardownTimeout: 20_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default'],
  },
});
