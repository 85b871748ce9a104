import {defineConfig} from 'vitest/config';

/**
 * One project per kind of test; CONTRIBUTING says which test goes where. Times are far above what a test takes: a busy
 * machine must not fail one.
 */
const project = (name: string, options: {testTimeout?: number; fileParallelism?: boolean; retry?: number} = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    environment: 'node' as const,
    expect: {poll: {timeout: 20_000}},
    ...options,
  },
});

export default defineConfig({
  test: {
    globalSetup: 'test/support/temporary.ts',
    projects: [
      project('unit', {testTimeout: 30_000}),
      project('practice', {testTimeout: 90_000}),
      project('cli', {testTimeout: 120_000}),
      project('sabotage', {testTimeout: 120_000}),
      // A real cluster is one shared thing: files run one after the other. It has troubles of its own, so there is one more
      // try, which the output shows; nowhere else, as a retry would hide a wrong verdict.
      project('e2e', {testTimeout: 300_000, fileParallelism: false, retry: 1}),
    ],
  },
});
