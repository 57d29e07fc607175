import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** LONG=1 (`npm run test:long`) runs the tests that take minutes, and only those. */
const long = process.env.LONG === '1';

/** What takes longest, first: one of them begun last would run alone on one of two cores. */
const LONGEST = [
  'sim',
  'demo',
  'reports-page',
  'camera-setup',
  'axe',
  'worlds',
  'alerts',
  'access-routes',
  'properties',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return [...files].sort((one, other) => place(one) - place(other));
  }
}

/** Tests of what has no state of its own share their processes: a file of theirs takes longer to load than to run. */
const PURE = ['test/{rules,oracle,config}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: long
      ? [{ extends: true, test: { name: 'long', include: ['test/long/**/*.test.ts'] } }]
      : [
          { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
          {
            extends: true,
            test: { name: 'whole', include: ['test/**/*.test.ts'], exclude: ['test/long/**', ...PURE] },
          },
        ],
    // Processes, not threads: tests start servers, change the working directory, and measure one process's memory.
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
    // A broker, a store or a browser may have to start inside a test, on two busy cores.
    testTimeout: long ? 900_000 : 60_000,
    hookTimeout: long ? 300_000 : 60_000,
    teardownTimeout: 20_000,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default'],
  },
});
