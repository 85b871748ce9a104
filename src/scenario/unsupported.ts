import type {Spec} from './schema/scenario.ts';

/** What a scenario uses that this version can read and check, but not play: a run is refused rather than ignoring it. */
export function unsupported({spec}: {spec: Spec}): {what: string; path: string}[] {
  const found: {what: string; path: string}[] = [];
  if (spec.requires) found.push({what: 'requires', path: 'spec.requires'});
  if (spec.recoveryPoint) found.push({what: 'recoveryPoint', path: 'spec.recoveryPoint'});
  if (spec.type === 'rehearsal') found.push({what: `type: ${spec.type}`, path: 'spec.type'});
  spec.probes?.forEach(({from}, index) => {
    if (from === 'node') found.push({what: 'from: node', path: `spec.probes[${index}].from`});
  });
  spec.objectives?.forEach((objective, index) => {
    for (const metric of ['restoreTime', 'backupAge'] as const) {
      if (objective[metric] !== undefined)
        found.push({what: `the objective ${metric}`, path: `spec.objectives[${index}].${metric}`});
    }
  });
  return found;
}
