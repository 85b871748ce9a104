import {defineConfig} from 'vitest/config';

/** One project per kind of test; CONTRIBUTING says which test goes where. */
const project = (name: string, options: {testTimeout?: number; fileParallelism?: boolean} = {}) => ({
  test: {name, include: [`test/${name}/**/*.test.ts`], environment: 'node' as const, ...options},
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('practice', {testTimeout: 90_000}),
      project('cli', {testTimeout: 120_000}),
      project('sabotage', {testTimeout: 120_000}),
      // A real cluster is one shared thing: files run one after the other.
      project('e2e', {testTimeout: 300_000, fileParallelism: false}),
    ],
  },
});
