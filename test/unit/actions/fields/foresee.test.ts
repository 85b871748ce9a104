import {describe, expect, test} from 'vitest';
import {foresee} from '../../../../src/actions/fields/foresee.ts';
import {pathText} from '../../../../src/actions/fields/path.ts';
import {putBack, stateOf, touchedBy} from '../../../../src/actions/fields/touched.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import type {JsonObject} from '../../../../src/io/json.ts';

const generation = 'deprecated.daemonset.template.generation';
const set = (template: string, annotations: Record<string, string>): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: {name: 'agent', annotations},
  spec: {template},
});
const live = set('one', {[generation]: '1'});

const paths = async (answer: KubeObject, written: KubeObject) => {
  const fields = await foresee(live, {tryOut: async () => answer, byHand: () => touchedBy(written, live)});
  return fields.map(({path}) => pathText(path));
};

test('what controllers note beside a change is not ours to put back: they would write it again', async () => {
  const written = set('two', {[generation]: '1'});
  expect(await paths(set('two', {[generation]: '2', 'deployment.kubernetes.io/revision': '3'}), written)).toEqual([
    'spec.template',
  ]);
});

test('such a note that the change itself writes is', async () => {
  const answer = set('one', {[generation]: '9'});
  expect(await paths(answer, answer)).toEqual([`metadata.annotations.${generation}`]);
});

describe('what the API server chooses, as the port of a node, and not what it has told the dry run', () => {
  const service = (spec: JsonObject): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'web'},
    spec,
  });
  const was = service({type: 'ClusterIP', ports: [{name: 'http', port: 80}]});
  const chosen = async (before: KubeObject, written: JsonObject, answer: (port: number) => KubeObject) => {
    return await foresee(before, {
      tryOut: async () => answer(32_769),
      byHand: () => touchedBy(service(written), before),
    });
  };

  test('is ours, whichever it is, and goes again', async () => {
    const of = (nodePort: number) => service({type: 'NodePort', ports: [{name: 'http', port: 80, nodePort}]});
    const fields = await chosen(was, {type: 'NodePort'}, of);
    expect(stateOf(of(31_999), fields)).toMatchObject({state: 'ours'});
    expect(putBack(fields, of(31_999))).toEqual({spec: {type: 'ClusterIP', ports: [{name: 'http', port: 80}]}});
    const theirs = service({type: 'LoadBalancer', ports: [{name: 'http', port: 80, nodePort: 31_999}]});
    expect(stateOf(theirs, fields)).toMatchObject({state: 'foreign'});
    expect(stateOf(was, fields)).toEqual({state: 'original'});
  });

  test('in an item that is added is ours as well; what else is in the item is held against it', async () => {
    const before = service({type: 'NodePort', ports: [{name: 'http', port: 80, nodePort: 30_080}]});
    const of = (nodePort: number, port = 81) =>
      service({
        type: 'NodePort',
        ports: [
          {name: 'http', port: 80, nodePort: 30_080},
          {name: 'more', port, nodePort},
        ],
      });
    const ports = [
      {name: 'http', port: 80, nodePort: 30_080},
      {name: 'more', port: 81},
    ];
    const fields = await chosen(before, {ports}, (port) => of(port));
    expect(stateOf(of(31_999), fields)).toMatchObject({state: 'ours'});
    expect(putBack(fields, of(31_999))).toEqual({spec: {ports: [{name: 'http', port: 80, nodePort: 30_080}]}});
    expect(stateOf(of(31_999, 82), fields)).toMatchObject({state: 'foreign'});
  });
});
