import {closest} from '../io/closest.ts';
import {UsageError} from '../io/errors.ts';
import {alertmanager} from './alertmanager.ts';
import {command} from './command.ts';
import type {ProbeDefinition} from './define.ts';
import {dns} from './dns.ts';
import {http} from './http.ts';
import {kubernetesApi} from './kubernetes-api.ts';
import {kubernetesObject} from './kubernetes-object.ts';
import {prometheus} from './prometheus.ts';
import {tcp} from './tcp.ts';

/** Every kind of probe, by the name that `uses` takes. */
export const probes: Readonly<Record<string, ProbeDefinition>> = {
  http,
  tcp,
  dns,
  'kubernetes/object': kubernetesObject,
  'kubernetes/api': kubernetesApi,
  command,
  prometheus,
  alertmanager,
};

/** The definition of a kind. Throws a UsageError that lists the kinds. */
export function probeOf(kind: string): ProbeDefinition {
  const definition = Object.hasOwn(probes, kind) ? probes[kind] : undefined;
  if (definition) return definition;
  const kinds = Object.keys(probes);
  const near = closest(kind, kinds);
  throw new UsageError(`there is no probe ${kind} in this version of kubedrill; known: ${kinds.join(', ')}`, {
    code: 'E_PROBE_UNKNOWN',
    hint: near === undefined ? 'See them with: kubedrill explain probes' : `Did you mean ${near}?`,
  });
}
