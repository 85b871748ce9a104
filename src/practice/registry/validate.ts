import {isDeepStrictEqual} from 'node:util';
import {configMaps, daemonSets, deployments, pods, type Resource, replicaSets, secrets, services} from '../kinds.ts';
import type {KubeObject, LabelSelector, ServicePort} from '../objects.ts';
import {labelSelector} from '../selectors.ts';
import {invalid} from '../status.ts';
import type {Container, PodSpec, PodTemplate, Probe} from '../workloads.ts';
import {labelFault} from './names.ts';
import {immutable, inRange, type Problem, required, unknown, wrong} from './problems.ts';
import {metadataProblems} from './validateMetadata.ts';
import {dataProblems, otherProblems, strategyProblems} from './validateOthers.ts';

/** Throws a 422 that names every broken rule. The rules are those a user of kubectl meets most; not all of Kubernetes'. */
export function validate(resource: Resource, object: KubeObject, old: KubeObject | undefined): void {
  const metadata = metadataProblems(resource, object, old);
  // Those of an update twice, as Kubernetes looks twice; the sentence names each once.
  const problems = [...metadata, ...(old ? metadata : []), ...specProblems(resource, object, old)];
  if (problems.length > 0) throw invalid(resource, object.metadata.name, problems);
}

function specProblems(resource: Resource, object: KubeObject, old: KubeObject | undefined): Problem[] {
  const {spec = {}} = object as KubeObject & {spec?: Record<string, unknown>};
  const before = (old as {spec?: Record<string, unknown>} | undefined)?.spec;
  switch (resource) {
    case pods:
      return [...podProblems('spec', spec as unknown as PodSpec), ...(before ? podChanges(spec, before) : [])];
    case services:
      return serviceProblems(spec, before);
    case deployments:
    case replicaSets:
    case daemonSets:
      return [...workloadProblems(spec, before), ...(resource === deployments ? strategyProblems(spec) : [])];
    case configMaps:
    case secrets:
      return dataProblems(object, old);
    default:
      return otherProblems(resource, spec);
  }
}

function workloadProblems(spec: Record<string, unknown>, before: Record<string, unknown> | undefined): Problem[] {
  const problems: Problem[] = [];
  const selector = spec.selector as LabelSelector | undefined;
  const template = spec.template as PodTemplate | undefined;
  if (!selector || JSON.stringify(selector) === '{}') problems.push(required('spec.selector'));
  if (!selector || !labelSelector(selector)(template?.metadata?.labels)) {
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
  if (template?.spec && template.spec.restartPolicy !== 'Always') {
    problems.push(unknown('spec.template.spec.restartPolicy', template.spec.restartPolicy, ['Always']));
  }
  return problems;
}

const restartPolicies = ['Always', 'OnFailure', 'Never'];

function podProblems(path: string, spec: PodSpec | undefined): Problem[] {
  if (!spec?.containers?.length) return [required(`${path}.containers`)];
  const problems: Problem[] = [];
  const seen = new Set<string>();
  if (path === 'spec' && !restartPolicies.includes(spec.restartPolicy ?? 'Always')) {
    problems.push(unknown(`${path}.restartPolicy`, spec.restartPolicy, restartPolicies));
  }
  if (spec.initContainers?.length) problems.push(unsupported(`${path}.initContainers`, 'init containers'));
  spec.containers.forEach((container, index) => {
    const at = `${path}.containers[${index}]`;
    const badName = container.name ? labelFault(container.name) : undefined;
    if (badName) problems.push(wrong(`${at}.name`, container.name, badName));
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
    container.ports?.forEach((port, portIndex) => {
      problems.push(...inRange(`${at}.ports[${portIndex}].containerPort`, port.containerPort));
    });
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
    return probe.httpGet || probe.tcpSocket
      ? []
      : [required(`${at}.${name}`, 'Required value: must specify a handler type')];
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
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
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
    problems.push(...inRange(`${at}.port`, port.port));
    if (typeof port.targetPort === 'number') problems.push(...inRange(`${at}.targetPort`, port.targetPort));
  });
  if (before?.clusterIP && spec.clusterIP !== before.clusterIP && spec.type === before.type) {
    problems.push(wrong('spec.clusterIPs[0]', [spec.clusterIP], 'may not change once set'));
  }
  const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
  if (!types.includes(String(spec.type))) problems.push(unknown('spec.type', spec.type, types));
  return problems;
}
