import {expect, test} from 'vitest';
import {connect} from '../../src/cluster/connect.ts';
import {createExec} from '../../src/io/exec.ts';
import {probes} from '../../src/probes/index.ts';
import {call, practice, until, webApp} from '../support/practice.ts';
import {askControl, askProbe} from '../support/probe-context.ts';

/** An input for each kind that is good on a practice cluster with the Service default/web. */
const inputs: Readonly<Record<string, object>> = {
  http: {service: 'default/web'},
  tcp: {service: 'default/web:80'},
  dns: {name: 'web.default.svc.cluster.local.'},
  'kubernetes/object': {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web'},
  'kubernetes/api': {},
  command: {argv: ['true'], controlArgv: ['false']},
};
/** Kinds that ask something which the practice cluster does not have; tested against the real programs. */
const elsewhere = ['prometheus', 'alertmanager'];

test('every kind of probe has an input here, or is tested elsewhere', () => {
  expect([...Object.keys(inputs), ...elsewhere].toSorted()).toEqual(Object.keys(probes).toSorted());
});

test('on the practice cluster every probe can be good, and its control is bad', async () => {
  await using cluster = await practice();
  const {deployment, service} = webApp('default');
  await call(cluster, 'POST', '/apis/apps/v1/namespaces/default/deployments', deployment);
  await call(cluster, 'POST', '/api/v1/namespaces/default/services', service);
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  const context = {
    dial: cluster.dial,
    cluster: connection.reader,
    exec: createExec(),
    nameserver: '10.96.0.10',
  };
  for (const [kind, input] of Object.entries(inputs)) {
    const definition = probes[kind];
    if (definition === undefined) throw new Error(`there is no probe ${kind}`);
    await until(
      () => askProbe(definition, input, context),
      ({state}) => state === 'ok',
    );
    expect(await askControl(definition, input, context), kind).toMatchObject({state: 'bad'});
    for (const variant of Object.values(definition.controls ?? {})) {
      const given = variant(definition.input.parse(input));
      expect(await askProbe(definition, given, context), kind).toMatchObject({state: 'bad'});
    }
  }
  connection.close();
});
