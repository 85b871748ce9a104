import {isResource, namespaces, type Resource, services} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {labelFault, labelValueFault, qualifiedNameFault, serviceNameFault, subdomainFault} from './names.ts';
import {forbiddenField, type Problem, required, wrong} from './problems.ts';

/** Finalizers of Kubernetes itself; all others have a domain. */
const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** Broken rules of the metadata that every object has. */
export function metadataProblems(resource: Resource, {metadata}: KubeObject, old: KubeObject | undefined): Problem[] {
  const {labels = {}, annotations = {}, finalizers = [], ownerReferences = []} = metadata;
  const check = (field: string, value: string, fault: string | undefined) =>
    fault ? [wrong(field, value, fault)] : [];
  const problems = [
    ...nameProblems(resource, metadata),
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...check('metadata.labels', key, qualifiedNameFault(key)),
      ...check('metadata.labels', value, labelValueFault(value)),
    ]),
    ...Object.keys(annotations).flatMap((key) =>
      check('metadata.annotations', key, qualifiedNameFault(key.toLowerCase())),
    ),
    ...finalizers.flatMap((finalizer, index) => {
      const isKnown = finalizer.includes('/') || standardFinalizers.has(finalizer);
      const fault = isKnown ? undefined : 'name is neither a standard finalizer name nor is it fully qualified';
      return check(`metadata.finalizers[${index}]`, finalizer, fault);
    }),
    ...ownerReferences.flatMap((owner) =>
      (['apiVersion', 'kind', 'name', 'uid'] as const)
        .filter((field) => !owner[field])
        .map((field) => wrong(`metadata.ownerReferences.${field}`, '', 'must not be empty')),
    ),
  ];
  const added = finalizers.filter((each) => !old?.metadata.finalizers?.includes(each));
  if (old?.metadata.deletionTimestamp && added.length > 0) {
    const list = added.map((each) => `"${each}"`).join(', ');
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
    problems.push(forbiddenField('metadata.finalizers', why));
  }
  return problems;
}

function nameProblems(resource: Resource, {name, generateName}: KubeObject['metadata']): Problem[] {
  if (!name) return [required('metadata.name', 'Required value: name or generateName is required')];
  if (resource.group === 'rbac.authorization.k8s.io') return [];
  const fault = isResource(resource, services)
    ? serviceNameFault
    : isResource(resource, namespaces)
      ? namespaceFault
      : subdomainFault;
  // The beginning of a generated name may end in a dash.
  const begins = generateName ? fault(generateName.replace(/-$/, 'a')) : undefined;
  const is = fault(name);
  return [
    ...(begins ? [wrong('metadata.generateName', generateName, begins)] : []),
    ...(is ? [wrong('metadata.name', name, is)] : []),
  ];
}

const namespaceFault = (name: string) => (name.includes('.') ? 'must not contain dots' : labelFault(name));
