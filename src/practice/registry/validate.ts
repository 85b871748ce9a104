import {isDeepStrictEqual} from 'node:util';
import {configMaps, daemonSets, deployments, pods, type Resource, replicaSets, secrets, services} from '../kinds.ts';
import type {KubeObject, LabelSelector, ServicePort} from '../objects.ts';
import {labelSelector} from '../selectors.ts';
import {type Cause, invalid} from '../status.ts';
import type {Container, PodSpec, PodTemplate, Probe} from '../workloads.ts';

type Problem = Required<Cause>;

const required = (field: string, message = 'Required value'): Problem => ({
  reason: 'FieldValueRequired',
  message,
  field,
});
const wrong = (field: string, value: unknown, why: string): Problem => ({
  reason: 'FieldValueInvalid',
  message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  field,
});
const immutable = (field: string, value: unknown): Problem => wrong(field, value, 'field is immutable');

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const dnsLabel = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;

/** Throws a 422 that names every broken rule. The rules are those a user of kubectl meets most; not all of Kubernetes'. */
export function validate(resource: Resource, object: KubeObject, old: KubeObject | undefined): void {
  const problems = [...metadataProblems(resource, object, old), ...specProblems(resource, object, old)];
  if (problems.length > 0) throw invalid(resource, object.metadata.name, problems);
}

function metadataProblems(resource: Resource, {metadata}: KubeObject, old: KubeObject | undefined): Problem[] {
  const problems: Problem[] = [];
  const {name, labels = {}, uid} = metadata;
  const rbac = resource.group === 'rbac.authorization.k8s.io';
  if (!name) problems.push(required('metadata.name', 'Required value: name or generateName is required'));
  else if (resource === services && !dnsLabel.test(name))
    problems.push(wrong('metadata.name', name, 'a DNS-1035 label'));
  else if (!rbac && (!subdomain.test(name) || name.length > 253)) {
    problems.push(wrong('metadata.name', name, subdomainRule));
  }
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value !== 'string' || !labelValue.test(value) || value.length > 63) {
      problems.push(wrong('metadata.labels', value, `no valid value of label ${key}`));
    }
  }
  if (old && uid !== old.metadata.uid) problems.push(immutable('metadata.uid', uid));
  return problems;
}

function specProblems(resource: Resource, object: KubeObject, old: KubeObject | undefined): Problem[] {
  const {spec = {}, ...rest} = object as KubeObject & {spec?: Record<string, unknown>; data?: Record<string, unknown>};
  const before = (old as {spec?: Record<string, unknown>} | undefined)?.spec;
  switch (resource) {
    case pods:
      return [...podProblems('spec', spec as unknown as PodSpec), ...(before ? podChanges(spec, before) : [])];
    case services:
      return serviceProblems(spec, before);
    case deployments:
    case replicaSets:
    case daemonSets:
      return workloadProblems(spec, before);
    case configMaps:
    case secrets:
      return Object.entries(rest.data ?? {}).flatMap(([key, value]) =>
        typeof value === 'string' ? [] : [wrong(`data[${key}]`, value, 'must be a string')],
      );
    default:
      return [];
  }
}

function workloadProblems(spec: Record<string, unknown>, before: Record<string, unknown> | undefined): Problem[] {
  const problems: Problem[] = [];
  const selector = spec.selector as LabelSelector | undefined;
  const template = spec.template as PodTemplate | undefined;
  if (!selector || JSON.stringify(selector) === '{}') problems.push(required('spec.selector'));
  else if (!labelSelector(selector)(template?.metadata?.labels)) {
    const labels = template?.metadata?.labels ?? {};
    problems.push(wrong('spec.template.metadata.labels', labels, '`selector` does not match template `labels`'));
  }
  if (before && !isDeepStrictEqual(before.selector, selector)) {
    problems.push(immutable('spec.selector', selector));
  }
  if (typeof spec.replicas === 'number' && spec.replicas < 0) {
    problems.push(wrong('spec.replicas', spec.replicas, 'must be greater than or equal to 0'));
  }
  problems.push(...podProblems('spec.template.spec', template?.spec));
  return problems;
}

