import {runLabel} from '../../actions/common/objects.ts';
import type {RunInfo} from '../../actions/define.ts';
import type {KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {isJsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';

/** Seconds without a renewal after which the drill's Lease may be taken over; four renewals fit in. */
export const leaseSeconds = 20;

/** Milliseconds between two renewals. */
export const renewEvery = 5000;

/** The Lease by which a run holds a cluster, renewed now. `metadata`: of the lease that is there already. */
export function leaseObject(
  {apiVersion, kind, name, namespace}: Target,
  {holder, clock, run}: {holder: string; clock: Clock; run: Pick<RunInfo, 'label'>},
  metadata: KubeObject['metadata'] | object = {},
): KubeObject {
  // Leases keep microseconds (MicroTime).
  const now = clock.wall().toISOString().replace('Z', '000Z');
  return {
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      name,
      ...(namespace === undefined ? {} : {namespace}),
      labels: {[runLabel]: run.label},
    },
    spec: {holderIdentity: holder, leaseDurationSeconds: leaseSeconds, acquireTime: now, renewTime: now},
  };
}

/** Who holds a Lease; empty when nobody does. */
export const holderOf = (lease: KubeObject): string => specText(lease, 'holderIdentity');

/** When a Lease was renewed last, as its holder's clock had it; empty when never. */
export const renewTimeOf = (lease: KubeObject): string => specText(lease, 'renewTime');

function specText({spec}: KubeObject, key: string): string {
  const value = isJsonObject(spec) ? spec[key] : undefined;
  return typeof value === 'string' ? value : '';
}
