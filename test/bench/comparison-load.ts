import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {connect} from '../../src/cluster/connect.ts';
import {compareWorld, noteWorld} from '../../src/drill/compare/index.ts';
import {createVault} from '../../src/drill/record/vault.ts';
import {systemClock} from '../../src/io/clock.ts';
import {createJournal} from '../../src/journal/write.ts';

/** What the comparison's own process says at its end. Milliseconds, bytes. */
export interface ComparisonFigures {
  objects: number;
  differences: number;
  noting: number;
  comparing: number;
  /** What the process has used at most above what it had when connected. */
  rss: number;
}

// `node comparison-load.ts KUBECONFIG NAMESPACE`: notes a namespace, compares it with itself, and prints the figures.
const [, , kubeconfig = '', namespace = ''] = process.argv;
const folder = await mkdtemp(join(tmpdir(), 'kubedrill-bench-'));
const connection = await connect({kubeconfig, env: {}});
const journal = await createJournal(join(folder, 'journal.jsonl'));
const comparing = {connection, journal, vault: createVault(folder), clock: systemClock};
// The discovery is read once by every run, whatever it compares.
await connection.reader.list({apiVersion: 'v1', kind: 'Namespace'}, {signal: AbortSignal.timeout(10_000)});
const before = process.memoryUsage().rss;
const started = performance.now();
const world = await noteWorld(comparing, {namespaces: [namespace], objects: []});
if (world === undefined) throw new Error('nothing could be noted');
const noted = performance.now();
await compareWorld(comparing, world);
const compared = performance.now();
const last = journal.entries.findLast((entry) => entry.type === 'world.compared');
if (last?.type !== 'world.compared') throw new Error('nothing was compared');
const figures: ComparisonFigures = {
  objects: last.objects,
  differences: last.differences.length,
  noting: noted - started,
  comparing: compared - noted,
  rss: process.resourceUsage().maxRSS * 1024 - before,
};
await journal.close();
await rm(folder, {recursive: true});
process.stdout.write(JSON.stringify(figures));
