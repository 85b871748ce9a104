import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {startPracticeCluster} from '../../../src/cli/support/practice.ts';
import {playOn} from '../../support/drill.ts';
import {temporaryFolder} from '../../support/kubedrill.ts';
import {call, quick} from '../../support/practice.ts';
import {scenarioOf} from '../../support/sabotage.ts';

const deployments = '/apis/apps/v1/namespaces/shop/deployments';
/** Of 64 bits, as TiDB has them in its resources. */
const [before, between, made] = ['443852055297916931', '443852055297916935', '7210567892045688833'];
const manifest = (name: string, seconds: string) =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {namespace: shop, name: ${name}}, spec: {replicas: 0, selector: {matchLabels: {a: ${name}}}, template: {metadata: {labels: {a: ${name}}}, spec: {terminationGracePeriodSeconds: ${seconds}, containers: [{name: a, image: b}]}}}}`;
const body = (name: string) =>
  `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "${name}"}, "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "${name}"}}, "template": {"metadata": {"labels": {"a": "${name}"}}, "spec": {"terminationGracePeriodSeconds": ${before}, "containers": [{"name": "a", "image": "b"}]}}}}`;

it('64-bit numbers are read, written, deleted, changed and put back to the last digit', async () => {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  try {
    const texts = async (name: string) => {
      const text = await (await fetch(`${cluster.url}${deployments}/${name}`)).text();
      return /"terminationGracePeriodSeconds":(\d+)/.exec(text)?.[1];
    };
    await call(cluster, 'POST', '/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}});
    for (const name of ['deleted', 'patched']) {
      const headers = {'content-type': 'application/json'};
      const answer = await fetch(`${cluster.url}${deployments}`, {method: 'POST', headers, body: body(name)});
      expect(answer.status).toBe(201);
    }
    const ref = (name: string) => `apiVersion: apps/v1, kind: Deployment, namespace: shop, name: ${name}`;
    const yaml = scenarioOf({
      target: '{environments: [practice], maxTargets: 5, maxCascade: 5}',
      probes: `[{name: answers, uses: kubernetes/api, from: runner, every: 200ms}]`,
      services: '{web: {up: [answers], outage: possible}}',
      prepare: `[{uses: object/apply, with: {inline: [${manifest('made', made)}]}}]`,
      inject: `[{id: patch, uses: object/patch, with: {${ref('patched')}, patch: {spec: {template: {spec: {terminationGracePeriodSeconds: ${between}}}}}}}, {uses: object/delete, with: {${ref('deleted')}}}]`,
      recover: '[{undo: patch}]',
      checks: `[{name: exact, uses: kubernetes/object, with: {${ref('patched')}}, states: {broken: skip}, control: absent, expect: object.spec.template.spec.terminationGracePeriodSeconds == ${before}}]`,
    });
    const seen: (string | undefined)[] = [];
    const looks: Promise<unknown>[] = [];
    const run = await playOn(cluster, await temporaryFolder(), yaml, {
      onEntry: (entry) => {
        if (entry.type === 'mutation.applied') looks.push(texts('made').then((text) => seen.push(text)));
      },
    });
    await Promise.all(looks);
    expect(run.sentence).not.toContain('REFUSED');
    expect(seen).toContain(made);
    expect([await texts('deleted'), await texts('patched')]).toEqual([before, before]);
    expect(run.cleanup).toBe('clean');
    expect(await readFile(join(run.folder, 'journal.jsonl'), 'utf8')).toContain(between);
  } finally {
    await cluster.stop();
  }
}, 60_000);
