import type {KubeObject} from '../../cluster/types.ts';

/** Annotation with the instant (UTC) after which a run is over, whatever its lease looks like. */
export const expiresAnnotation = 'kubedrill.dev/expires';

/** Milliseconds beyond its deadline that a run may take to undo, and that clocks may be apart. */
const margin = 600_000;

/** Milliseconds after which what a run has put into a cluster is forgotten; `runDeadline` is the run's own. */
export const lifetimeOf = (runDeadline: number): number => runDeadline + margin;

/** Whether an object says that its run is over. */
export function hasExpired({metadata}: KubeObject, now: Date): boolean {
  const expires = metadata.annotations?.[expiresAnnotation];
  return expires !== undefined && Date.parse(expires) < now.getTime();
}
