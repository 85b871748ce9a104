import {randomInt} from 'node:crypto';
import {defineConfig, type TestProjectInlineConfiguration} from 'vitest/config';

type Options = NonNullable<TestProjectInlineConfiguration['test']>;

/**
 * One project per kind of test; CONTRIBUTING says which test goes where. Times are far above what a test takes: a busy
 * machine must not fail one.
 */
const project = (name: string, options: Options): TestProjectInlineConfiguration => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node',
    expect: {poll: {timeout: 20_000}},
    hookTimeout: 60_000,
    ...options,
  },
});

/**
 * More files at once than there are cores, as most tests wait for clusters and processes. A process loads the sources
 * once for all of its files: there is no state in modules that one could leave to the next.
 */
const together = {maxWorkers: 6, isolate: false};
/** Verdicts that hang on when something was seen: drills that have the machine to themselves, and are fewer. */
const apart = {maxWorkers: 4, maxConcurrency: 2, isolate: false, sequence: {groupOrder: 1}};

/** For tests that start the program. */
const built = 'test/support/built.ts';

const {env} = process;

export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary.ts',
    projects: [
      project('unit', {...together, testTimeout: 30_000}),
      project('practice', {...together, testTimeout: 90_000}),
      project('cli', {...together, testTimeout: 120_000, globalSetup: built}),
      project('sabotage', {...apart, testTimeout: 120_000}),
      // One file after the other, as each plays several drills at once; in full, unless variables ask for less.
      project('campaign', {
        include: ['test/campaign/**/*.test.ts', 'test/unit/**/*.property.test.ts'],
        testTimeout: 1_800_000,
        fileParallelism: false,
        globalSetup: built,
        env: {
          KUBEDRILL_CAMPAIGN_SEED: env.KUBEDRILL_CAMPAIGN_SEED ?? String(randomInt(1, 2 ** 31)),
          KUBEDRILL_PROPERTY_RUNS: env.KUBEDRILL_PROPERTY_RUNS ?? '10000',
          KUBEDRILL_MUTANTS: env.KUBEDRILL_MUTANTS ?? '1000',
        },
      }),
      // A real cluster is one shared thing: files run one after the other. Without a retry: a drill that is wrong once is
      // wrong. Troubles of the cluster itself are waited for before each drill.
      project('e2e', {testTimeout: 300_000, hookTimeout: 300_000, fileParallelism: false, maxConcurrency: 12}),
    ],
  },
});
