import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {root} from '../../support/kubedrill.ts';
import {type Case, type Outcome, type Stage, scenarioOf} from '../../support/sabotage.ts';

const coredns = 'namespace: kube-system, name: coredns';
const scenario = scenarioOf({
  target:
    '{environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: Deployment, name: coredns, reason: a test}]}',
  probes:
    '[{name: answers, uses: dns, from: runner, every: 100ms, with: {name: kubernetes.default.svc.cluster.local., server: "10.96.0.10"}}]',
  inject: `[{id: zero, uses: deployment/scale, with: {${coredns}, replicas: 0}}]`,
  checks: `[{name: two, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, ${coredns}}, expect: object.status.readyReplicas == 2}]`,
});

/**
 * Plays a drill as a process of its own in which no file can grow beyond a limit, as on a disk that fills up. Node does
 * not ignore the signal that comes with it; a listener does.
 */
const limited =
  (kib: number) =>
  async ({folder}: Stage): Promise<Outcome> => {
    const file = join(folder, 'scenario.yaml');
    await writeFile(file, scenario);
    const deaf = 'data:text/javascript,process.on("SIGXFSZ",()=>{})';
    const program = [process.execPath, '--import', deaf, join(root, 'src/main.ts')];
    const args = [...program, 'run', '--practice', file, '--reports', join(folder, 'reports')];
    const child = spawn('bash', ['-c', 'ulimit -f "$0"; exec "$@"', String(kib), ...args], {cwd: folder});
    let said = '';
    child.stdout.resume();
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const [code] = await once(child, 'close');
    const cleanup = said.includes('the cluster is dirty') ? 'dirty' : 'clean';
    return {verdict: 'no report', exitCode: code, cleanup, sentence: '', reasons: [said]};
  };

/** The record cannot be kept. */
export const disks: readonly Case[] = [
  {
    name: 'it fills up before anything is changed',
    play: limited(4),
    verdict: 'no report',
    exitCode: 5,
    because: /journal.jsonl cannot be written: .*; the cluster is clean/,
  },
  {
    name: 'it fills up in the middle of the drill: nothing shows that all was undone',
    play: limited(8),
    verdict: 'no report',
    exitCode: 4,
    because: /journal.jsonl cannot be written: .*; the cluster is dirty/,
  },
  {
    name: 'it fills up while the report is written',
    play: limited(15),
    verdict: 'no report',
    exitCode: 5,
    because: /report\.\w+ cannot be written: .*; the cluster is clean/,
  },
];
