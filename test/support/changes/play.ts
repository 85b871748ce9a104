import {rm} from 'node:fs/promises';
import {execa} from 'execa';
import {directDial} from '../../../src/io/dial.ts';
import type {Json, JsonObject} from '../../../src/io/json.ts';
import type {Target} from '../../../src/io/target.ts';
import {mutationsOf, outstanding} from '../../../src/journal/recover.ts';
import {type PlayedDrill, playAgainst} from '../drill.ts';
import {temporaryFolder} from '../kubedrill.ts';
import {type ChangeCase, plants} from './cases.ts';
import {crd, scenarioOf} from './drill.ts';
import {bodyOf} from './edits.ts';
import {keyOf, leavings, type Seen, seenIn} from './oracle.ts';
import {type Act, type Prepared, prepare} from './prepare.ts';

/** A drill and what the test makes of it. */
export interface Outcome {
  cases: readonly ChangeCase[];
  /** Changes that the API server took. */
  made: number;
  verdict: string;
  cleanup: string;
  /** In what comparison and oracle do not agree, or the drill was not what it was to be. */
  wrong: string[];
}

/** A cluster in which changes are made, each drill's in a namespace of its own. */
export interface Ground extends AsyncDisposable {
  play(cases: readonly ChangeCase[], number: number): Promise<Outcome>;
}

type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** Prepares a cluster: a kind of its own, and kubedrill's namespace, which would else be made and go with each drill. */
export async function ground(kubeconfig: string, text: string): Promise<Ground> {
  const kubectl: Kubectl = async (args, input) =>
    (await execa('kubectl', args, {env: {KUBECONFIG: kubeconfig}, ...(input === undefined ? {} : {input})})).stdout;
  await kubectl(['apply', '-f', '-'], JSON.stringify(crd));
  await kubectl(['wait', '--for=condition=Established', `crd/${crd.metadata.name}`, '--timeout=60s']);
  await kubectl(
    ['apply', '-f', '-'],
    JSON.stringify({apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'kubedrill'}}),
  );
  const listed = await kubectl(['api-resources', '--namespaced', '--verbs=list', '-o', 'name']);
  const kinds = listed.split('\n').filter((name) => !/^events|metrics\.k8s\.io$/.test(name));
  return {
    play: (cases, number) => play({kubectl, kinds: kinds.join(','), text}, cases, number),
    [Symbol.asyncDispose]: async () => {
      await kubectl(['delete', 'namespace', 'kubedrill', '--wait=false']);
    },
  };
}

interface Place {
  kubectl: Kubectl;
  kinds: string;
  /** The kubeconfig. */
  text: string;
}

