import {afterAll, afterEach, describe, expect, test} from 'vitest';
import * as z from 'zod';
import {actions} from '../../../src/actions/index.ts';
import {undos} from '../../../src/drill/undo/registry.ts';
import type {JsonObject} from '../../../src/io/json.ts';
import {type Seen, startWorld, type World} from '../../support/action-context.ts';
import {call, practice, type TestCluster, until, webApp} from '../../support/practice.ts';

/** One input for each action that works on the Deployment default/web and the ConfigMap default/settings. */
const inputs: Record<string, JsonObject> = {
  'command/run': {argv: ['true'], undo: {argv: ['true']}},
  'deployment/restart': {name: 'web'},
  'deployment/scale': {name: 'web', replicas: 1},
  'network/isolate': {selector: 'app=web'},
  'node/cordon': {name: 'practice-worker'},
  // CoreDNS goes, too, and would take five seconds to end.
  'node/drain': {running: {selector: 'app=web'}, gracePeriod: '1s'},
  'object/apply': {inline: {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'made'}, data: {a: '1'}}},
  'object/delete': {apiVersion: 'apps/v1', kind: 'Deployment', name: 'web'},
  'object/patch': {apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', patch: {data: {a: '2'}}},
  'pod/delete': {selector: 'app=web', count: 1},
};

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';

/** One cluster for all kinds: each returns it as it was. After a failure the next test gets a new one. */
let shared: TestCluster | undefined;

async function prepared(): Promise<World> {
  shared ??= await filled();
  const cluster = shared;
  // What was undone may still settle: new pods become ready, old ones end.
  await until(
    async () => [await call(cluster, 'GET', `${deployments}/web`), await call(cluster, 'GET', pods)] as const,
    ([{body: web}, {body: all}]) =>
      web.status?.readyReplicas === 2 &&
      web.status.observedGeneration === web.metadata.generation &&
      all.items.length === 2,
  );
  return await startWorld({there: cluster});
}

async function filled(): Promise<TestCluster> {
  const cluster = await practice();
  await call(cluster, 'POST', deployments, webApp('default').deployment);
  const settings = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'settings'}, data: {a: '1'}};
  await call(cluster, 'POST', '/api/v1/namespaces/default/configmaps', settings);
  return cluster;
}

async function end(): Promise<void> {
  const ending = shared;
  shared = undefined;
  await ending?.[Symbol.asyncDispose]();
}

afterEach(async ({task}) => {
  if (task.result?.state === 'fail') await end();
});
afterAll(end);

/** Asking for one's own permissions is a POST that changes nothing. */
/** What is only tried out changes nothing. */
const mutating = ({method, path}: Seen) =>
  method !== 'GET' && !path.includes('selfsubjectaccessreviews') && !path.includes('dryRun=All');

test('the inputs here cover the registry', () => {
  expect(Object.keys(inputs).toSorted()).toEqual(Object.keys(actions).toSorted());
});

