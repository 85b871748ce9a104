import {canaries as canaryKinds} from '../../canary/index.ts';
import {type MeansAtHand, missingMeans} from '../../outside/means.ts';
import {probeOf} from '../../probes/index.ts';
import type {Spec} from '../../scenario/index.ts';
import type {GuardAnswer} from '../types.ts';

/** Whether probes, checks and canaries have what they use outside the Kubernetes API; steps are asked as they are planned. */
export function guardMeans(spec: Spec, atHand: MeansAtHand): GuardAnswer[] {
  const {probes = [], verify, effect, canaries = [], prepare = [], inject = [], recover = []} = spec;
  const steps = [...prepare, ...inject, ...recover].flatMap((step) => [step, ...(step.parallel ?? [])]);
  const asked = [
    ...probes.map(({name, uses}) => ({where: `the probe ${name}`, definition: probeOf(uses)})),
    ...verify.checks.map(({name, uses}) => ({where: `the check ${name}`, definition: probeOf(uses)})),
    ...(effect.prove === undefined ? [] : [{where: 'effect.prove', definition: probeOf(effect.prove.uses)}]),
    ...steps.flatMap(({waitFor}) =>
      waitFor?.uses === undefined ? [] : [{where: 'a waitFor', definition: probeOf(waitFor.uses)}],
    ),
    ...canaries.flatMap(({name, uses}) => {
      const definition = canaryKinds[uses];
      return definition === undefined ? [] : [{where: `the canary ${name}`, definition}];
    }),
  ];
  return asked.flatMap(({where, definition}) => {
    const missing = missingMeans(definition, atHand);
    return missing === undefined ? [] : [needsMore(where, missing)];
  });
}

/** A part of the scenario that cannot be played without means that are not at hand. */
export const needsMore = (where: string, {message, hint}: {message: string; hint: string}): GuardAnswer => ({
  guard: 'needs',
  ok: false,
  message: `${where}: ${message}`,
  hint,
});
