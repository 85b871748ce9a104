import {isJsonObject, type Json, type JsonObject} from '../../../src/io/json.ts';
import {type Edit, edited} from './edits.ts';

/** What `kubectl get` shows of a namespace, by kind and name, as its users have meant it. */
export interface Seen {
  objects: Map<string, JsonObject>;
  /** Of what controllers make: how many there are, by the topmost owner. */
  made: Map<string, Made>;
}

interface Made {
  running: number;
  ready: number;
  revisions: number;
}

/** Text of numbers, which are compared as they were written: a `number` would round them. */
const exact = (text: string): Json =>
  JSON.parse(text, function (this: unknown, _key: string, value: unknown, context?: {source?: string}) {
    return typeof value === 'number' ? `#${context?.source}` : value;
  } as Parameters<typeof JSON.parse>[1]);

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const object = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : []);

/** Names an object. */
export const keyOf = (apiVersion: string, kind: string, name: string): string => `${apiVersion} ${kind} ${name}`;
const keyOfItem = ({apiVersion, kind, metadata}: JsonObject): string =>
  keyOf(text(apiVersion), text(kind), text(object(metadata).name));

/** Reads the answer of `kubectl get … -o json --show-managed-fields`. */
export function seenIn(answer: string): Seen {
  const items = list(object(exact(answer)).items);
  const uids = new Map(items.map((item) => [text(object(item.metadata).uid), item]));
  const seen: Seen = {objects: new Map(), made: new Map()};
  for (const item of items) {
    if (item.kind === 'Event') continue;
    const owner = topOwner(item, uids);
    if (owner !== undefined && ['Pod', 'ReplicaSet', 'ControllerRevision'].includes(text(item.kind))) {
      count(seen.made, owner, item);
    } else if (!isDerived(item, items)) seen.objects.set(keyOfItem(item), usersPart(item, uids));
  }
  return seen;
}

function topOwner(item: JsonObject, uids: ReadonlyMap<string, JsonObject>): string | undefined {
  const reference = list(object(item.metadata).ownerReferences).find(({controller}) => controller === true);
  if (reference === undefined) return undefined;
  const owner = uids.get(text(reference.uid));
  if (owner === undefined) return keyOf(text(reference.apiVersion), text(reference.kind), text(reference.name));
  return topOwner(owner, uids) ?? keyOfItem(owner);
}

function count(made: Map<string, Made>, owner: string, {kind, metadata, status}: JsonObject): void {
  const sum = made.get(owner) ?? {running: 0, ready: 0, revisions: 0};
  made.set(owner, sum);
  if (kind !== 'Pod') sum.revisions += 1;
  else if (object(metadata).deletionTimestamp === undefined && object(status).phase === 'Running') {
    sum.running += 1;
    const isReady = list(object(status).conditions).some((one) => one.type === 'Ready' && one.status === 'True');
    sum.ready += isReady ? 1 : 0;
  }
}

/** What a controller makes of a Service, or a CronJob. */
function isDerived({kind, metadata}: JsonObject, items: readonly JsonObject[]): boolean {
  const {name, labels, ownerReferences} = object(metadata);
  if (kind === 'EndpointSlice')
    return text(object(labels)['endpointslice.kubernetes.io/managed-by']).endsWith('k8s.io');
  if (kind === 'Job') return list(ownerReferences).some((one) => one.kind === 'CronJob');
  if (kind !== 'Endpoints') return false;
  const service = items.find((one) => one.kind === 'Service' && object(one.metadata).name === name);
  return Object.keys(object(object(service?.spec).selector)).length > 0;
}

const controllersNotes = new Set([
  'deployment.kubernetes.io/revision',
  'deprecated.daemonset.template.generation',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);
const ofUids = new Set(['controller-uid', 'batch.kubernetes.io/controller-uid']);

function without(map: Json | undefined, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(object(map)).filter(([name]) => !names.has(name)));
}