async function play(place: Place, cases: readonly ChangeCase[], number: number): Promise<Outcome> {
  const namespace = `changes-${process.pid}-${number}`;
  const kubectl: Kubectl = (args, input) => place.kubectl(['-n', namespace, ...args], input);
  const get = () => kubectl(['get', place.kinds, '-o', 'json', '--show-managed-fields']);
  await place.kubectl(['create', 'namespace', namespace]);
  const folder = await temporaryFolder();
  try {
    const prepared = cases.map((one, index) => prepare(one, index, namespace));
    await setUp(kubectl, prepared);
    const before = await atRest(get);
    const acts = prepared.flatMap((each) => each.acts);
    const done: Act[] = [];
    const troubles: string[] = [];
    const result = await playAgainst(
      {kubeconfig: place.text, dial: directDial},
      folder,
      scenarioOf(prepared, acts.length > 0),
      {
        isPractice: false,
        answer: async () => {
          for (const act of acts) {
            await doAct(kubectl, act).then(
              () => done.push(act),
              (error) => troubles.push(`a stranger failed: ${error}`),
            );
          }
          return {outcome: 'done', who: 'tests'};
        },
        request: {restWithin: 8000, undoWithin: prepared.some(({isHeld}) => isHeld) ? 6000 : 60_000},
      },
    );
    const judged = await judge({before, look: async () => seenIn(await get()), result, prepared, acts: done});
    return {
      ...{cases, verdict: result.verdict, cleanup: result.cleanup, made: madeIn(result)},
      wrong: [...troubles, ...judged, ...(await conflictsOf(kubectl, prepared))],
    };
  } catch (error) {
    return {cases, made: 0, verdict: 'none', cleanup: 'none', wrong: [String(error)]};
  } finally {
    await rm(folder, {recursive: true, force: true});
    // What a finalizer holds would hold the namespace.
    const held = cases.flatMap((one, index) => (one.with === 'held' ? [prepare(one, index, namespace).ref] : []));
    for (const {kind, name} of held) {
      await kubectl(['patch', kind, name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']).catch(
        () => undefined,
      );
    }
    await place.kubectl(['delete', 'namespace', namespace, '--wait=false']);
  }
}

/** Makes what is there before the drill, what belongs to something else last: it needs a UID. */
async function setUp(kubectl: Kubectl, prepared: readonly Prepared[]): Promise<void> {
  const isOwned = ({ref, ownedBy}: Prepared, {object: {kind, metadata}}: Prepared['before'][number]) =>
    ownedBy !== undefined && kind === ref.kind && metadata.name === ref.name;
  await makeAll(
    kubectl,
    prepared.flatMap((each) => each.before.filter((one) => !isOwned(each, one))),
  );
  for (const each of prepared) {
    const {ownedBy, before} = each;
    if (ownedBy === undefined) continue;
    const uid = await kubectl(['get', 'configmap', ownedBy, '-o', 'jsonpath={.metadata.uid}']);
    const owned = before.filter((one) => isOwned(each, one));
    for (const {object} of owned)
      object.metadata.ownerReferences = [{apiVersion: 'v1', kind: 'ConfigMap', name: ownedBy, uid}];
    await makeAll(kubectl, owned);
  }
  for (const {status} of prepared) {
    if (status === undefined) continue;
    const {kind, name, value} = status;
    await kubectl(['patch', kind, name, '--subresource=status', '--type=merge', '-p', JSON.stringify({status: value})]);
  }
}

/** One call for all that are made in the same way: starting kubectl takes longer than what it does. */
async function makeAll(kubectl: Kubectl, objects: Prepared['before'], ...more: string[]): Promise<void> {
  for (const group of Object.values(Object.groupBy(objects, ({args}) => args.join(' ')))) {
    const items = group?.map(({object}) => object) ?? [];
    await kubectl(
      [...(group?.[0]?.args ?? []), ...more, '-f', '-'],
      JSON.stringify({apiVersion: 'v1', kind: 'List', items}),
    );
  }
}

/** Waits until the controllers have noticed everything, and every pod that is to run does. */
async function atRest(get: () => Promise<string>): Promise<Seen> {
  let last = '';
  for (let tries = 0; tries < 200; tries++) {
    const answer = await get();
    const seen = seenIn(answer);
    const now = JSON.stringify([[...seen.objects], [...seen.made]]);
    const isHere = ['v1 ServiceAccount default', 'v1 ConfigMap kube-root-ca.crt'].every((key) => seen.objects.has(key));
    if (isHere && now === last && JSON.parse(answer).items.every(isSettled)) return seen;
    last = now;
  }
  throw new Error('the objects of the test do not come to rest');
}

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds, as kubectl prints them.
function isSettled({kind, metadata, spec, status = {}}: any): boolean {
  if (kind === 'Pod') return status.phase === 'Running' && metadata.deletionTimestamp === undefined;
  if (!['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(kind)) return true;
  if (status.observedGeneration !== metadata.generation) return false;
  return kind === 'DaemonSet' || (status.readyReplicas ?? 0) === spec.replicas;
}

async function doAct(kubectl: Kubectl, act: Act): Promise<void> {
  if (act.what === 'delete') await kubectl(['delete', act.kind, act.name]);
  else if (act.what === 'make')
    await kubectl(['create', `--field-manager=${act.manager}`, '-f', '-'], JSON.stringify(act.object));
  else {
    const {kind, name, manager, how, edits} = act;
    const live = JSON.parse(await kubectl(['get', kind, name, '-o', 'json'])) as JsonObject;
    const body = bodyOf(how, live, edits) as Json;
    if (how !== 'apply') {
      await kubectl(['patch', kind, name, `--field-manager=${manager}`, `--type=${how}`, '-p', JSON.stringify(body)]);
    } else {
      const sent: JsonObject = {...(body as JsonObject), apiVersion: live.apiVersion, kind: live.kind};
      sent.metadata = {...(sent.metadata as JsonObject | undefined), name};
      await kubectl(
        ['apply', '--server-side', '--force-conflicts', `--field-manager=${manager}`, '-f', '-'],
        JSON.stringify(sent),
      );
    }
  }
}

const keyOfTarget = ({apiVersion, kind, name}: Target): string => keyOf(apiVersion, kind, name);

const madeIn = ({entries}: PlayedDrill): number =>
  mutationsOf(entries).filter(({phase, applied}) => phase === 'inject' && applied === 'yes').length;

interface Judging {
  before: Seen;
  look: () => Promise<Seen>;
  result: PlayedDrill;
  prepared: readonly Prepared[];
  /** What strangers have done; none of it where the drill ended before. */
  acts: readonly Act[];
}

async function judge({before, look, result, prepared, acts}: Judging): Promise<string[]> {
  const {entries, verdict, cleanup, sentence} = result;
  const wrong: string[] = [];
  if (madeIn(result) < prepared.length) {
    const failed = entries.flatMap((entry) =>
      (entry.type === 'step.ended' && entry.outcome !== 'done') || (entry.type === 'guard.answered' && !entry.ok)
        ? [JSON.stringify(entry)]
        : [],
    );
    wrong.push(
      `${verdict}, and ${madeIn(result)} of ${prepared.length} changes were made: ${sentence} ${failed.join('\n')}`,
    );
  }
  const compared = entries.findLast((entry) => entry.type === 'world.compared');
  if (compared?.type !== 'world.compared') return [...wrong, ...(madeIn(result) === 0 ? [] : ['nothing was compared'])];
  if (compared.unseen.length > 0) wrong.push(`not all was seen: ${compared.unseen.join(', ')}`);
  const open = compared.differences.filter(({explained}) => explained === undefined);
  const left = outstanding(entries);
  const told = new Set([...open, ...left].map(({target}) => keyOfTarget(target)));
  const known = new Map(
    acts.flatMap((act) => (act.what === 'edit' && act.isApart ? [[act.key, act.edits] as const] : [])),
  );
  const theirs = new Set(acts.flatMap((act) => (act.what === 'make' && act.isApart ? [act.key] : [])));
  let found = leavings(before, await look(), {known, theirs});
  // Pods may still be on their way; what users have meant is there or not.
  for (let tries = 0; tries < 20 && [...found.values()].flat().some((line) => /^\d/.test(line)); tries++) {
    found = leavings(before, await look(), {known, theirs});
  }
  const words = (key?: string) =>
    JSON.stringify([
      ...open
        .filter(({target}) => key === undefined || keyOfTarget(target) === key)
        .map(({target, paths}) => ({name: target.name, paths})),
      ...left
        .filter(({target}) => key === undefined || keyOfTarget(target) === key)
        .map(({target, undone}) => ({name: target.name, undone})),
    ]);
  if (cleanup === 'clean' && found.size > 0) wrong.push('called clean');
  if (cleanup !== 'clean' && found.size === 0) wrong.push(`called ${cleanup}, and all is as it was: ${words()}`);
  const isPlanted = prepared.some(({one}) => plants.some((plant) => plant === one.with));
  if (!isPlanted && found.size > 0)
    process.stdout.write(
      `left, and told: ${words()} ${JSON.stringify([...found])} ${JSON.stringify(prepared.map(({one}) => one))}\n`,
    );
  for (const [key, lines] of found) if (!told.has(key)) wrong.push(`not told: ${key} ${lines.join('; ')}`);
  for (const key of told) if (!found.has(key)) wrong.push(`told for nothing: ${key}: ${words(key)}`);
  return wrong;
}

/** Whether owners that apply their manifests again meet a conflict with what a drill has left of itself. */
async function conflictsOf(kubectl: Kubectl, prepared: readonly Prepared[]): Promise<string[]> {
  const conflicts = prepared.flatMap(({one, before}) =>
    before.flatMap(({object, args}) =>
      one.with === 'owner' && args.includes('--server-side') ? [{object, args}] : [],
    ),
  );
  return await makeAll(kubectl, conflicts, '--dry-run=server').then(
    () => [],
    (error) => [`its owner cannot apply it any more: ${error}`],
  );
}
