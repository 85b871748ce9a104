import type {CheckRecord} from '../../journal/plan.ts';
import type {Runtime} from '../runtime.ts';
import {askCheck, asWanted, type CheckAnswer, CheckLog} from '../watch/checks.ts';
import {faultAnsweredAt, faultBeganAt} from '../watch/instants.ts';

/** Milliseconds between two looks at the services; checks are asked at most this often too. */
const look = 100;
const askEvery = 500;

/**
 * Waits until every service has been up, and every check has answered as declared, for `stableFor` without a break since
 * recovery began. Ends after `within` in any case: what was not reached is in the journal and in the series.
 */
export async function verifyRecovery(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const {request, prepared} = runtime;
  const {clock} = request;
  const {verifyWithin, stableFor, checks} = prepared.plan;
  const deadline = (runtime.recoveredAt ?? clock.mono()) + verifyWithin;
  const log = new CheckLog(runtime);
  const asked = checks.filter(({states}) => states.after !== 'skip');
  let nextAsk = clock.mono();
  /** When the first round of answers came since which all were as declared. */
  let greenSince: number | undefined;
  for (;;) {
    const stableBefore = areStable(runtime);
    const due = greenSince !== undefined && clock.mono() >= greenSince + stableFor;
    if (clock.mono() >= nextAsk || (stableBefore && due)) {
      const from = clock.mono();
      nextAsk = from + askEvery;
      const answers = await askAll(runtime, asked, signal);
      for (const {check, answer} of answers) await log.note(check, 'after', answer);
      const green = answers.every(({check, answer}) => asWanted(answer.answer, check.states.after));
      greenSince = green ? (greenSince ?? clock.mono()) : undefined;
      const held = asked.length === 0 || (greenSince !== undefined && from >= greenSince + stableFor);
      // Both sides of the questions: a service that fell while they were asked is not back.
      if (held && stableBefore && areStable(runtime) && !isDetectionOpen(runtime)) return;
    }
    if (clock.mono() >= deadline) return;
    await clock.sleep(look, signal);
  }
}

function askAll(
  runtime: Runtime,
  checks: readonly CheckRecord[],
  signal: AbortSignal,
): Promise<{check: CheckRecord; answer: CheckAnswer}[]> {
  return Promise.all(checks.map(async (check) => ({check, answer: await askCheck(runtime, check, 'after', signal)})));
}

/**
 * Every service up for `stableFor`, counted from its last bad sample and from the end of recovery, whichever is later:
 * an outage may begin well after the fault was accepted.
 */
function areStable(runtime: Runtime): boolean {
  const {probing, prepared, request, journal, recoveredAt = 0} = runtime;
  const {services, stableFor} = prepared.plan;
  const now = request.clock.mono();
  const from = faultBeganAt(journal.entries) ?? now;
  if (now - recoveredAt < stableFor) return false;
  return services.every(({name}) => {
    const seen = probing?.assess(name, {from, until: now});
    return seen?.state === 'up' && seen.goodFor >= stableFor;
  });
}

/**
 * No alert has fired yet and its target is not over: a drill that ended now could say neither that it fires in time
 * nor that it does not.
 */
function isDetectionOpen({probing, prepared, request, journal}: Runtime): boolean {
  const {objectives, probes, services} = prepared.plan;
  const now = request.clock.mono();
  const from = faultBeganAt(journal.entries);
  const watching = probes.filter(({detector}) => detector === true);
  if (from === undefined || !probing || watching.length === 0) return false;
  const window = {from, until: now};
  return objectives.some(({metric, target, of, from: origin}) => {
    if (metric !== 'detection') return false;
    const asked = watching.some(({name}) => name === of) ? watching.filter(({name}) => name === of) : watching;
    if (!asked.every(({name}) => probing.detection(name, window).state === 'never')) return false;
    const broken = services.find(({name, outage}) => name === of || (of === undefined && outage !== 'none'));
    const impact = broken && probing.assess(broken.name, window).firstBad?.end;
    const slowest = Math.max(...asked.map(({every}) => every));
    // The later end of either instant: only then it is certain that the target is over.
    const begun = faultAnsweredAt(journal.entries) ?? from;
    return now < (origin === 'impact' ? (impact ?? begun) : begun) + target + 2 * slowest;
  });
}
