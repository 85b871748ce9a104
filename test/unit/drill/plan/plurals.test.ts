import {expect, test} from 'vitest';
import {permit} from '../../../../src/actions/common/permissions.ts';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ApiResource} from '../../../../src/cluster/types.ts';
import {called} from '../../../../src/drill/plan/plurals.ts';

const podChaos = {apiVersion: 'chaos-mesh.org/v1alpha1', kind: 'PodChaos'};
const served: ApiResource = {
  group: 'chaos-mesh.org',
  version: 'v1alpha1',
  kind: 'PodChaos',
  resource: 'podchaos',
  namespaced: true,
};
const asked = permit(['create'], {...podChaos, namespace: 'chaos'});
const create = {verb: 'create', group: 'chaos-mesh.org', resource: 'podchaos', namespace: 'chaos'};
const notServed = () => Promise.reject(new ClusterError('no', {reason: 'notFound'}));

test('a kind is called as discovery says', async () => {
  const cluster = {resource: async () => served};
  expect(await called(asked, {brought: [], cluster})).toEqual({permissions: [create], assumed: []});
});

test('what lies in no namespace is permitted in none', async () => {
  const cluster = {resource: async () => ({...served, namespaced: false})};
  const {namespace: _, ...everywhere} = create;
  expect((await called(asked, {brought: [], cluster})).permissions).toEqual([everywhere]);
});

test('a kind that the scenario brings is called as its definition says', async () => {
  const cluster = {resource: notServed};
  expect(await called(asked, {brought: [served], cluster})).toEqual({permissions: [create], assumed: []});
});

test("what nobody could be asked for is told as assumed, but for Kubernetes' own kinds", async () => {
  const cluster = {resource: notServed};
  const pods = permit(['get'], {apiVersion: 'v1', kind: 'Pod', namespace: 'shop'});
  expect(await called([...asked, ...asked, ...pods], {brought: [], cluster})).toEqual({
    permissions: [
      {...create, resource: 'podchaoses'},
      {...create, resource: 'podchaoses'},
      {verb: 'get', group: '', resource: 'pods', namespace: 'shop'},
    ],
    assumed: [{...podChaos, resource: 'podchaoses'}],
  });
});