function usersPart({status: _, metadata, ...rest}: JsonObject, uids: ReadonlyMap<string, JsonObject>): JsonObject {
  const {labels, annotations, ownerReferences, managedFields, deletionTimestamp, ...more} = object(metadata);
  const kept = without(
    more,
    new Set(['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink', 'deletionGracePeriodSeconds']),
  );
  return {
    ...rest,
    ...partOf(rest),
    metadata: {
      ...kept,
      labels: without(labels, ofUids),
      annotations: without(annotations, controllersNotes),
      ...(deletionTimestamp === undefined ? {} : {isGoing: true}),
      // An owner of the same name and another UID is none: the garbage collector takes the object.
      ownerReferences: list(ownerReferences).map(({uid, ...one}) => ({...one, isThere: uids.has(text(uid))})),
      isOurs: list(managedFields).some(({manager}) => manager === 'kubedrill'),
    },
  };
}

/** What the platform fills in for this very object. */
function partOf({kind, spec}: JsonObject): JsonObject {
  if (kind === 'Job') {
    const {selector: _, template, ...job} = object(spec);
    const {metadata, ...pod} = object(template);
    return {
      spec: {
        ...job,
        template: {...pod, metadata: {...object(metadata), labels: without(object(metadata).labels, ofUids)}},
      },
    };
  }
  // The name of its token's volume is made up for it.
  if (kind === 'Pod') {
    const {nodeName: _, ...pod} = object(spec);
    return {spec: JSON.parse(JSON.stringify(pod).replaceAll(/kube-api-access-\w+/g, 'kube-api-access'))};
  }
  return {};
}

/** What strangers are known to have done to an object, apart from what the drill did. */
export type Known = ReadonlyMap<string, readonly Edit[]>;

/** In what two looks differ but for what is known, by object; what is known to be made by strangers is not looked at. */
export function leavings(
  before: Seen,
  after: Seen,
  {known, theirs}: {known: Known; theirs: ReadonlySet<string>},
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const tell = (key: string, ...lines: string[]) => {
    if (lines.length > 0) found.set(key, [...(found.get(key) ?? []), ...lines]);
  };
  for (const key of new Set([...before.objects.keys(), ...after.objects.keys()])) {
    if (theirs.has(key)) continue;
    const [was, is] = [before.objects.get(key), after.objects.get(key)];
    if (was === undefined) tell(key, 'is left over');
    else if (is === undefined) tell(key, 'is gone');
    else {
      const edits = (known.get(key) ?? []).map((edit) => exact(JSON.stringify(edit)) as unknown as Edit);
      tell(key, ...differing(sorted(edited(was, edits), edits), sorted(is, edits)));
    }
  }
  for (const [key, was] of before.made) {
    const is = after.made.get(key) ?? {running: 0, ready: 0, revisions: 0};
    if (!after.objects.has(key)) continue;
    if (was.running !== is.running || is.ready < was.ready)
      tell(key, `${is.ready} of ${is.running} pods instead of ${was.ready} of ${was.running}`);
    if (is.revisions < was.revisions) tell(key, `${is.revisions} revisions instead of ${was.revisions}`);
  }
  for (const [key, is] of after.made) {
    if (!before.made.has(key) && is.running > 0) tell(key, `${is.running} pods that were not there`);
  }
  return found;
}

/** The lists that somebody has put an item into, in an order of their own: where it comes to lie is not known. */
function sorted(value: JsonObject, edits: readonly Edit[]): JsonObject {
  const copy = structuredClone(value);
  for (const {path} of edits) {
    if (typeof path.at(-1) === 'string') continue;
    let at: Json | undefined = copy;
    for (const step of path.slice(0, -1)) {
      at =
        typeof step === 'string'
          ? object(at)[step]
          : list(at).find((one) => Object.entries(step).every(([name, is]) => one[name] === is));
    }
    if (Array.isArray(at)) at.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  return copy;
}

function differing(was: Json | undefined, is: Json | undefined, path = ''): string[] {
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length) {
    return was.flatMap((one, index) => differing(one, is[index], `${path}[${index}]`));
  }
  if (isJsonObject(was) && isJsonObject(is)) {
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
      differing(was[name], is[name], `${path}.${name}`),
    );
  }
  // Some kinds write a list without items as null.
  const [old, now] = [was, is].map((one) => (Array.isArray(one) && one.length === 0 ? 'null' : JSON.stringify(one)));
  // An EndpointSlice gives each endpoint conditions, also to one that a stranger has put in.
  if (/\.endpoints\[\d+\]\.conditions$/.test(path) && old === undefined && now === '{}') return [];
  return old === now ? [] : [`${path} is ${now}, it was ${old}`];
}
