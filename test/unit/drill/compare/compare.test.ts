import {tmpdir} from 'node:os';
import {describe, expect, it} from 'vitest';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {differencesOf} from '../../../../src/drill/compare/differences.ts';
import {explain} from '../../../../src/drill/compare/explain.ts';
import {keyOf, type Note, note} from '../../../../src/drill/compare/note.ts';
import {createVault} from '../../../../src/drill/record/vault.ts';
import type {Target} from '../../../../src/io/target.ts';
import type {PlanRecord} from '../../../../src/journal/plan.ts';
import type {Mutation} from '../../../../src/journal/recover.ts';

const key = Buffer.from('of the run');
const vault = createVault(tmpdir());
const begun = Date.UTC(2026, 10, 20, 21, 0, 0);

type Made = Partial<Omit<KubeObject, 'metadata'>> & {metadata?: object};
const object = (kind: string, name: string, {metadata, ...rest}: Made = {}): KubeObject => ({
  apiVersion: kind === 'Deployment' || kind === 'ReplicaSet' ? 'apps/v1' : 'v1',
  kind,
  ...rest,
  metadata: {namespace: 'shop', name, uid: `uid of ${name}`, ...metadata},
});
const configMap = (data: object, metadata: object = {}) =>
  object('ConfigMap', 'settings', {metadata: {...metadata}, data: {...data}});
const ownedBy = (kind: string, name: string) => ({ownerReferences: [{kind, name, controller: true, uid: '1'}]});
const pod = (name: string, {ready = true, phase = 'Running'} = {}) =>
  object('Pod', name, {
    metadata: ownedBy('ReplicaSet', 'web-1'),
    status: {phase, conditions: [{type: 'Ready', status: ready ? 'True' : 'False'}]},
  });
const workload = [
  object('Deployment', 'web', {spec: {replicas: 2}}),
  object('ReplicaSet', 'web-1', {metadata: ownedBy('Deployment', 'web')}),
];

const notes = (objects: readonly KubeObject[]): Map<string, Note> =>
  new Map(objects.map((one) => note(one, key)).map((one) => [keyOf(one), one]));
const compared = (before: readonly KubeObject[], after: readonly KubeObject[]) =>
  differencesOf({notes: notes(before), blind: []}, {notes: notes(after), blind: []}).map(({target, change, paths}) => [
    target.kind,
    change,
    ...paths,
  ]);

