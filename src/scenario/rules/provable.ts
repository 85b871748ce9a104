import type {Shows} from '../../actions/define.ts';
import {formatDuration} from '../../io/duration.ts';
import type {Path} from '../diagnostics.ts';
import type {Warning} from '../problems.ts';
import type {Spec, Step} from '../schema/scenario.ts';
import {acting, effectOf, reversalOf} from './acting.ts';
import {greenForEver} from './green.ts';
import {ownWrites} from './own-writes.ts';

/** A fault as its file declares it. */
interface Fault {
  path: Path;
  name: string;
  /** Whether its action can show by itself that it took effect, or only that the API server took its write. */
  effect: 'none' | Shows;
}

/** Everything in a scenario that a run could never prove. */
export function unprovable(spec: Spec): Warning[] {
  // An inspection is refused without checks and controls.
  if (spec.type === 'inspection') return [];
  if (spec.type === 'rehearsal') return greenForEver(spec);
  return [
    ...bareFaults(spec),
    ...ownWrites(spec),
    ...healsAnyway(spec),
    ...greenForEver(spec),
    ...slowProbes(spec),
    ...slowCanaries(spec),
  ];
}

/** Each fault needs its own proof: its effect, `effect.prove`, or an outage or a red check that can only be its. */
function bareFaults({type, inject = [], services = {}, verify, effect}: Spec): Warning[] {
  const faults = inject.flatMap((step, index) => faultsOf(step, ['spec', 'inject', index]));
  const bare = faults.filter((fault) => fault.effect !== 'consequence');
  // The proof of the scenario speaks of the one fault that has none.
  if (effect.prove !== undefined && bare.length === 1) return [];
  const mayGoDown =
    type === 'disaster' && Object.values(services).some(({by, outage}) => by === 'inject' && outage !== 'none');
  const mayTurn = verify.checks.some(
    ({states: {before, broken}}) => before !== 'skip' && broken !== 'skip' && before !== broken,
  );
  // Of one fault, an outage or a check that turns is proof enough.
  if (faults.length === 1 && (mayGoDown || mayTurn)) return [];
  return bare.map(({path, name, effect: shows}) => {
    const what =
      shows === 'none'
        ? `${name} has no effect of its own`
        : `the effect of ${name} shows only that the API server took the write`;
    return {
      path,
      code: 'W_NO_PROOF',
      message:
        faults.length === 1
          ? `nothing can show that ${name} took effect: ${what}, and no service or check is to turn`
          : `${what}: beside other faults, an outage or a red check proves it only if it comes before the next fault`,
      hint:
        effect.prove === undefined
          ? 'Ask by `effect.prove` what shows that the fault took effect: it must answer no before and yes after.'
          : '`effect.prove` proves the one fault without an effect of its own; of several it proves none.',
    };
  });
}

function faultsOf(outer: Step, path: Path): Fault[] {
  return acting(outer, path).map(({step, path: at}) =>
    step.uses === undefined
      ? {path: at, name: 'a manual step', effect: 'none'}
      : {path: at, name: step.uses, effect: effectOf(step)},
  );
}

/** What comes back by itself shows nothing of a recovery: who brought it back is not known. */
function healsAnyway({inject = [], recover = []}: Spec): Warning[] {
  const faults = inject.flatMap((step, index) => acting(step, ['spec', 'inject', index]));
  const heal = faults.filter(({step}) => reversalOf(step) === 'platform-heals');
  const [cure] = recover.flatMap((step, index) => acting(step, ['spec', 'recover', index]));
  if (cure === undefined || faults.length === 0 || heal.length < faults.length) return [];
  return [
    {
      path: cure.path,
      code: 'W_HEALS',
      message: `what ${[...new Set(heal.map(({step}) => step.uses))].join(' and ')} breaks comes back by itself: nothing can show that the recovery did it, and the run cannot pass`,
      hint: 'Leave `recover` out and drill that the platform heals, or break something that does not come back by itself.',
    },
  ];
}

/** A sample must begin after the fault has taken effect, while somebody still looks. */
function slowProbes({probes = [], services = {}, verify}: Spec): Warning[] {
  const used = new Set(Object.values(services).flatMap(({up}) => up));
  return probes.flatMap(({name, every}, index) =>
    used.has(name) && every > verify.stableFor
      ? [
          {
            path: ['spec', 'probes', index, 'every'],
            code: 'W_TOO_SLOW',
            message: `every ${formatDuration(every)} is longer than verify.stableFor ${formatDuration(verify.stableFor)}: the drill may end before a sample of ${name} has looked after the fault`,
          },
        ]
      : [],
  );
}

/** A write must be taken again after the recovery. */
function slowCanaries({canaries = [], verify}: Spec): Warning[] {
  return canaries.flatMap(({name, every}, index) =>
    every > verify.stableFor
      ? [
          {
            path: ['spec', 'canaries', index, 'every'],
            code: 'W_TOO_SLOW',
            message: `every ${formatDuration(every)} is longer than verify.stableFor ${formatDuration(verify.stableFor)}: the drill may end before ${name} has written again`,
          },
        ]
      : [],
  );
}
