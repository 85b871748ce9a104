import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {reportJsonSchema} from '../src/report/schema/index.ts';
import {scenarioJsonSchema} from '../src/scenario/docs/json-schema.ts';
import {expressionsPage} from './gen/expressions.ts';
import {kubernetesFields} from './gen/kubernetes-fields.ts';
import {actionsPage, canariesPage, probesPage, scenarioPage} from './gen/reference.ts';

/**
 * Writes what is generated from the definitions in src/: the JSON Schemas, the reference pages, and the
 * fields of Kubernetes' kinds for the practice cluster.
 * With --check nothing is written, and the exit code is 1 when something is out of date.
 */
const files: Readonly<Record<string, string>> = {
  'schema/scenario.v1.json': `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`,
  'schema/report.v1.json': `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
  'schema/kubernetes-fields.json': `${JSON.stringify(kubernetesFields())}\n`,
  'docs/reference/scenario.md': scenarioPage(),
  'docs/reference/actions.md': actionsPage(),
  'docs/reference/probes.md': probesPage(),
  'docs/reference/canaries.md': canariesPage(),
  'docs/reference/expressions.md': expressionsPage(),
};

const root = join(import.meta.dirname, '..');
const check = process.argv.includes('--check');
const outdated: string[] = [];
for (const [name, content] of Object.entries(files)) {
  const path = join(root, name);
  const current = await readFile(path, 'utf8').catch(() => undefined);
  if (current === content) continue;
  outdated.push(name);
  if (check) continue;
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, content);
}
if (outdated.length > 0) {
  process.stderr.write(`${check ? 'out of date, run npm run gen: ' : 'written: '}${outdated.join(', ')}\n`);
  if (check) process.exitCode = 1;
}
