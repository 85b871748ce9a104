import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import process from 'node:process';
import {startPracticeCluster} from '../../src/cli/support/practice.ts';
import {quick} from './practice.ts';

/**
 * `node campaign-cluster.ts FILE`: a quick practice cluster in a process of its own, which outlives the runners that are
 * killed beside it. Writes its kubeconfig to FILE, says `ready`, and ends when stdin does: with whoever started it.
 */
const [file = ''] = process.argv.slice(2);
const cluster = await startPracticeCluster({seed: 1, latency: quick});
await writeFile(file, cluster.kubeconfig);
process.stdout.write('ready\n');
process.stdin.resume();
await once(process.stdin, 'end');
await cluster.stop();
