import type {Client} from '../core.ts';
import {configMaps, secrets} from '../kinds.ts';
import type {Container, EnvVar, Pod, Volume} from '../workloads.ts';

/** Why a container cannot be created: the waiting reason and a message in the kubelet's words. */
export class MountError extends Error {
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.name = 'MountError';
    this.reason = reason;
  }
}

/** The environment of a container. Throws a {@link MountError} when something it refers to is missing. */
export function environmentOf(core: Client, pod: Pod, container: Container): Record<string, string> {
  const sources = (container as {envFrom?: EnvFrom[]}).envFrom ?? [];
  const imported = sources.map((source) => {
    const {configMapRef, secretRef, prefix = ''} = source;
    const data = configMapRef
      ? configMapData(core, pod, configMapRef)
      : secretRef
        ? secretData(core, pod, secretRef)
        : {};
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [`${prefix}${key}`, value]));
  });
  const own = (container.env ?? []).flatMap((variable) => {
    const value = resolveVariable(core, pod, variable);
    return value === undefined ? [] : [[variable.name, value] as const];
  });
  return {...Object.assign({}, ...imported), ...Object.fromEntries(own)};
}

interface Reference {
  name: string;
  optional?: boolean;
}
interface EnvFrom {
  prefix?: string;
  configMapRef?: Reference;
  secretRef?: Reference;
}

function resolveVariable(core: Client, pod: Pod, {value, valueFrom}: EnvVar): string | undefined {
  if (!valueFrom) return value ?? '';
  const {fieldRef, configMapKeyRef, secretKeyRef} = valueFrom;
  if (fieldRef) return podField(pod, fieldRef.fieldPath);
  const reference = configMapKeyRef ?? secretKeyRef;
  if (!reference) return undefined;
  const data = configMapKeyRef ? configMapData(core, pod, reference) : secretData(core, pod, reference);
  if (data[reference.key] === undefined && !reference.optional) {
    throw new MountError('CreateContainerConfigError', `couldn't find key ${reference.key} in ${reference.name}`);
  }
  return data[reference.key];
}

function podField(pod: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2] ?? ''] ?? '';
  const fields: Record<string, string | undefined> = {
    'metadata.name': pod.metadata.name,
    'metadata.namespace': pod.metadata.namespace,
    'metadata.uid': pod.metadata.uid,
    'spec.nodeName': pod.spec.nodeName,
    'spec.serviceAccountName': 'default',
    'status.podIP': pod.status.podIP,
    'status.hostIP': pod.status.hostIP,
  };
  return fields[path] ?? '';
}

function configMapData(core: Client, pod: Pod, {name, optional}: Reference): Record<string, string> {
  const found = core.view.get(configMaps, pod.metadata.namespace, name);
  if (!found && !optional) throw new MountError('CreateContainerConfigError', `configmap "${name}" not found`);
  return {...found?.data};
}

function secretData(core: Client, pod: Pod, {name, optional}: Reference): Record<string, string> {
  const found = core.view.get(secrets, pod.metadata.namespace, name);
  if (!found && !optional) throw new MountError('CreateContainerConfigError', `secret "${name}" not found`);
  const entries = Object.entries(found?.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/**
 * Reads mounted files. The content is as old as the kubelet's cache: it is read at the start, and again when the
 * volume's sync period is over. Throws a {@link MountError} at once when a volume cannot be mounted.
 */
export function mountFiles(core: Client, pod: Pod, container: Container): (path: string) => string | undefined {
  const read = () => filesOf(core, pod, container);
  let files = read();
  let refreshAt = core.scope.clock.mono() + core.latency.of('volumeSync');
  return (path) => {
    if (core.scope.clock.mono() >= refreshAt) {
      refreshAt = core.scope.clock.mono() + core.latency.of('volumeSync');
      try {
        files = read();
      } catch (error) {
        // A volume whose source is gone keeps its last content.
        if (!(error instanceof MountError)) throw error;
      }
    }
    return files.get(path);
  };
}

function filesOf(core: Client, pod: Pod, container: Container): Map<string, string> {
  const files = new Map<string, string>();
  for (const mount of container.volumeMounts ?? []) {
    const volume = pod.spec.volumes?.find((each) => each.name === mount.name);
    for (const [path, text] of Object.entries(volume ? volumeFiles(core, pod, volume) : {})) {
      if (mount.subPath === path) files.set(mount.mountPath, text);
      else if (!mount.subPath) files.set(`${mount.mountPath.replace(/\/$/, '')}/${path}`, text);
    }
  }
  return files;
}

function volumeFiles(core: Client, pod: Pod, volume: Volume): Record<string, string> {
  const {configMap, secret} = volume;
  if (!configMap && !secret) return {};
  try {
    const data = configMap
      ? configMapData(core, pod, configMap)
      : secretData(core, pod, {name: secret?.secretName ?? '', ...(secret?.optional ? {optional: true} : {})});
    const items = (configMap ?? secret)?.items;
    if (!items) return data;
    return Object.fromEntries(items.flatMap(({key, path}) => (data[key] === undefined ? [] : [[path, data[key]]])));
  } catch (error) {
    if (!(error instanceof MountError)) throw error;
    throw new MountError(
      'ContainerCreating',
      `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`,
    );
  }
}
