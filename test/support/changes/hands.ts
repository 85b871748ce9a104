import {execa} from 'execa';
import type {Json, JsonObject} from '../../../src/io/json.ts';
import {bodyOf} from './edits.ts';
import {type Seen, seenIn} from './oracle.ts';
import type {Act, Prepared} from './prepare.ts';

/** Runs kubectl and resolves with what it prints. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** Runs it on a cluster. */
export const kubectlOn =
  (kubeconfig: string): Kubectl =>
  async (args, input) =>
    (await execa('kubectl', args, {env: {KUBECONFIG: kubeconfig}, ...(input === undefined ? {} : {input})})).stdout;

/** Makes what is there before the drill, what belongs to something else last: it needs a UID. */
export async function setUp(kubectl: Kubectl, prepared: readonly Prepared[]): Promise<void> {
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
export async function makeAll(kubectl: Kubectl, objects: Prepared['before'], ...more: string[]): Promise<void> {
  for (const group of Object.values(Object.groupBy(objects, ({args}) => args.join(' ')))) {
    const items = group?.map(({object}) => object) ?? [];
    await kubectl(
      [...(group?.[0]?.args ?? []), ...more, '-f', '-'],
      JSON.stringify({apiVersion: 'v1', kind: 'List', items}),
    );
  }
}

/** Waits until the controllers have noticed everything, and every pod that is to run does. */
export async function atRest(get: () => Promise<string>): Promise<Seen> {
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

/** Does what a stranger does. */
export async function doAct(kubectl: Kubectl, act: Act): Promise<void> {
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
