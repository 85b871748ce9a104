import {targetText} from '../io/target.ts';
import type {ListQuery, ObjectRef} from './types.ts';

/** The API group of an apiVersion: `''` for core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** `Deployment shop/web`, as messages name an object. */
export const describeRef = (ref: ObjectRef): string => targetText(ref);

/** `Pod in namespace shop with k8s-app=kube-dns`, as messages name a list. */
export function describeQuery(query: ListQuery): string {
  const where = query.namespace === undefined ? '' : ` in namespace ${query.namespace}`;
  const filters = [query.labelSelector, query.fieldSelector].filter((filter) => filter !== undefined);
  return `${query.kind}${where}${filters.length > 0 ? ` with ${filters.join(' and ')}` : ''}`;
}

/** The kind in a form that kubectl accepts without ambiguity, whatever its plural is: `pod`, `deployment.apps`. */
function kubectlKind({apiVersion, kind}: {apiVersion: string; kind: string}): string {
  const group = groupOf(apiVersion);
  return `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
}

/** `kubectl -n shop get deployment.apps/web`: a command a person can paste. `after` follows the object. */
export function kubectl(verb: string, ref: ObjectRef, after = ''): string {
  return `kubectl${kubectlNamespace(ref)} ${verb} ${kubectlKind(ref)}/${shellWord(ref.name)}${after ? ` ${after}` : ''}`;
}

/** `kubectl -n shop get pod -l app=web`. */
export function kubectlList(query: ListQuery): string {
  const selector = query.labelSelector === undefined ? '' : ` -l ${shellWord(query.labelSelector)}`;
  return `kubectl${kubectlNamespace(query)} get ${kubectlKind(query)}${selector}`;
}

const kubectlNamespace = ({namespace}: {namespace?: string}) =>
  namespace === undefined ? '' : ` -n ${shellWord(namespace)}`;

/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Groups of Kubernetes itself that have a dot: those of others end in `.k8s.io` as well. */
const dotted = new Set(
  [
    ...['admissionregistration', 'apiextensions', 'authentication', 'authorization', 'certificates', 'coordination'],
    ...['discovery', 'events', 'flowcontrol.apiserver', 'networking', 'node', 'rbac.authorization', 'resource'],
    ...['scheduling', 'storage'],
  ].map((name) => `${name}.k8s.io`),
);

/** Whether the kinds of a group come with Kubernetes: what they are called follows from the kind. */
export const isKubernetesGroup = (group: string): boolean => !group.includes('.') || dotted.has(group);

/**
 * The resource name that Kubernetes itself guesses from a kind (`Ingress` → `ingresses`, `NetworkPolicy` →
 * `networkpolicies`), for permissions that are computed without asking the cluster.
 */
export function guessResource(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower === 'endpoints') return lower;
  if (/(?:s|x|ch|sh)$/.test(lower)) return `${lower}es`;
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return `${lower}s`;
}
