import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {differences} from '../../src/actions/fields/touched.ts';
import {connect} from '../../src/cluster/connect.ts';
import {listKinds} from '../../src/cluster/kinds.ts';
import type {Connection, KubeObject} from '../../src/cluster/types.ts';
import {isJsonObject, type JsonObject} from '../../src/io/json.ts';
import {output, temporaryFolder} from './kubedrill.ts';

/** A practice cluster in a process of its own, with something in it that drills can break. */
export interface CampaignCluster extends AsyncDisposable {
  connection: Connection;
  kubeconfig: string;
  /** A file with the kubeconfig. */
  kubeconfigFile: string;
}

/** Starts one and fills it with the {@link world}. */
export async function startCampaignCluster(): Promise<CampaignCluster> {
  const kubeconfigFile = join(await temporaryFolder(), 'kubeconfig');
  const program = join(import.meta.dirname, 'campaign-cluster.ts');
  const child = spawn(process.execPath, [program, kubeconfigFile], {stdio: ['pipe', 'pipe', 'inherit']});
  await output(child, 'stdout', 'ready');
  const kubeconfig = await readFile(kubeconfigFile, 'utf8');
  const connection = await connect({kubeconfigText: kubeconfig, env: {}});
  await settleWorld(connection);
  return {
    connection,
    kubeconfig,
    kubeconfigFile,
    [Symbol.asyncDispose]: async () => {
      connection.close();
      child.stdin?.end();
      if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
    },
  };
}

/** Makes what the campaigns' drills find in a cluster, and waits until it is up. */
export async function settleWorld({reader, writer}: Connection): Promise<void> {
  for (const object of world()) await writer.create(object);
  for (const name of ['web', 'worker']) {
    for (;;) {
      const {status} = await reader.get({apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name});
      if (isJsonObject(status) && status.readyReplicas === 2) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function world(): KubeObject[] {
  const metadata = (name: string) => ({name, namespace: 'shop', labels: {team: 'shop'}});
  const deployment = (name: string) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(name),
    spec: {
      replicas: 2,
      selector: {matchLabels: {app: name}},
      template: {
        metadata: {labels: {app: name}},
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'web',
              image: 'echo',
              env: [{name: 'PORT', value: '8080'}],
              readinessProbe: {httpGet: {path: '/', port: 8080}, periodSeconds: 1},
            },
          ],
        },
      },
    },
  });
  return [
    {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}},
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata('web'),
      spec: {selector: {app: 'web'}, ports: [{port: 80, targetPort: 8080}]},
    },
    {apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('settings'), data: {mode: 'calm', motto: 'as it was'}},
    {apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('prices'), data: {apple: '1'}},
    deployment('web'),
    deployment('worker'),
  ];
}

/** Kinds that controllers make and unmake as they see fit. */
const controlled = new Set(['Pod', 'ReplicaSet', 'EndpointSlice', 'Endpoints', 'Event', 'ControllerRevision']);

/** Every object of a cluster by its name, less what the API server and the controllers keep in it. */
export type Snapshot = ReadonlyMap<string, JsonObject>;

/** Looks at every kind that discovery lists. */
export async function snapshot({reader}: Pick<Connection, 'reader'>): Promise<Snapshot> {
  const {kinds: served} = await listKinds(reader);
  const kinds = served.filter(({kind}) => !controlled.has(kind));
  const lists = await Promise.all(kinds.map(({apiVersion, kind}) => reader.list({apiVersion, kind})));
  return new Map(
    lists.flat().map((object) => {
      const {apiVersion, kind, metadata} = object;
      return [`${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`, own(object)] as const;
    }),
  );
}

/** What an object is by its users' will alone. A recreated object has a new UID and a new birthday. */
function own({status: _status, metadata, ...rest}: KubeObject): JsonObject {
  const {
    uid: _uid,
    resourceVersion: _version,
    generation: _generation,
    managedFields: _fields,
    creationTimestamp: _born,
    annotations = {},
    ...kept
  } = metadata;
  const {
    'deployment.kubernetes.io/revision': _revision,
    // Where the practice cluster's data path listens.
    'practice.kubedrill.dev/listen': _listen,
    ...notes
  } = annotations;
  // An absent map and an empty one are the same to the API server.
  const filled = Object.keys(notes).length === 0 ? {} : {annotations: notes};
  const object: JsonObject = {...rest, metadata: {...kept, ...filled}};
  // Heartbeats of kubelets, controllers and API servers.
  return rest.kind === 'Lease' && metadata.namespace?.startsWith('kube-') ? {metadata: kept} : object;
}

/** In what two looks at a cluster differ, one line each; nothing when it is as it was. */
export function changes(before: Snapshot, after: Snapshot): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const was = before.get(name);
    const is = after.get(name);
    if (was === undefined) return [`${name} is left over: ${JSON.stringify(is)}`];
    if (is === undefined) return [`${name} is gone`];
    return differences(was, is).map(
      ({path, before: old, after: now}) =>
        `${name}: ${path.join('.')} is ${JSON.stringify(now)}, it was ${JSON.stringify(old)}`,
    );
  });
}