describe('two looks at a cluster', () => {
  it('name what is gone, what is new, and what differs by its path', () => {
    expect(compared([configMap({a: '1'})], [])).toEqual([['ConfigMap', 'missing']]);
    expect(compared([], [configMap({a: '1'})])).toEqual([['ConfigMap', 'extra']]);
    expect(compared([configMap({a: '1', b: '2'})], [configMap({a: '2', c: '2'})])).toEqual([
      ['ConfigMap', 'changed', 'data.a', 'data.b', 'data.c'],
    ]);
  });

  it('know nothing of what belongs to a kind that was not looked at both times, Endpoints and pods alike', () => {
    const service = object('Service', 'web', {spec: {selector: {app: 'web'}}});
    const whole = [...workload, pod('web-1-a'), pod('web-1-b'), service, object('Endpoints', 'web')];
    const blinds = ['apps/v1 ReplicaSet shop', 'apps/v1 Deployment shop', 'v1 Pod shop', 'v1 Service shop', 'apps/v1'];
    for (const place of blinds) {
      const seen = whole.filter(({apiVersion, kind}) => ![`${apiVersion} ${kind} shop`, apiVersion].includes(place));
      const [all, part] = [
        {notes: notes(whole), blind: []},
        {notes: notes(seen), blind: [place]},
      ];
      const found = [...differencesOf(part, all), ...differencesOf(all, part)];
      expect({place, found: found.map(({target, paths}) => [target.kind, ...paths])}).toEqual({place, found: []});
    }
    // What has nothing to do with it is compared all the same.
    const left = notes(whole.filter(({kind}) => kind === 'Pod' || kind === 'Service'));
    expect(differencesOf({notes: notes(whole), blind: ['v1 Service other']}, {notes: left, blind: []})).not.toEqual([]);
  });

  it('take no notice of what the API server and controllers keep', () => {
    const metadata = {
      uid: 'another',
      resourceVersion: '9',
      generation: 7,
      creationTimestamp: '2026-11-20T21:00:00Z',
      annotations: {'deployment.kubernetes.io/revision': '3'},
    };
    expect(compared([configMap({a: '1'})], [configMap({a: '1'}, metadata)])).toEqual([]);
  });

  it('do not miss what one of them could not see', () => {
    const looks = (blind: string[]) =>
      differencesOf({notes: notes([configMap({})]), blind: []}, {notes: notes([]), blind}).length;
    expect([looks([]), looks(['v1 ConfigMap shop']), looks(['v1 Secret shop'])]).toEqual([1, 0, 1]);
  });

  it.each([
    ['ReplicaSet', 'apps/v1 ReplicaSet shop'],
    ['Deployment', 'apps/v1 Deployment shop'],
    ['ReplicaSet and Deployment', 'apps/v1'],
  ])('count no pods whose owner (%s) was not looked at, before or after', (kinds, place) => {
    const pods = [pod('web-1-a'), pod('web-1-b')];
    const all = {notes: notes([...workload, ...pods]), blind: []};
    const without = {notes: notes([...workload.filter(({kind}) => !kinds.includes(kind)), ...pods]), blind: [place]};
    expect(differencesOf(without, all)).toEqual([]);
    expect(differencesOf(all, without)).toEqual([]);
    expect(differencesOf(without, without)).toEqual([]);
  });

  it('tell an object that is on its way out', () => {
    expect(compared([configMap({})], [configMap({}, {deletionTimestamp: '2026-11-20T21:00:00Z'})])).toEqual([
      ['ConfigMap', 'changed', 'metadata.deletionTimestamp'],
    ]);
  });

  it('count the pods of a workload by their owner, whichever they are', () => {
    const two = [...workload, pod('web-1-a'), pod('web-1-b')];
    expect(compared(two, [...workload, pod('web-1-c'), pod('web-1-d')])).toEqual([]);
    expect(compared(two, [...workload, pod('web-1-a')])).toEqual([['Deployment', 'changed', '1 pod instead of 2']]);
    expect(compared(two, [...workload, pod('web-1-a'), pod('web-1-c', {ready: false})])).toEqual([
      ['Deployment', 'changed', '1 ready pod instead of 2'],
    ]);
    expect(compared(two, [...two, pod('web-1-old', {phase: 'Failed'})])).toEqual([]);
  });

  it('miss the revisions that went with their owner', () => {
    const old = object('ReplicaSet', 'web-0', {metadata: ownedBy('Deployment', 'web')});
    expect(compared([...workload, old], workload)).toEqual([['Deployment', 'changed', 'rollout history: web-0']]);
    expect(compared(workload, [...workload, old])).toEqual([]);
  });

  it('miss the status of a custom resource alone', () => {
    const custom = (status: object | undefined) => ({
      ...object('Database', 'main', status === undefined ? {} : {status: {...status}}),
      apiVersion: 'example.com/v1',
    });
    expect(compared([custom({phase: 'Ready'})], [custom(undefined)])).toEqual([['Database', 'changed', 'status']]);
    expect(compared([custom({phase: 'Ready'})], [custom({phase: 'Sick'})])).toEqual([]);
  });

  it('name owners of fields that have lost them, and the drill where it has kept some', () => {
    const by = (manager: string, fieldsV1: object, time = '2026-11-20T20:00:00Z', more: object = {}) => ({
      ...{manager, operation: 'Apply', apiVersion: 'v1', time, fieldsV1},
      ...more,
    });
    const owned = (...managedFields: object[]) => configMap({a: '1'}, {managedFields});
    const [a, b] = [{'f:data': {'f:a': {}}}, {'f:data': {'f:b': {}}}];
    const late = '2026-11-20T21:00:00Z';
    const paths = (was: KubeObject, is: KubeObject) => compared([was], [is]).flatMap(([, , ...rest]) => rest);
    expect(paths(owned(by('gitops', a)), owned(by('kubedrill', a, late)))).toEqual([
      'metadata.managedFields[kubedrill]',
      'metadata.managedFields[gitops]',
    ]);
    expect(paths(owned(by('gitops', {'f:data': {'f:a': {}, 'f:b': {}}})), owned(by('gitops', b)))).toEqual([
      'metadata.managedFields[gitops]',
    ]);
    expect(paths(owned(by('gitops', a)), owned(by('gitops', b, late)))).toEqual([]);
    expect(paths(owned(by('kubedrill', a)), owned(by('kubedrill', a, late)))).toEqual([]);
    expect(paths(owned(by('kube-controller-manager', a)), owned())).toEqual([]);
    expect(paths(owned(by('operator', a, late, {subresource: 'status'})), owned())).toEqual([]);
    // Notes of an earlier version say nothing of owners.
    const old = new Map([...notes([owned(by('gitops', a))])].map(([name, {owners: _, ...rest}]) => [name, rest]));
    expect(differencesOf({notes: old, blind: []}, {notes: notes([owned()]), blind: []})).toEqual([]);
  });

  it('keep no value, not even of a Secret', () => {
    const secret = object('Secret', 'login', {data: {password: 'aHVudGVyMg=='}});
    expect(JSON.stringify(note(secret, key))).not.toContain('aHVudGVyMg');
    expect(note(secret, key).leaves).toContain('data.password\t');
    expect(note(secret, Buffer.from('of another run')).hash).not.toBe(note(secret, key).hash);
  });
});

