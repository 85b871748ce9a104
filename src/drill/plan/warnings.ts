import {acting, pathText, type Spec, unprovable} from '../../scenario/index.ts';

/** What is no reason to refuse, and makes the result worth less: where it stands, what it is, and what to do. */
export function warningsOf(spec: Spec, {attended}: {attended: boolean}): string[] {
  const found = [...unprovable(spec), ...(attended ? [] : leftOut(spec))];
  return [
    ...found.map(({path, message, hint}) => `${pathText(path)}: ${message}${hint === undefined ? '' : `. ${hint}`}`),
    ...mixedPlaces(spec),
  ];
}

type Phase = 'inject' | 'recover';

/** Steps for a person, of a run without one; what is left of their phase then. */
function leftOut(spec: Spec): Pick<ReturnType<typeof unprovable>[number], 'path' | 'message' | 'hint'>[] {
  return (['inject', 'recover'] as const).flatMap((phase) =>
    (spec[phase] ?? [])
      .flatMap((step, index) => acting(step, ['spec', phase, index]))
      .filter(({step}) => step.manual !== undefined && step.unattended === 'skip')
      .map(({path}) => {
        const isAll = spec.type !== 'rehearsal' && onlyPeople(spec, phase);
        const means = isAll ? nothingLeft[phase] : phase === 'inject' ? unplayed : '';
        const hint = means === '' ? {} : {hint: 'Run it on a terminal, or let a step do it.'};
        return {path, message: `nobody is there, so that it will be skipped${means}`, ...hint};
      }),
  );
}

const unplayed = ': a fault that does not go out, and the run cannot pass';
const nothingLeft: Readonly<Record<Phase, string>> = {
  inject: ': nothing is broken then, and the run cannot pass',
  recover: ': nothing is recovered then, and the run cannot pass',
};

/** Whether a phase has no step that acts without a person. */
export function onlyPeople(spec: Spec, phase: Phase): boolean {
  const steps = spec[phase] ?? [];
  const acts = steps.flatMap((step, index) => acting(step, ['spec', phase, index]));
  return acts.every(({step}) => step.manual !== undefined) && !steps.some(({undo}) => undo !== undefined);
}

function mixedPlaces({probes = [], services = {}}: Spec): string[] {
  return Object.entries(services).flatMap(([name, {up}]) => {
    const places = new Set(probes.filter((probe) => up.includes(probe.name)).map(({from}) => from));
    if (places.size < 2) return [];
    // Their clocks differ, and the bound of every figure grows by what is not known of the difference.
    const where = [...places].sort().join(' and ');
    return [`the probes of the service ${name} sample from ${where}: give them one \`from\`, or its figures are wider`];
  });
}
