import {mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parse, stringify} from 'yaml';
import {probes} from '../../src/probes/index.ts';
import {hasMonitoring, type Monitoring, startMonitoring} from '../support/monitoring.ts';
import {freePort} from '../support/probe-context.ts';
import {atRest} from './rest.ts';
import {clusters, type Finished, kubedrill, residue} from './support.ts';

const kubeconfig = clusters.multi;
const dns = 'kube-dns.kube-system.svc.cluster.local.';

/** A probe of each kind that is good on a kind cluster, as a scenario has it. */
const cluster: Readonly<Record<string, object>> = {
  http: {from: 'cluster', with: {url: `http://${dns}:9153/metrics`}},
  tcp: {from: 'cluster', with: {address: `${dns}:53`}},
  dns: {from: 'cluster', with: {name: 'kubernetes.default.svc.cluster.local.'}},
  'kubernetes/object': {
    from: 'runner',
    with: {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'kube-system', name: 'coredns'},
  },
  'kubernetes/api': {from: 'runner', with: {}},
  command: {from: 'runner', with: {argv: ['true'], controlArgv: ['false']}},
};
/** Probes of what is no part of the cluster: the real programs, on this machine. */
const monitoring: Readonly<Record<string, (running: Monitoring) => object>> = {
  prometheus: ({prometheus: url}) => ({from: 'runner', with: {url, query: 'up{job="shop"} == 0'}}),
  alertmanager: ({alertmanager: url}) => ({from: 'runner', with: {url, alert: 'ShopDown'}}),
};

it('every kind of probe has an input here', () => {
  expect([...Object.keys(cluster), ...Object.keys(monitoring)].toSorted()).toEqual(Object.keys(probes).toSorted());
});

/** A drill with the probes, each of which has to be good before its fault, the end of one CoreDNS pod. */
async function drill(wanted: Readonly<Record<string, object>>): Promise<Finished> {
  const text = await readFile(resolve(import.meta.dirname, '../../scenarios/kill-one-coredns-pod.yaml'), 'utf8');
  const scenario = parse(text);
  const named = Object.entries(wanted).map(([uses, rest], index) => ({
    name: `p${index}`,
    uses,
    every: '1s',
    timeout: '1s',
    ...rest,
  }));
  scenario.metadata.name = 'controls';
  scenario.spec.probes.push(...named);
  scenario.spec.services.all = {up: named.map(({name}) => name), outage: 'none'};
  const file = join(await mkdtemp(join(tmpdir(), 'kubedrill-controls-')), 'controls.yaml');
  await writeFile(file, stringify(scenario));
  return await kubedrill(['run', file], {kubeconfig});
}

/** What each kind's control answered in a drill. */
function answers(run: Finished, kinds: readonly string[]): Record<string, string | undefined> {
  const answered = run.entries.filter((entry) => entry.type === 'control.answered');
  return Object.fromEntries(
    kinds.map((kind, index) => [kind, answered.find(({series}) => series.split('@')[0] === `p${index}`)?.state]),
  );
}

/** Whether the fault went out, before which each probe has to have been good. */
const hasBegun = (run: Finished) =>
  run.entries.some((entry) => entry.type === 'mutation.intent' && entry.role === 'fault');

const allBad = (kinds: readonly string[]) => Object.fromEntries(kinds.map((kind) => [kind, 'bad']));

describe('in a drill on the kind cluster', () => {
  beforeAll(async () => {
    expect(kubeconfig, 'KUBEDRILL_E2E_MULTI names no kubeconfig').not.toBe('');
    await atRest(kubeconfig);
  });
  afterAll(async () => expect(await residue(kubeconfig)).toBe(''));

  it('every probe is good, and its control is bad', async () => {
    const kinds = Object.keys(cluster);
    const run = await drill(cluster);
    expect(answers(run, kinds), run.stderr).toEqual(allBad(kinds));
    expect(hasBegun(run), run.stderr).toBe(true);
  });

  it.skipIf(!hasMonitoring)('so are those of Prometheus and Alertmanager, which need the real programs', async () => {
    const running = await startMonitoring(`127.0.0.1:${await freePort()}`);
    try {
      const wanted = Object.fromEntries(Object.entries(monitoring).map(([kind, given]) => [kind, given(running)]));
      const run = await drill(wanted);
      expect(answers(run, Object.keys(wanted)), run.stderr).toEqual(allBad(Object.keys(wanted)));
      expect(hasBegun(run), run.stderr).toBe(true);
    } finally {
      await running.stop();
    }
  });
});
