import {command} from './command.ts';
import type {ProbeDefinition} from './define.ts';
import {dns} from './dns.ts';
import {http} from './http.ts';
import {kubernetesApi} from './kubernetes-api.ts';
import {kubernetesObject} from './kubernetes-object.ts';
import {tcp} from './tcp.ts';

/** Every kind of probe, by the name that `uses` takes. */
export const probes: Readonly<Record<string, ProbeDefinition>> = {
  http,
  tcp,
  dns,
  'kubernetes/object': kubernetesObject,
  'kubernetes/api': kubernetesApi,
  command,
};
