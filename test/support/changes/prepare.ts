import type {Json, JsonObject} from '../../../src/io/json.ts';
import {createRandom, type Random} from '../../../src/io/random.ts';
import {type ChangeCase, chosenEdits, specimens, strangersEdits, writes} from './cases.ts';
import {bodyOf, type Edit, type How} from './edits.ts';
import {keyOf} from './oracle.ts';
import {marks, type Specimen} from './specimen.ts';

/** An object that is to be made. */
export interface Manifest extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: JsonObject & {name: string};
}

/** What somebody else does while the drill's changes are in place. `isApart`: it may stay, as nobody's but theirs. */
export type Act =
  | {
      what: 'edit';
      kind: string;
      name: string;
      key: string;
      manager: string;
      how: How;
      edits: readonly Edit[];
      isApart: boolean;
    }
  | {what: 'make'; object: JsonObject; key: string; manager: string; isApart: boolean}
  | {what: 'delete'; kind: string; name: string};

/** A case with its objects. */
export interface Prepared {
  one: ChangeCase;
  ref: {apiVersion: string; kind: string; name: string};
  /** What is there before the drill, and the command of kubectl that makes it. */
  before: {object: Manifest; args: string[]}[];
  status?: {kind: string; name: string; value: JsonObject};
  /** Name of the ConfigMap that the object is to belong to. */
  ownedBy?: string;
  /** The step of the drill. */
  step: JsonObject;
  acts: Act[];
  /** Its undo cannot succeed. */
  isHeld: boolean;
}

const stranger = 'stranger';

/** Everything about a case, by its seed alone. */
export function prepare(one: ChangeCase, index: number, namespace: string): Prepared {
  const random = createRandom(one.seed);
  const specimen = specimens[one.specimen] as Specimen;
  const {apiVersion, kind, body} = specimen;
  const name = `${one.specimen.toLowerCase()}-${index}`;
  const ref = {apiVersion, kind, name};
  const object: Manifest = {apiVersion, kind, ...own(body, name), metadata: {name, ...structuredClone(marks)}};
  const bystander: Manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name: `bystander-${index}`},
    data: {a: '1'},
  };
  const along = specimen.along?.(name) ?? [];
  const how = writes(one.doing);
  const edits = how === undefined ? [] : chosenEdits(one, how, random);
  const {args, ownedBy} = makerOf(one, index, random);
  const isThere = one.doing !== 'create';
  const create = (object: JsonObject) => ({object: object as Manifest, args: ['create']});
  return {
    ...{one, ref},
    before: [
      ...[bystander, ...along].map(create),
      ...(ownedBy === undefined ? [] : [create({apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: ownedBy}})]),
      ...(isThere ? [{object, args}] : []),
    ],
    ...(specimen.status === undefined || !isThere ? {} : {status: {kind, name, value: specimen.status}}),
    ...(ownedBy === undefined ? {} : {ownedBy}),
    step: {id: `s${index}`, ...stepOf({one, specimen, object, edits, random}, namespace)},
    acts: actsOf({one, object, bystander, edits, random, hasApplied: args.join() === 'apply'}),
    isHeld: one.with === 'held',
  };
}

/** A workload's selector has the name of its object: two of them must not take each other's pods. */
const own = (body: JsonObject, name: string): JsonObject =>
  JSON.parse(JSON.stringify(body).replaceAll('"app":', `"${name}":`), exactly) as JsonObject;

const exactly = (_key: string, value: unknown, context?: {source?: string}): unknown =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    ? BigInt(context?.source ?? '')
    : value;

function makerOf(one: ChangeCase, index: number, random: Random): {args: string[]; ownedBy?: string} {
  const applied = (manager: string) => ({args: ['apply', '--server-side', `--field-manager=${manager}`]});
  const [first = ''] = random.sample(['plain', 'kubectl', 'server'], 1);
  const [owner = ''] = random.sample(['flux', 'helm', 'reference'], 1);
  if (one.with === 'owner' && owner !== 'reference') return applied(owner);
  const made = first === 'plain' ? {args: ['create']} : first === 'kubectl' ? {args: ['apply']} : applied('kubectl');
  return one.with === 'owner' ? {...made, ownedBy: `owner-${index}`} : made;
}

