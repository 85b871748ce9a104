import {spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {startPractice} from '../../src/practice/index.ts';
import {call} from '../support/practice.ts';
import type {ComparisonFigures} from './comparison-load.ts';
import type {Result} from './measure.ts';

/** What it costs to note and to compare a thousand objects, and whether five times as many cost more than five times. */
export async function comparison(): Promise<Result[]> {
  const cluster = await startPractice({seed: 1, programs: {}});
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  try {
    await writeFile(kubeconfig, cluster.kubeconfig);
    const [one, five] = [await figuresOf(1000), await figuresOf(5000)];
    const growth = (five.noting + five.comparing) / (one.noting + one.comparing);
    return [
      {
        what: `comparison of ${one.objects} objects`,
        figure: `${seconds(one.noting)} before, ${seconds(one.comparing)} after`,
        limit: 'at most 1 s each',
        met: Math.max(one.noting, one.comparing) <= 1000 && one.differences === 0,
        machine: true,
      },
      {
        what: `comparison: memory for ${five.objects} objects`,
        figure: `${(five.rss / 2 ** 20).toFixed(0)} MB more; ${(one.rss / 2 ** 20).toFixed(0)} MB for ${one.objects}`,
        limit: 'at most 100 MB for 1,000',
        met: one.rss <= 100 * 2 ** 20,
      },
      {
        what: `comparison of ${five.objects} against ${one.objects} objects`,
        figure: `${growth.toFixed(2)} ×`,
        limit: 'at most 6 × (linear is 5)',
        met: growth <= 6,
        machine: true,
      },
    ];
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true});
  }

  async function figuresOf(objects: number): Promise<ComparisonFigures> {
    const namespace = `of-${objects}`;
    await call(cluster, 'POST', '/api/v1/namespaces', {metadata: {name: namespace}});
    for (let index = 0; index < objects; index++) {
      const data = Object.fromEntries(Array.from({length: 20}, (_, key) => [`key-${key}`, `${index} `.repeat(20)]));
      const metadata = {name: `settings-${index}`, labels: {app: `app-${index % 50}`}};
      await call(cluster, 'POST', `/api/v1/namespaces/${namespace}/configmaps`, {metadata, data});
    }
    return await load(kubeconfig, namespace);
  }
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** In a process of its own: what is measured is the comparison, not the cluster. */
async function load(...args: readonly string[]): Promise<ComparisonFigures> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'comparison-load.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the process of the comparison ended with ${code}`);
  return JSON.parse(said) as ComparisonFigures;
}
