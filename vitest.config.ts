import {defineConfig} from 'vitest/config';

/** One project per kind of test; CONTRIBUTING says which test goes where. */
const project = (name: string, options: {testTimeout?: number; fileParallelism?: boolean; retry?: number} = {}) => ({
  test: {name, include: [`test/${name}/**/*.test.ts`], environment: 'node' as const, ...options},
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      // Whole drills in real time: on a machine that is busy with other tests a probe can go blind, and an honest drill
      // inconclusive. One more try, which the output shows; what never holds fails twice.
      project('practice', {testTimeout: 90_000, retry: 1}),
      project('cli', {testTimeout: 120_000, retry: 1}),
      project('sabotage', {testTimeout: 120_000, retry: 1}),
      // A real cluster is one shared thing: files run one after the other.
      project('e2e', {testTimeout: 300_000, fileParallelism: false, retry: 1}),
    ],
  },
});
