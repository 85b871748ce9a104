import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {median, processTime, type Result} from './measure.ts';

/** `validate` of many files in one call: how long, and whether twice the files take twice as long. */
export async function manyFiles(root: string): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-bench-'));
  const program = join(root, 'bin/kubedrill.cjs');
  const scenario = await readFile(join(root, 'scenarios/kill-coredns.yaml'), 'utf8');
  const figures = [1, 1000, 2000];
  try {
    for (const figure of figures) {
      const files = join(folder, String(figure));
      await mkdir(files);
      for (let index = 0; index < figure; index++) {
        // Names are unique in a call.
        await writeFile(join(files, `${index}.yaml`), scenario.replace(/name: kill-coredns/, `name: drill-${index}`));
      }
    }
    const time = (figure: number) =>
      median([1, 2, 3].map(() => processTime([program, 'validate', join(folder, String(figure))])));
    const [one = Number.NaN, thousand = Number.NaN, twice = Number.NaN] = figures.map(time);
    const growth = (twice - one) / (thousand - one);
    return [
      {
        what: 'validate of 1,000 files',
        figure: `${(thousand / 1000).toFixed(2)} s`,
        limit: 'at most 1 s',
        met: thousand <= 1000,
      },
      {
        what: 'validate of 2,000 against 1,000 files, less that of one',
        figure: `${growth.toFixed(2)} ×`,
        limit: 'at most 2.3 × (linear is 2)',
        met: growth <= 2.3,
      },
    ];
  } finally {
    await rm(folder, {recursive: true});
  }
}
