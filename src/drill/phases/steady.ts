import {formatDuration} from '../../io/duration.ts';
import {DrillError, ExitCode, messageOf, RefusedError} from '../../io/errors.ts';
import type {Runtime} from '../runtime.ts';
import {askCheck, asWanted, CheckLog} from '../watch/checks.ts';
import {fixturesIn, watchFixtures} from '../watch/fixtures.ts';
import {askProofBefore} from '../watch/proof.ts';

/** Milliseconds between two looks at the services. */
const look = 50;
/** Steady state may come a little late: a fixture that has just been made warms up. */
export const steadyPatience = 30_000;

/** Milliseconds for the cluster to say that it is there. */
const answersWithin = 5000;

/**
 * Waits until every service has been up for `steady.for` without a break and every check answers as declared before
 * the fault; asks the controls. Rejects with a RefusedError when that does not come in time, and with `E_CLUSTER_LOST`
 * when there is no cluster any more: that says nothing about its steady state.
 */
export async function waitForSteady(runtime: Runtime, signal: AbortSignal): Promise<void> {
  try {
    await steady(runtime, signal);
  } catch (error) {
    const {reader} = runtime.prepared.connection;
    if (error instanceof RefusedError) await reader.raw('/readyz', {signal, timeout: answersWithin}).catch(throwLost);
    throw error;
  }
}

function throwLost(error: unknown): never {
  throw new DrillError(`the cluster was lost before the fault: ${messageOf(error)}`, ExitCode.internal, {
    code: 'E_CLUSTER_LOST',
    hint: 'Nothing was injected. When the cluster is back, take back what the run has made.',
  });
}

async function steady(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const {request, prepared, probing} = runtime;
  const {clock} = request;
  const {steadyFor, services} = prepared.plan;
  const started = clock.mono();
  const deadline = started + steadyFor + steadyPatience;
  const fixtures = watchFixtures({
    cluster: prepared.connection.reader,
    clock,
    targets: () => fixturesIn(runtime.journal.entries),
  });
  for (;;) {
    const now = clock.mono();
    const waiting = services
      .map(({name}) => ({name, seen: probing?.assess(name, {from: started, until: now})}))
      .filter(({seen}) => seen?.state !== 'up' || seen.goodSince === undefined || now - seen.goodSince < steadyFor);
    if (waiting.length === 0 && now - started >= steadyFor) break;
    if (waiting.some(({seen}) => seen?.state !== 'up')) await fixtures.check(signal);
    if (now >= deadline) {
      const reasons = waiting.map(({name, seen}) => {
        const bad = seen?.outages.at(-1)?.lastBad;
        return `${name} is ${seen?.state ?? 'unknown'}${bad ? ` (${bad.series}: ${bad.detail ?? 'bad'})` : ''}`;
      });
      throw notSteady(`not up for ${formatDuration(steadyFor)} without a break: ${reasons.join(', ')}`);
    }
    await clock.sleep(look, signal);
  }
  await askControls(runtime, signal);
  await askBefore(runtime, signal);
}

/**
 * Asks every check, and `effect.prove`, what it says before the fault. A baseline that is already bad proves nothing. Asked once more right
 * before the fault: what a check says from then on differs by the fault, not by what happened meanwhile.
 */
export async function askBefore(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const log = new CheckLog(runtime);
  const wrong: string[] = [];
  for (const check of runtime.prepared.plan.checks) {
    const wanted = check.states.before;
    if (wanted === 'skip') continue;
    const answer = await askCheck(runtime, check, 'before', signal);
    await log.note(check, 'before', answer);
    if (asWanted(answer.answer, wanted)) continue;
    wrong.push(`${check.name}: ${answer.answer} instead of ${wanted}${answer.detail ? ` (${answer.detail})` : ''}`);
  }
  const proof = await askProofBefore(runtime, signal);
  if (proof !== undefined) wrong.push(proof);
  if (wrong.length > 0) throw notSteady(wrong.join('; '));
}

/**
 * Milliseconds for the answers of the controls to come in. Their probes were ok for the whole steady time: each control
 * has been asked, and may take as long as its probe.
 */
export const controlsWithin = (probes: readonly {timeout?: number | undefined; every: number}[]): number =>
  5000 + Math.max(0, ...probes.map(({timeout, every}) => timeout ?? every));

/**
 * What must be bad is asked once: a probe or check that cannot go red shows nothing by being green. A control without
 * an answer is simply not in the journal, and the verdict sees that.
 */
async function askControls(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const {probing, journal, prepared} = runtime;
  for (const answer of (await probing?.controls(signal, controlsWithin(prepared.plan.probes))) ?? []) {
    await journal.append({type: 'control.answered', ...answer});
  }
  const log = new CheckLog(runtime);
  for (const check of runtime.prepared.plan.checks) {
    if (check.control !== undefined)
      await log.note(check, 'control', await askCheck(runtime, check, 'control', signal));
  }
}

function notSteady(why: string): RefusedError {
  return new RefusedError(`the steady state was not met: ${why}`, {
    code: 'E_NOT_STEADY',
    hint: 'Nothing was injected. Bring the service into its normal state, or correct the probe or check.',
  });
}
