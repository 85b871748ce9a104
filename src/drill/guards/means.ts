import {canaries as canaryKinds} from '../../canary/index.ts';
import {type MeansAtHand, missingMeans} from '../../outside/means.ts';
import {probeOf} from '../../probes/index.ts';
import type {Spec} from '../../scenario/index.ts';
import type {GuardAnswer} from '../types.ts';
import {questionsOf} from './questions.ts';

/** Whether probes, checks and canaries have what they use outside the Kubernetes API; steps are asked as they are planned. */
export function guardMeans(spec: Spec, atHand: MeansAtHand): GuardAnswer[] {
  const {canaries = []} = spec;
  const asked = [
    ...questionsOf(spec).map(({where, uses}) => ({where, definition: probeOf(uses)})),
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
