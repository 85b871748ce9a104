import {describeRef, kubectl, shellWord} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import type {Target} from '../../io/target.ts';
import {find, freeze, until} from '../common/objects.ts';
import type {UndoOutcome} from '../define.ts';
import {describeHolders, finalizersOf, foreignFinalizers, type Holder, holdersOf} from './holders.ts';

interface Waiting {
  cluster: ClusterReader;
  clock: Clock;
  signal: AbortSignal;
}

/** Milliseconds for a look at who holds an object, when the time for everything else is over. */
const lastLook = 1000;

/**
 * Waits until no object of that name and UID is left. When time runs out, it says what holds the object, and by which
 * command it is let go, with `after` behind it: to delete it once more would only hang.
 */
export async function goneOrHeld(
  ctx: Waiting,
  target: Target,
  {uid, after}: {uid: string | undefined; after?: string},
): Promise<(UndoOutcome & {state: 'failed'}) | undefined> {
  let last: KubeObject | undefined;
  try {
    await until(ctx, async () => {
      const live = await find(ctx.cluster, target, {signal: ctx.signal});
      last = live?.metadata.uid === uid ? live : undefined;
      return last === undefined ? true : undefined;
    });
    return undefined;
  } catch (error) {
    if (!ctx.signal.aborted || last === undefined) throw error;
    const holders = await holdersOf({cluster: ctx.cluster, signal: AbortSignal.timeout(lastLook)}, last).catch(
      () => [],
    );
    const command = [letGo(last, holders), ...(after === undefined ? [] : [after])].join(' && ');
    return {state: 'failed', detail: `${describeRef(target)} is on its way out, but ${keptBy(last, holders)}`, command};
  }
}

/** What keeps an object that is on its way out, as a clause. */
export function keptBy(object: KubeObject, holders: readonly Holder[]): string {
  if (holders.length > 0) return describeHolders(holders);
  const names = finalizersOf(object);
  if (names.length === 0) return 'it is still there';
  return `its finalizer${names.length > 1 ? 's' : ''} ${names.join(', ')} keep${names.length > 1 ? '' : 's'} it`;
}

/** How a person lets it go: without the finalizers that nobody takes away, or without who uses it. */
function letGo(object: KubeObject, holders: readonly Holder[]): string {
  const target = freeze(object);
  const foreign = foreignFinalizers(object);
  if (foreign.length > 0) {
    const kept = finalizersOf(object).filter((name) => !foreign.includes(name));
    const patch = {metadata: {finalizers: kept.length === 0 ? null : kept}};
    return kubectl('patch', target, `--type=merge -p ${shellWord(JSON.stringify(patch))}`);
  }
  const users = holders.map(({by}) => kubectl('delete', freeze(by)));
  return users.length > 0 ? users.join(' && ') : kubectl('wait --for=delete --timeout=10m', target);
}
