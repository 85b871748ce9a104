import {describe, expect, it} from 'vitest';
import {
  configManifest,
  groupProbes,
  type ManifestInput,
  workloadManifest,
} from '../../../../src/drill/prober/manifests.ts';
import {proberConfig} from '../../../../src/drill/prober/protocol.ts';
import type {ProbeRecord} from '../../../../src/journal/plan.ts';

const run = {id: '2026-11-20T214007Z-x-7f3a', label: '20261120-7f3a', fieldManager: 'kubedrill'} as const;
const probe = (name: string, on?: ProbeRecord['on']): ProbeRecord => ({
  name,
  uses: 'dns',
  from: 'cluster',
  ...(on === undefined ? {} : {on}),
  every: 100,
  timeout: 100,
  with: {name: 'a.'},
});
const input = (on: ProbeRecord['on'], more: Partial<ManifestInput> = {}): ManifestInput => {
  const [group] = groupProbes(run, [probe('dns', on)]);
  if (!group) throw new Error('no group');
  return {
    namespace: 'kubedrill',
    run,
    group,
    settings: {image: 'kubedrill/kubedrill:1'},
    scope: {vars: {a: 1}},
    lifetime: 90_500,
    targetNodes: [],
    expires: new Date(0),
    ...more,
  };
};
const config = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'c', uid: 'u1'}};
// Tests look deep into the objects that are sent; their shape is what is tested.
const workload = (of: ManifestInput) => JSON.parse(JSON.stringify(workloadManifest(of, config)));

describe('prober manifests', () => {
  it('put probes of the same place together', () => {
    const groups = groupProbes(run, [
      probe('a'),
      probe('b', 'eachNode'),
      probe('c', 'oneNode'),
      probe('d', {selector: 'x=y'}),
    ]);
    expect(groups.map(({on, probes}) => [on, probes.map(({name}) => name)])).toEqual([
      ['oneNode', ['a', 'c']],
      ['eachNode', ['b']],
      [{selector: 'x=y'}, ['d']],
    ]);
    expect(new Set(groups.map(({name}) => name)).size).toBe(3);
  });

  it('write a configuration that the prober reads', () => {
    const data = configManifest(input('oneNode')).data as {'prober.json': string};
    expect(proberConfig.parse(JSON.parse(data['prober.json']))).toMatchObject({
      scope: {vars: {a: 1}},
      lifetime: 90_500,
      expires: '1970-01-01T00:00:00.000Z',
      probes: [{name: 'dns', uses: 'dns', every: 100, timeout: 100, with: {name: 'a.'}}],
    });
  });

  it('are one Pod that ends by itself for one node', () => {
    const {kind, spec, metadata} = workload(input('oneNode', {targetNodes: ['n1']}));
    expect(kind).toBe('Pod');
    expect(spec.activeDeadlineSeconds).toBe(91);
    expect(metadata.ownerReferences).toEqual([{apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u1'}]);
    expect(spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms).toEqual([
      {matchFields: [{key: 'metadata.name', operator: 'NotIn', values: ['n1']}]},
    ]);
  });

  it('are a DaemonSet on every node, the targets included', () => {
    const {kind, spec} = workload(input('eachNode', {targetNodes: ['n1']}));
    expect(kind).toBe('DaemonSet');
    expect(spec.template.spec.tolerations).toEqual([{operator: 'Exists'}]);
    expect(spec.template.spec).not.toHaveProperty('affinity');
    expect(spec.template.spec).not.toHaveProperty('activeDeadlineSeconds');
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
  });

  it('select nodes as kubectl does', () => {
    const {spec} = workload(input({selector: 'a=b,c in (d, e),!f,g'}, {targetNodes: ['n1']}));
    const [term] =
      spec.template.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms;
    expect(term.matchExpressions).toEqual([
      {key: 'a', operator: 'In', values: ['b']},
      {key: 'c', operator: 'In', values: ['d', 'e']},
      {key: 'f', operator: 'DoesNotExist'},
      {key: 'g', operator: 'Exists'},
    ]);
    expect(term.matchFields).toHaveLength(1);
    expect(() => workload(input({selector: 'a=b=c'}))).toThrow(/cannot be read at "a=b=c"/);
  });

  it('keep to Pod Security "restricted"', () => {
    const {spec} = workload(input('oneNode'));
    const [container] = spec.containers;
    expect(spec.securityContext).toMatchObject({runAsNonRoot: true, seccompProfile: {type: 'RuntimeDefault'}});
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: {drop: ['ALL']},
      readOnlyRootFilesystem: true,
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.hostNetwork).toBeUndefined();
  });

  it('take over what the configuration says', () => {
    const settings = {
      image: 'mirror/kubedrill:1',
      pullSecrets: ['pull'],
      tolerations: [{key: 'gpu', operator: 'Exists'}],
      resources: {limits: {memory: '1Gi'}},
      priorityClassName: 'high',
    };
    const {spec} = workload(input('oneNode', {settings}));
    expect(spec).toMatchObject({
      imagePullSecrets: [{name: 'pull'}],
      tolerations: settings.tolerations,
      priorityClassName: 'high',
      containers: [{image: settings.image, resources: settings.resources}],
    });
  });
});
