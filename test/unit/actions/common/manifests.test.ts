import {expect, test} from 'vitest';
import {inOrder, parseManifests} from '../../../../src/actions/common/manifests.ts';

const config = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: ${data}\n`;

test('scalars are read as kubectl reads them', () => {
  const [object] = parseManifests('f', config('{mode: 0644, yes: no, port: 22:22, day: 2026-01-02, size: 1_000}'));
  expect(object?.data).toEqual({mode: 420, true: false, port: '22:22', day: '2026-01-02', size: 1000});
});

test('documents, lists and empty documents', () => {
  const list =
    'apiVersion: v1\nkind: ConfigMapList\nitems:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}';
  const objects = parseManifests('f', `---\n# nothing\n---\n${config('{}')}---\n${list}\n---\n`);
  expect(objects.map(({metadata: {name}}) => name)).toEqual(['a', 'b']);
  expect(parseManifests('f', '')).toEqual([]);
});

test('a Secret is compared as the API server stores it, and status is nobody’s to write', () => {
  const source =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: Yg==}\nstringData: {c: d}\nstatus: {x: 1}';
  expect(parseManifests('f', source)).toEqual([
    {apiVersion: 'v1', kind: 'Secret', metadata: {name: 's'}, data: {a: 'Yg==', c: 'ZA=='}},
  ]);
});

test('an alias bomb is an error, not a wait', () => {
  const bomb = ['a: &a [1,1,1,1,1,1,1,1,1,1]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map((pair) => [...pair])) {
    bomb.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(',')}]`);
  }
  expect(() => parseManifests('bomb.yaml', bomb.join('\n'))).toThrow(/bomb\.yaml|alias/i);
});

test('what others need comes first, the rest keeps its order', () => {
  const made = ['Deployment', 'ConfigMap', 'Service', 'CustomResourceDefinition', 'Namespace'].map((kind) => ({
    apiVersion: 'v1',
    kind,
    metadata: {name: 'n'},
  }));
  expect(inOrder(made).map(({kind}) => kind)).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    'ConfigMap',
    'Deployment',
    'Service',
  ]);
});
