import {execFileSync} from 'node:child_process';
import {join} from 'node:path';
import {comparison} from './comparison.ts';
import {manyFiles} from './many-files.ts';
import type {Result} from './measure.ts';
import {overhead} from './overhead.ts';
import {samplerLoad} from './sampler.ts';
import {startup} from './startup.ts';
import {truth} from './truth.ts';

const root = join(import.meta.dirname, '../..');

/** What `npm run bench` measures, on the built program; by name on the command line, else all. */
const benches: Readonly<Record<string, () => Result[] | Promise<Result[]>>> = {
  startup: () => startup(root),
  files: () => manyFiles(root),
  overhead: () => overhead(root),
  truth: () => truth(),
  sampler: () => samplerLoad(),
  comparison: () => comparison(),
};

execFileSync(process.execPath, [join(root, 'tools/build.ts')], {stdio: 'inherit'});
const wanted = process.argv.slice(2);
let missed = 0;
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const {what, figure, limit, met, machine} of await bench()) {
    if (!met && !machine) missed += 1;
    const head = limit === undefined ? 'figure' : met ? 'met   ' : machine ? 'OVER, ON THIS MACHINE NOW' : 'MISSED';
    process.stdout.write(`${head}  ${what}: ${figure}${limit === undefined ? '' : `; ${limit}`}\n`);
  }
}
process.exitCode = missed === 0 ? 0 : 1;