describe('a difference', () => {
  const by = (manager: string, seconds: number, fieldsV1: object = {'f:data': {'f:a': {}}}) => ({
    managedFields: [
      {manager, operation: 'Update', time: new Date(begun + seconds * 1000).toISOString(), fieldsV1: {...fieldsV1}},
    ],
  });
  const told = async (before: KubeObject | undefined, after: KubeObject | undefined, mutations: Mutation[] = []) => {
    const [found] = differencesOf(
      {notes: notes(before ? [before] : []), blind: []},
      {notes: notes(after ? [after] : []), blind: []},
    );
    if (found === undefined) throw new Error('they do not differ');
    const {explained, command} = await explain(found, {
      mutations,
      vault,
      since: begun + 400,
      programs: [],
      live: async () => after,
    });
    return explained ?? command;
  };
  const mutation = (undone: Mutation['undone'], command?: string): Mutation => ({
    ...{id: 'm1', role: 'recovery', phase: 'recover', step: 'recover.0', applied: 'yes', undone},
    target: {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'settings'},
    undo: {kind: 'object/put-back', data: {}},
    ...(command === undefined ? {} : {command}),
  });

  it('is the recovery that stays, in the fields that it wrote and no others', async () => {
    const stays = 'it is the recovery of recover.0, which stays';
    const wrote = (...fields: object[]) => [
      {...mutation('kept'), undo: {kind: 'object/put-back', data: {uid: '1', fields: fields as never}}},
    ];
    const a = wrote({path: ['data', 'a'], before: '1', after: '2'});
    expect(await told(configMap({a: '1'}), configMap({a: '2'}), a)).toBe(stays);
    expect(await told(configMap({}), configMap({a: '2'}), a)).toBe(stays);
    const other = 'kubectl -n shop get configmap/settings -o yaml';
    expect(await told(configMap({a: '1', b: '1'}), configMap({a: '2', b: '2'}), a)).toBe(other);
    expect(await told(configMap({a: '1', ab: '1'}), configMap({a: '2'}), a)).toBe(other);
    expect(await told(configMap({a: '1'}), undefined, a)).toBeUndefined();
  });

  it('comes with the command that shows the owners, when they are all that differs', async () => {
    const fields = {'f:data': {'f:a': {}}};
    const taken = configMap({a: '1'}, by('kubedrill', 5, fields));
    const undone = [{...mutation('undone'), command: 'kubectl create -f vault/settings.json'}];
    expect(await told(configMap({a: '1'}), taken, undone)).toBe(
      'kubectl -n shop get configmap/settings -o yaml --show-managed-fields',
    );
  });

  it('is what a recovery that stays has made or deleted, as a whole', async () => {
    const made = [{...mutation('kept'), undo: {kind: 'object/remove', data: {}}}];
    expect(await told(configMap({a: '1'}), configMap({b: '2'}), made)).toContain('which stays');
    const gone = [{...mutation('kept'), undo: {kind: 'object/recreate', data: {}}}];
    expect(await told(configMap({a: '1'}), undefined, gone)).toContain('which stays');
  });

  it('is the pods of a workload whose spec a recovery that stays has changed', async () => {
    const target = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
    const scaled = (path: string[]) => [
      {...mutation('kept'), target, undo: {kind: 'object/put-back', data: {uid: '1', fields: [{path, after: 1}]}}},
    ];
    const tell = async (path: string[]) => {
      const [found] = differencesOf(
        {notes: notes([...workload, pod('web-1-a'), pod('web-1-b')]), blind: []},
        {notes: notes([...workload, pod('web-1-a')]), blind: []},
      );
      if (found === undefined) throw new Error('they do not differ');
      const mutations = scaled(path);
      return (await explain(found, {mutations, vault, since: begun, programs: [], live: async () => undefined}))
        .explained;
    };
    expect(await tell(['spec', 'replicas'])).toContain('which stays');
    expect(await tell(['metadata', 'labels', 'a'])).toBeUndefined();
  });

  it('is what an action leaves by design, with the owner of it', async () => {
    const name = 'kubectl.kubernetes.io/restartedAt';
    const template = (annotations: object) => ({spec: {template: {metadata: {annotations: {...annotations}}}}});
    const mark = {'f:spec': {'f:template': {'f:metadata': {'f:annotations': {[`f:${name}`]: {}}}}}};
    const target = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
    const ref = {apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web'};
    const data = {healer: ref, desired: 1, uids: ['1'], restartedAt: 'now'};
    const restart = {...mutation('undone'), target, undo: {kind: 'platform/heals', data}};
    const after = object('Deployment', 'web', {
      ...template({other: 'x', [name]: 'now'}),
      metadata: by('kubedrill', 5, mark),
    });
    expect(await told(object('Deployment', 'web', template({other: 'x'})), after, [restart])).toContain(
      'the mark of the restart',
    );
  });

  it("is somebody else's change when the API server says so for every path, and since", async () => {
    const was = configMap({a: '1'});
    expect(await told(was, configMap({a: '2'}, by('kubectl-edit', 5)))).toBe(
      'changed meanwhile by kubectl-edit, at 2026-11-20T21:00:05.000Z',
    );
    const unexplained = 'kubectl -n shop get configmap/settings -o yaml';
    expect(await told(was, configMap({a: '2'}, by('kubectl-edit', -5)))).toBe(unexplained);
    expect(await told(was, configMap({a: '2', b: '3'}, by('kubectl-edit', 5)))).toBe(unexplained);
    expect(await told(was, configMap({a: '2'}, by('kubedrill', 5)))).toBe(unexplained);
  });

  it("is somebody else's change of a map that has an owner as a whole, as a selector or a port of a backend", async () => {
    const whole = (fields: object) => by('kubectl-edit', 5, fields);
    const was = configMap({a: '1'});
    expect(await told(was, configMap({a: '2'}, whole({'f:data': {}})))).toContain('changed meanwhile by kubectl-edit');
    const unexplained = 'kubectl -n shop get configmap/settings -o yaml';
    expect(await told(was, configMap({a: '2'}, whole({'f:data': {'.': {}}})))).toBe(unexplained);
    expect(await told(was, configMap({a: '2'}, whole({})))).toBe(unexplained);
  });

  it('is a field that somebody else has taken from its owner; what the drill has kept is not explained', async () => {
    const gitops = {managedFields: [{manager: 'gitops', operation: 'Apply', fieldsV1: {'f:data': {'f:a': {}}}}]};
    const was = configMap({a: '1'}, gitops);
    expect(await told(was, configMap({a: '1'}, by('kubectl', 5)))).toContain('changed meanwhile by kubectl');
    const unexplained = 'kubectl -n shop get configmap/settings -o yaml --show-managed-fields';
    expect(await told(was, configMap({a: '1'}, by('kubedrill', 5)))).toBe(unexplained);
  });

  it('is what somebody else has made, if it was not the control plane in answer to the drill', async () => {
    const born = {creationTimestamp: new Date(begun + 5000).toISOString()};
    expect(await told(undefined, configMap({}, {...born, ...by('helm', 5)}))).toBe(
      'made meanwhile by helm, at 2026-11-20T21:00:05.000Z',
    );
    const byHand = 'kubectl -n shop delete configmap/settings';
    expect(await told(undefined, configMap({}, {...born, ...by('kube-controller-manager', 5)}))).toBe(byHand);
    expect(
      await told(undefined, configMap({}, {...born, ...by('helm', 5), labels: {'kubedrill.dev/run': 'abc'}})),
    ).toBe(byHand);
  });

  it('in what is gone is never explained, and says how to bring it back where that is known', async () => {
    expect(await told(configMap({a: '1'}), undefined)).toBeUndefined();
    const copy = [mutation('undone', 'kubectl create -f vault/settings.json')];
    expect(await told(configMap({a: '1'}), undefined, copy)).toBe('kubectl create -f vault/settings.json');
  });

  it('in what a step was to take along is explained where its loss is accepted', async () => {
    const target = {apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'token'};
    const step = {path: 'inject.0', phase: 'inject', form: 'uses', timeout: 1, targets: [], undoKinds: []} as const;
    const told = async (cascade: Target[], accept: PlanRecord['accept'], change: 'missing' | 'changed' = 'missing') => {
      const plan = {steps: [{...step, targets: [{...target, kind: 'Order'}], undoKinds: [], cascade}], accept};
      const found =
        change === 'missing'
          ? {target, change, paths: []}
          : {target: {...target, kind: 'Order'}, change, paths: ['status']};
      return (
        await explain(found, {mutations: [], vault, plan, since: begun, programs: [], live: async () => undefined})
      ).explained;
    };
    const accept = (loss: string) => [{loss, reason: 'only a robot of the test uses it'}];
    const because = 'the loss of objects is accepted: only a robot of the test uses it';
    expect(await told([target], accept('objects'))).toBe(because);
    expect(await told([target], [{...accept('objects')[0], of: ['Secret']} as PlanRecord['accept'][number]])).toBe(
      because,
    );
    expect(await told([], accept('objects'))).toBeUndefined();
    expect(await told([target], accept('status'))).toBeUndefined();
    expect(await told([], accept('status'), 'changed')).toMatch(/^the loss of status is accepted/);
    expect(await told([], accept('objects'), 'changed')).toBeUndefined();
  });
});