function podProblems(path: string, spec: PodSpec | undefined): Problem[] {
  if (!spec?.containers?.length) return [required(`${path}.containers`)];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  if (spec.initContainers?.length) problems.push(unsupported(`${path}.initContainers`, 'init containers'));
  spec.containers.forEach((container, index) => {
    const at = `${path}.containers[${index}]`;
    if (!container.name) problems.push(required(`${at}.name`));
    else if (seen.has(container.name)) {
      problems.push({
        reason: 'FieldValueDuplicate',
        message: `Duplicate value: "${container.name}"`,
        field: `${at}.name`,
      });
    }
    if (!container.image) problems.push(required(`${at}.image`));
    seen.add(container.name);
    problems.push(...probeProblems(at, container));
    const volumes = new Set(spec.volumes?.map((volume) => volume.name));
    container.volumeMounts?.forEach((mount, mountIndex) => {
      if (!volumes.has(mount.name)) {
        const field = `${at}.volumeMounts[${mountIndex}].name`;
        problems.push({reason: 'FieldValueNotFound', message: `Not found: "${mount.name}"`, field});
      }
    });
  });
  return problems;
}

function probeProblems(at: string, container: Container): Problem[] {
  const problem = (name: string, probe: Probe | undefined): Problem[] => {
    if (!probe) return [];
    if (probe.exec || probe.grpc) return [unsupported(`${at}.${name}`, 'exec and grpc probes')];
    return probe.httpGet || probe.tcpSocket ? [] : [required(`${at}.${name}`, 'must specify a handler type')];
  };
  const startup = (container as {startupProbe?: Probe}).startupProbe;
  return [
    ...problem('readinessProbe', container.readinessProbe),
    ...problem('livenessProbe', container.livenessProbe),
    ...(startup ? [unsupported(`${at}.startupProbe`, 'startup probes')] : []),
  ];
}

/** What the simulation does not do is refused aloud: a probe that always passed would be a lie. */
function unsupported(field: string, what: string): Problem {
  return {reason: 'FieldValueForbidden', message: `Forbidden: the practice cluster does not run ${what}`, field};
}

const mutablePodFields = new Set(['containers', 'tolerations', 'activeDeadlineSeconds', 'nodeName']);

function podChanges(spec: Record<string, unknown>, before: Record<string, unknown>): Problem[] {
  const strip = ({image: _, ...container}: Container) => container;
  const sealed = (value: unknown) => ((value as Container[] | undefined) ?? []).map(strip);
  const keys = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const changed = [...keys].some((key) =>
    mutablePodFields.has(key) ? false : !isDeepStrictEqual(spec[key], before[key]),
  );
  const moved = before.nodeName !== undefined && before.nodeName !== spec.nodeName;
  if (!changed && !moved && isDeepStrictEqual(sealed(spec.containers), sealed(before.containers))) return [];
  const message =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations`';
  return [{reason: 'FieldValueForbidden', message, field: 'spec'}];
}

function serviceProblems(spec: Record<string, unknown>, before: Record<string, unknown> | undefined): Problem[] {
  const ports = (spec.ports ?? []) as ServicePort[];
  const problems: Problem[] = [];
  if (ports.length === 0 && spec.type !== 'ExternalName' && spec.clusterIP !== 'None')
    problems.push(required('spec.ports'));
  ports.forEach((port, index) => {
    const at = `spec.ports[${index}]`;
    if (ports.length > 1 && !port.name) problems.push(required(`${at}.name`));
    if (!Number.isInteger(port.port) || port.port < 1 || port.port > 65_535) {
      problems.push(wrong(`${at}.port`, port.port, 'must be between 1 and 65535, inclusive'));
    }
  });
  if (before?.clusterIP && spec.clusterIP !== before.clusterIP && spec.type === before.type) {
    problems.push(immutable('spec.clusterIP', spec.clusterIP));
  }
  return problems;
}
