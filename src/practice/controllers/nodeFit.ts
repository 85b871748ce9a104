import type {Node, Taint, Toleration} from '../objects.ts';
import {requirement} from '../selectors.ts';
import type {NodeSelectorTerm, PodSpec} from '../workloads.ts';

const unschedulable: Taint = {key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule'};

/** Why a pod cannot go onto a node, in the scheduler's words; undefined when it can. */
export function fitsNode(spec: PodSpec, node: Node): string | undefined {
  const tolerates = (taint: Taint) => tolerationOf(spec, taint) !== undefined;
  if (node.spec.unschedulable && !tolerates(unschedulable)) return 'node(s) were unschedulable';
  const barred = (node.spec.taints ?? []).find((taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(taint));
  if (barred) return `node(s) had untolerated taint {${barred.key}: ${barred.value ?? ''}}`;
  return selected(spec, node) ? undefined : "node(s) didn't match Pod's node affinity/selector";
}

/** Whether a pod that is on a node already may stay there. */
export function mayStay(spec: PodSpec, node: Node): boolean {
  const expelled = (node.spec.taints ?? []).some(
    (taint) => taint.effect === 'NoExecute' && tolerationOf(spec, taint) === undefined,
  );
  return !expelled && selected(spec, node);
}

/** The toleration by which a pod bears a taint. */
export function tolerationOf(spec: PodSpec, taint: Taint): Toleration | undefined {
  return (spec.tolerations ?? []).find((toleration) => matches(toleration, taint));
}

function matches(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (!toleration.key) return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

function selected(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value)) return false;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return !terms || terms.some((term) => matchesTerm(term, node));
}

function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const fields = {'metadata.name': node.metadata.name};
  const byLabel = (term.matchExpressions ?? []).every(({key, operator, values}) =>
    requirement(key, operator, values)(node.metadata.labels),
  );
  return (
    byLabel && (term.matchFields ?? []).every(({key, operator, values}) => requirement(key, operator, values)(fields))
  );
}
