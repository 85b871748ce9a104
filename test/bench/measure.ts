import {spawnSync} from 'node:child_process';

/** One figure against its limit. */
export interface Result {
  what: string;
  figure: string;
  /** With its relation: `at most 1.5 s`. Absent: a figure to be known, that has none. */
  limit?: string;
  met: boolean;
  /** A busy machine alone can miss it: then it is said loudly and fails nothing. */
  machine?: true;
}

/** The middle value; the mean of the two middle ones of an even number. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}

/** Wall-clock milliseconds of one process from start to exit. Throws when its exit code is another than `code`. */
export function processTime(argv: readonly string[], {cwd, code = 0}: {cwd?: string; code?: number} = {}): number {
  const started = performance.now();
  const {status, stderr} = spawnSync(process.execPath, argv, {cwd, stdio: ['ignore', 'ignore', 'pipe']});
  const took = performance.now() - started;
  if (status !== code) throw new Error(`${argv.join(' ')} ended with ${status}: ${stderr}`);
  return took;
}

/**
 * Medians of several command lines, each played `rounds` times in turn, so that a machine that gets slower meanwhile
 * slows all of them. One round before is not counted: it fills the compile cache.
 */
export function interleaved(commands: readonly (readonly string[])[], rounds: number): number[] {
  const times = commands.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    commands.forEach((argv, index) => {
      const took = processTime(argv);
      if (round > 0) times[index]?.push(took);
    });
  }
  return times.map(median);
}
