import type {JsonObject} from '../../io/json.ts';
import type {Spec} from '../../scenario/index.ts';

/** Something that a scenario asks by a probe: sampled, or once. */
export interface Question {
  /** In messages: `the probe web`. */
  where: string;
  uses: string;
  with: JsonObject;
  /** Absent: kubedrill itself asks. */
  from?: 'runner' | 'cluster';
}

/** Everything that a scenario asks by a probe: its probes, its checks, the proof of its effect, and what its steps wait for. */
export function questionsOf(spec: Pick<Spec, 'probes' | 'verify' | 'effect' | StepList>): Question[] {
  const {probes = [], verify, effect, prepare = [], inject = [], recover = []} = spec;
  const steps = [...prepare, ...inject, ...recover].flatMap((step) => [step, ...(step.parallel ?? [])]);
  return [
    ...probes.map(({name, uses, with: input = {}, from}) => ({where: `the probe ${name}`, uses, with: input, from})),
    ...verify.checks.map(({name, uses, with: input = {}}) => ({where: `the check ${name}`, uses, with: input})),
    ...(effect.prove === undefined
      ? []
      : [{where: 'effect.prove', uses: effect.prove.uses, with: effect.prove.with ?? {}}]),
    ...steps.flatMap(({waitFor}) =>
      waitFor?.uses === undefined ? [] : [{where: 'a waitFor', uses: waitFor.uses, with: waitFor.with ?? {}}],
    ),
  ];
}

type StepList = 'prepare' | 'inject' | 'recover';
