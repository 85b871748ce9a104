import {expect, test} from 'vitest';
import {foresee} from '../../../../src/actions/fields/foresee.ts';
import {pathText} from '../../../../src/actions/fields/path.ts';
import {touchedBy} from '../../../../src/actions/fields/touched.ts';
import type {KubeObject} from '../../../../src/cluster/types.ts';

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
