import {describeRef, kubectl, shellWord} from '../../cluster/names.ts';
import type {ClusterReader, KubeObject} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {isJsonObject} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import {find, freeze, until} from '../common/objects.ts';
import type {UndoOutcome} from '../define.ts';
import {valueAt} from '../fields/compare.ts';
import type {HeldTime} from './held-time.ts';
import {describeHolders, finalizersOf, foreignFinalizers, type Holder, holdersOf, isKubernetes} from './holders.ts';

interface Waiting {
  cluster: ClusterReader;
  clock: Clock;
  signal: AbortSignal;
  heldTime?: HeldTime;
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
  let end: number | undefined;
  try {
    const gone = await until(ctx, async () => {
      const live = await find(ctx.cluster, target, {signal: ctx.signal});
      last = live?.metadata.uid === uid ? live : undefined;
      if (last === undefined) return true;
      if (ctx.heldTime === undefined || !isForOthers(last)) return undefined;
      end ??= ctx.clock.mono() + ctx.heldTime.left(ctx.clock);
      return ctx.clock.mono() >= end ? false : undefined;
    });
    if (gone) return undefined;
    throw new StillHeld();
  } catch (error) {
    if (!(ctx.signal.aborted || error instanceof StillHeld) || last === undefined) throw error;
    const holders = await holdersOf({cluster: ctx.cluster, signal: AbortSignal.timeout(lastLook)}, last).catch(
      () => [],
    );
    const command = [letGo(last, holders), ...(after === undefined ? [] : [after])].join(' && ');
    return {state: 'failed', detail: `${describeRef(target)} is on its way out, but ${keptBy(last, holders)}`, command};
  }
}

/** The time is over that undos have together for what is held. */
class StillHeld extends Error {}

/** Whether an object on its way out, or what is in a namespace, waits for somebody outside of Kubernetes. */
const isForOthers = (object: KubeObject): boolean =>
  foreignFinalizers(object).length > 0 || withinOf(object).length > 0;

/** Finalizers in a namespace that is on its way out, as its conditions tell, that are not Kubernetes' own. */
function withinOf({kind, status}: KubeObject): string[] {
  const conditions = kind === 'Namespace' ? valueAt(status, ['conditions']) : undefined;
  const remaining = (Array.isArray(conditions) ? conditions : [])
    .filter(isJsonObject)
    .find((one) => one.type === 'NamespaceFinalizersRemaining' && one.status === 'True');
  const [, list = ''] = /finalizers remaining: (.*)$/.exec(String(remaining?.message ?? '')) ?? [];
  return list
    .split(', ')
    .map((part) => part.replace(/ in \d+ resource instances$/, ''))
    .filter((name) => name !== '' && !isKubernetes(name));
}

/** What keeps an object that is on its way out, as a clause. */
export function keptBy(object: KubeObject, holders: readonly Holder[]): string {
  if (holders.length > 0) return describeHolders(holders);
  const names = finalizersOf(object);
  const within = withinOf(object);
  if (within.length > 0)
    return `objects in it are kept by the finalizer${within.length > 1 ? 's' : ''} ${within.join(', ')}`;
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
