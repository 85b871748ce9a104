import type {Redactor} from '../../io/redact.ts';
import type {PlanRecord} from '../../journal/plan.ts';
import type {GuardAnswer} from '../types.ts';

/**
 * Names hold a run's record together: a check is found again by its name. Hidden, two of them could become one; so a name
 * that holds a secret refuses the run. A secret that is read only later is no reason: the name was public before it.
 */
export function guardNames(plan: PlanRecord, redactor: Redactor): GuardAnswer[] {
  const {probes, canaries = [], services, checks, steps} = plan;
  const named = [
    ...probes.map(({name}, index) => ({where: `spec.probes.${index}`, name})),
    ...canaries.map(({name}, index) => ({where: `spec.canaries.${index}`, name})),
    ...services.map(({name}, index) => ({where: `spec.services (number ${index + 1})`, name})),
    ...checks.map(({name}, index) => ({where: `spec.verify.checks.${index}`, name})),
    ...steps.flatMap(({path, id, name}) =>
      [id, name].flatMap((one) => (one === undefined ? [] : [{where: `spec.${path}`, name: one}])),
    ),
  ];
  return named
    .filter(({name}) => redactor.finds(name))
    .map(({where}) => ({
      guard: 'names',
      ok: false,
      message: `the name of ${where} holds the value of a secret or of an environment variable that the scenario reads`,
      hint: 'Names stand in every output. Give it another one, or read the value as a variable (vars), which is no secret.',
    }));
}