interface Making {
  one: ChangeCase;
  object: Manifest;
  edits: readonly Edit[];
  random: Random;
}

function stepOf({one, specimen, object, edits, random}: Making & {specimen: Specimen}, namespace: string): JsonObject {
  const {apiVersion, kind, metadata} = object;
  const ref = {apiVersion, kind, namespace, name: metadata.name};
  const how = writes(one.doing);
  const inline = (manifest: JsonObject) => ({uses: 'object/apply', with: {inline: manifest, namespace, force: true}});
  if (one.doing === 'create') return inline(object);
  if (one.doing === 'scale') {
    return {uses: 'deployment/scale', with: {kind, namespace, name: metadata.name, replicas: specimen.scale ?? 0}};
  }
  if (how === undefined) {
    const [propagationPolicy = ''] = random.sample(['Background', 'Foreground'], 1);
    return {uses: 'object/delete', with: {...ref, propagationPolicy}};
  }
  const body = bodyOf(how, object, edits);
  if (how !== 'apply') return {uses: 'object/patch', with: {...ref, type: how, patch: body}};
  const sent = body as JsonObject;
  return inline({
    apiVersion,
    kind,
    ...sent,
    metadata: {...(sent.metadata as JsonObject | undefined), name: metadata.name},
  });
}

function actsOf({
  one,
  object,
  bystander,
  edits,
  random,
  hasApplied,
}: Making & {bystander: Manifest; hasApplied: boolean}): Act[] {
  const {kind, metadata} = object;
  const at = ({kind, apiVersion, metadata: {name}}: Manifest) => ({kind, name, key: keyOf(apiVersion, kind, name)});
  const edit = (of: Manifest, path: string[], value: Json, manager: string): Act => ({
    what: 'edit',
    ...at(of),
    how: 'merge',
    edits: [{path, value}],
    manager,
    isApart: false,
  });
  switch (one.with) {
    case 'stranger': {
      if (writes(one.doing) === undefined && one.doing !== 'scale') {
        const theirs: Manifest = {...bystander, metadata: {name: `${metadata.name}-theirs`}};
        return [{what: 'make', object: theirs, key: at(theirs).key, manager: stranger, isApart: true}];
      }
      const mine = one.doing === 'scale' ? [{path: ['spec']}] : edits;
      const theirs = strangersEdits(one, mine, {random, hasApplied});
      // What is gone shows nobody: that a stranger has taken it away is not known, and the run is not clean.
      const isApart = theirs.edits.every(({value}) => value !== undefined);
      return [{what: 'edit', ...at(object), ...theirs, manager: stranger, isApart}];
    }
    case 'lost':
      return [{what: 'delete', kind: bystander.kind, name: bystander.metadata.name}];
    case 'impostor':
      return [edit(bystander, ['data', 'a'], 'changed', 'kubedrill')];
    case 'controlPlane':
      return [edit(bystander, ['data', 'b'], 'new', 'kube-controller-manager')];
    case 'contested':
      return [edit(object, ['metadata', 'labels', 'team'], 'theirs', stranger)];
    case 'gone':
      return [{what: 'delete', kind, name: metadata.name}];
    case 'held':
      return [edit(object, ['metadata', 'finalizers'], ['tests.kubedrill.dev/held'], stranger)];
    case 'remade': {
      const other = random.next() < 0.5 ? {} : {labels: {team: 'theirs'}};
      const theirs = {...object, metadata: {...metadata, ...other}};
      return [{what: 'make', object: theirs, key: at(object).key, manager: stranger, isApart: false}];
    }
    default:
      return [];
  }
}
