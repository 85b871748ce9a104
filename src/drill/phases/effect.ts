import {showsOwnWrite} from '../../actions/own-write.ts';
import {messageOf} from '../../io/errors.ts';
import type {EffectSeen} from '../../journal/effect.ts';
import {actionContext, noMutation, uncritical} from '../contexts.ts';
import type {Runtime} from '../runtime.ts';
import type {Played} from '../session.ts';
import type {BrokenWatch} from '../watch/broken.ts';
import {faultBeganAt} from '../watch/instants.ts';
import {askProof, proofPath} from '../watch/proof.ts';

/** Milliseconds between two looks. */
const look = 50;

/** One thing that must be seen before the fault counts as having bitten. */
interface Proof {
  /** Path of the step, or `service/<name>`. */
  path: string;
  ask: (signal: AbortSignal) => Promise<Look>;
}

/** One answer, as the journal keeps it. */
type Look = Omit<EffectSeen, 'type' | 'path'>;

/**
 * Waits until the fault was seen to bite: every injected action's own effect, and every service that must go down by
 * the fault. When something is about to be done for the recovery, waits for the checks' broken states, too: the cure
 * must not come before the proof that there was an illness. Ends after `effect.within` in any case; what was not seen
 * then makes the verdict inconclusive.
 */
export async function proveEffect(runtime: Runtime, broken: BrokenWatch, signal: AbortSignal): Promise<void> {
  const {request, prepared, journal} = runtime;
  const deadline = request.clock.mono() + prepared.plan.effectWithin;
  let open = [...actionProofs(runtime), ...serviceProofs(runtime), ...declaredProof(runtime)];
  const last = new Map<string, string>();
  for (;;) {
    const rest: Proof[] = [];
    for (const proof of open) {
      const found = await proof.ask(signal);
      if (found.seen) await journal.append({type: 'effect.seen', path: proof.path, ...found});
      else rest.push(proof);
      last.set(proof.path, found.detail);
    }
    open = rest;
    const red = prepared.steps.recover.length === 0 || broken.done();
    if ((open.length === 0 && red) || request.clock.mono() >= deadline) break;
    await request.clock.sleep(look, signal);
  }
  for (const {path} of open) {
    await journal.append({type: 'effect.seen', path, seen: false, detail: last.get(path) ?? 'not seen'});
  }
}

function actionProofs(runtime: Runtime): Proof[] {
  return [...runtime.played.values()]
    .filter(({path, definition}) => path.startsWith('inject.') && definition.effect !== undefined)
    .map((played) => ({path: played.path, ask: (signal) => askAction(runtime, played, signal)}));
}

async function askAction(
  runtime: Runtime,
  {path, definition, input, plan, output}: Played,
  signal: AbortSignal,
): Promise<Look> {
  const {request, prepared, run, vault} = runtime;
  const {connection, means} = prepared;
  // The step's own signal is spent; the effect is asked with the activity's.
  try {
    const context = actionContext({
      ...{definition, request, connection, means, run, vault, path, signal, mutate: noMutation, critical: uncritical},
    });
    const effect = await definition.effect?.(context, input, plan, output);
    if (effect === undefined) return {seen: false, detail: 'it has no effect to see'};
    const {seen, detail, ownWrite = showsOwnWrite(definition, input)} = effect;
    return {seen, detail, ...(ownWrite ? {ownWrite} : {})};
  } catch (error) {
    signal.throwIfAborted();
    return {seen: false, detail: `could not be asked: ${messageOf(error)}`};
  }
}

function serviceProofs(runtime: Runtime): Proof[] {
  const from = faultBeganAt(runtime.journal.entries);
  return runtime.prepared.plan.services
    .filter(({outage, by}) => outage === 'required' && by === 'inject')
    .map(({name}) => ({
      path: `service/${name}`,
      ask: async () => {
        const until = runtime.request.clock.mono();
        const bad = runtime.probing?.assess(name, {from: from ?? until, until}).firstBad;
        return bad === undefined
          ? {seen: false, detail: `${name} was not seen down`}
          : {seen: true, detail: `${name} went down: ${bad.series}${bad.detail ? ` ${bad.detail}` : ''}`};
      },
    }));
}

/** `effect.prove`: what the scenario itself gives as proof, for faults that have no effect of their own. */
function declaredProof(runtime: Runtime): Proof[] {
  if (runtime.prepared.plan.prove === undefined) return [];
  return [{path: proofPath, ask: (signal) => askProof(runtime, signal)}];
}
