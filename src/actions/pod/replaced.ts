import {describeRef} from '../../cluster/names.ts';
import {refused} from '../common/absent.ts';
import type {Owner} from '../common/heals.ts';
import {isJob, retriesLeft} from '../common/jobs.ts';
import {find} from '../common/objects.ts';
import type {ActionContext} from '../define.ts';

/** What is true of a pod of the kubelet's own, after its name. */
export const mirrored =
  'is the mirror of a static pod: deleting it ends no container, and the kubelet shows it again at once';
export const mirrorHint = 'Stop its container on the node itself: a command/run that moves its manifest away, say';

/** What a plan says of a controller that may replace its pods or not. */
export const perhaps = ({ref, desired}: Owner): string =>
  isJob(ref)
    ? `a pod of ${describeRef(ref)} that is deleted has failed: its work is done again, and one retry less is left`
    : `whether ${describeRef(ref)} replaces its pods is not known here; it has healed when ${desired} are ready as before`;

/** Throws a RefusedError for Jobs that would fail for good if their pods went: no undo brings them back. */
export async function checkRetries(
  {cluster, signal}: ActionContext,
  kind: string,
  owners: readonly Owner[],
): Promise<void> {
  const reasons = await withoutRetries({cluster, signal}, owners);
  if (reasons.length > 0) throw refused(kind, reasons.join('; '), 'Choose pods of others, or a smaller count');
}

/** Why Jobs would fail for good if these of their pods went; `owners`: one for each pod. */
export async function withoutRetries(
  {cluster, signal}: Pick<ActionContext, 'cluster' | 'signal'>,
  owners: readonly Owner[],
): Promise<string[]> {
  const pods = new Map<string, Owner[]>();
  for (const owner of owners.filter(({ref}) => isJob(ref))) {
    const name = describeRef(owner.ref);
    pods.set(name, [...(pods.get(name) ?? []), owner]);
  }
  const reasons = await Promise.all(
    [...pods].map(async ([name, [owner, ...others]]) => {
      const job = owner && (await find(cluster, owner.ref, {signal}));
      const left = job === undefined ? 0 : retriesLeft(job);
      const count = others.length + 1;
      return count <= left
        ? []
        : [`${name} has ${left} retries left, and would fail for good without ${count} of its pods`];
    }),
  );
  return reasons.flat();
}