describe.each(Object.entries(actions))('%s', (kind, definition) => {
  test('says what it is, by its key in the registry', () => {
    expect(definition.kind).toBe(kind);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
    expect(definition.reversal).toBeDefined();
    expect(definition.examples.length).toBeGreaterThan(0);
    for (const example of definition.examples)
      expect(definition.input.safeParse(example)).toMatchObject({success: true});
  });

  test('says what its effect shows, when it has one', () => {
    const given = definition.input.safeParse(inputs[kind]);
    const shows = typeof definition.shows === 'function' ? definition.shows(given.data) : definition.shows;
    const may: unknown[] = definition.effect === undefined ? [undefined] : ['consequence', 'own-write'];
    expect(may).toContain(shows);
  });

  test('has strict input and output, with words for every field', () => {
    expect(definition.input.safeParse({...inputs[kind], unknown: 1}).success).toBe(false);
    for (const schema of [definition.input, definition.output]) {
      const json = z.toJSONSchema(schema, {io: 'input', target: 'draft-7', unrepresentable: 'any'});
      expect(json.additionalProperties).toBe(false);
      for (const [name, field] of Object.entries(json.properties ?? {})) {
        expect(field, name).toMatchObject({description: expect.any(String)});
      }
    }
  });

  test('plans by reading alone', async () => {
    await using world = await prepared();
    const plan = await world.plan(kind, inputs[kind] ?? {});
    expect(world.seen.filter(mutating)).toEqual([]);
    expect(world.calls.filter(({side}) => side === 'change')).toEqual([]);
    expect(world.intents).toEqual([]);
    expect(plan.targets.length).toBeGreaterThan(0);
    for (const undoKind of plan.undoKinds) expect(definition.undos.map(({kind}) => kind)).toContain(undoKind);
    JSON.stringify(plan);
  });

  test('changes nothing outside an intent, one call each, and its undos return the world', async () => {
    await using world = await prepared();
    const {plan} = await world.play(kind, inputs[kind] ?? {});
    const changes = world.seen.filter(mutating);
    const outside = world.calls.filter(({side}) => side === 'change');
    expect([...changes, ...outside].filter(({inIntent}) => !inIntent)).toEqual([]);
    for (const {method, body} of changes)
      if (method === 'DELETE') expect(body).toMatch(/"preconditions":{"uid":"[^"]+"/);
    expect(changes.length + outside.length).toBe(world.intents.length);
    expect(world.intents.length).toBeGreaterThan(0);
    for (const intent of world.intents) {
      expect(plan.undoKinds).toContain(intent.undo.kind);
      expect(await world.undo(intent, 20_000)).toMatchObject({state: expect.stringMatching(/^(?:undone|already)$/)});
      expect(await world.verify(intent)).toMatchObject({ok: true});
    }
    for (const {method, body} of world.seen) if (method === 'DELETE') expect(body).toContain('"preconditions"');
  });

  test('asks for every permission that it uses, effect and undo included', async () => {
    await using world = await prepared();
    const definedFor = {defaultNamespace: 'default'};
    const input = definition.input.parse(inputs[kind]);
    const asked = definition.permissions(input, definedFor);
    const {effect} = await world.play(kind, inputs[kind] ?? {});
    await effect();
    await world.undoAll(20_000);
    const used = world.seen.map(permissionOf).filter((permission) => permission !== undefined);
    const known = new Set(
      asked.map(({verb, resource, subresource}) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`),
    );
    // What discovery shows is looked at where the API server, asked before, says that one may.
    const reviewed = new Set(world.seen.filter(({path}) => path.includes('selfsubjectaccessreviews')).map(reviewOf));
    expect(used.filter((permission) => !known.has(permission) && !reviewed.has(permission))).toEqual([]);
  });
});

describe.each(Object.entries(undos))('undo %s', (kind, definition) => {
  test('says what it is, by its key in the registry', () => {
    expect(definition.kind).toBe(kind);
    expect(definition.summary).toMatch(/^[A-Z].*\.$/);
  });
});

/** `delete pods` for a request; undefined for discovery and for the review of permissions. */
function permissionOf({method, path}: Seen): string | undefined {
  const [location = '', query = ''] = path.split('?');
  const inside = /^\/(?:api\/v1|apis\/[^/]+\/[^/]+)\/(.+)$/.exec(location)?.[1]?.split('/') ?? [];
  // Of `namespaces/shop/pods/web` only `pods/web`; `namespaces/shop` is about the namespace itself.
  const [resource, name, subresource] = inside[0] === 'namespaces' && inside.length > 2 ? inside.slice(2) : inside;
  if (resource === undefined || resource === 'selfsubjectaccessreviews') return undefined;
  // Whether a namespace exists only makes a message better: who may not look is not refused.
  if (resource === 'namespaces' && method === 'GET') return undefined;
  const reads = name === undefined ? (query.includes('watch') ? 'watch' : 'list') : 'get';
  const verb = {GET: reads, POST: 'create', PATCH: 'patch', PUT: 'update', DELETE: 'delete'}[method];
  return `${verb} ${[resource, subresource].filter(Boolean).join('/')}`;
}

/** What a review asks for, as {@link permissionOf} names it. */
function reviewOf({body}: Seen): string {
  const {spec} = JSON.parse(body) as {spec: {resourceAttributes: {verb: string; resource: string}}};
  return `${spec.resourceAttributes.verb} ${spec.resourceAttributes.resource}`;
}
