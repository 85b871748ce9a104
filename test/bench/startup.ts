import {join} from 'node:path';
import {interleaved, type Result} from './measure.ts';

/** Whole-process time of short commands of the built program, in multiples of that of `node -e 0`. */
export function startup(root: string): Result[] {
  const program = join(root, 'bin/kubedrill.cjs');
  const [bare = Number.NaN, version = Number.NaN, validate = Number.NaN] = interleaved(
    [
      ['-e', '0'],
      [program, 'version'],
      [program, 'validate', join(root, 'scenarios/kill-coredns.yaml')],
    ],
    21,
  );
  const against = (what: string, time: number, limit: number): Result => ({
    what,
    figure: `${(time / bare).toFixed(2)} × of node -e 0 (${time.toFixed(0)} of ${bare.toFixed(0)} ms)`,
    limit: `at most ${limit} ×`,
    met: time / bare <= limit,
  });
  return [against('kubedrill version', version, 1.5), against('kubedrill validate', validate, 2.5)];
}
