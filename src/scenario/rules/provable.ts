import type {Reversal, Shows} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {showsOwnWrite} from '../../actions/own-write.ts';
import {formatDuration} from '../../io/duration.ts';
import {isJsonObject} from '../../io/json.ts';
import {readsBack} from '../../io/read-back.ts';
import type {Target} from '../../io/target.ts';
import type {Path} from '../diagnostics.ts';
import type {Problem} from '../problems.ts';
import type {InnerStep, Spec, Step} from '../schema/scenario.ts';

/** What is no error, and can be seen from the file to make a pass impossible, or unlikely. */
export type Warning = Pick<Problem, 'path' | 'code' | 'message' | 'hint'>;

/** A fault as its file declares it. */
interface Fault {
  path: Path;
  name: string;
  /** Whether its action can show by itself that it took effect, or only that the API server took its write. */
  effect: 'none' | Shows;
}

/** Everything in a scenario that a run could never prove. */
export function unprovable(spec: Spec): Warning[] {
  if (spec.type !== 'disaster' && spec.type !== 'redundancy') return [];
  return [...bareFaults(spec), ...ownWrites(spec), ...healsAnyway(spec), ...slowProbes(spec), ...slowCanaries(spec)];
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

/** Proofs that only read back what the fault itself wrote, where nothing else that is to come proves it. */
function ownWrites({inject = [], services = {}, verify, effect}: Spec): Warning[] {
  const faults = inject.flatMap((step, index) => acting(step, ['spec', 'inject', index]));
  const [fault] = faults;
  if (faults.length !== 1 || fault === undefined || effectOf(fault.step) === 'consequence') return [];
  const turning = verify.checks.flatMap((check, index) =>
    check.states.before !== 'skip' && check.states.broken !== 'skip' && check.states.before !== check.states.broken
      ? [{...check, path: ['spec', 'verify', 'checks', index]}]
      : [],
  );
  const proofs = [
    ...(effect.prove === undefined ? [] : [{...effect.prove, path: ['spec', 'effect', 'prove']}]),
    ...turning,
  ];
  const own = proofs.filter((proof) => readsBack(proof, writtenBy(fault.step)));
  const mustGoDown = Object.values(services).some(({by, outage}) => by === 'inject' && outage === 'required');
  if (mustGoDown || own.length < proofs.length) return [];
  return own.map(({path}) => ({
    path,
    code: 'W_OWN_WRITE',
    message: `it reads back what ${fault.step.uses ?? 'the fault'} wrote: it shows only that the API server took the write, not that anybody noticed`,
    hint: 'Ask somebody who has to take notice: its `status`, the program that reads it, or the service.',
  }));
}

/** The objects that a step writes to, as far as its file names them. */
function writtenBy({uses, with: input = {}}: Step | InnerStep): Target[] {
  const named = [input.inline ?? input].flat().flatMap((one) => {
    if (!isJsonObject(one)) return [];
    const {apiVersion, kind, name, namespace} = {...one, ...(isJsonObject(one.metadata) ? one.metadata : {})};
    return [{apiVersion, kind, name, namespace}];
  });
  const all =
    uses === 'node/cordon' ? [{apiVersion: 'v1', kind: 'Node', name: input.name, namespace: undefined}] : named;
  return all.flatMap(({apiVersion, kind, name, namespace}) =>
    typeof apiVersion === 'string' && typeof kind === 'string' && typeof name === 'string'
      ? [{apiVersion, kind, name, ...(typeof namespace === 'string' ? {namespace} : {})}]
      : [],
  );
}

/** The steps of one, itself or those side by side in it, that change something: an action, or what a person does. */
function acting(step: Step | InnerStep, path: Path): {step: Step | InnerStep; path: Path}[] {
  if (step.if === 'false') return [];
  if ('parallel' in step && step.parallel !== undefined) {
    return step.parallel.flatMap((inner, index) => acting(inner, [...path, 'parallel', index]));
  }
  const acts = step.manual !== undefined || (step.uses !== undefined && !onlyLooks(step));
  return acts ? [{step, path}] : [];
}

function effectOf({uses = '', with: input = {}}: Step | InnerStep): Fault['effect'] {
  const definition = actions[uses];
  if (definition?.effect === undefined) return 'none';
  if (typeof definition.shows !== 'function') return definition.shows ?? 'own-write';
  const parsed = definition.input.safeParse(input);
  // What the run has yet to complete is known then.
  return parsed.success && showsOwnWrite(definition, parsed.data) ? 'own-write' : 'consequence';
}

/** What an action says of how its change is taken back; undefined where the run has yet to complete its input. */
function reversalOf({uses = '', with: input = {}}: Step | InnerStep): Reversal | undefined {
  const definition = actions[uses];
  if (definition === undefined) return undefined;
  if (typeof definition.reversal !== 'function') return definition.reversal;
  const parsed = definition.input.safeParse(input);
  return parsed.success ? definition.reversal(parsed.data) : undefined;
}

const onlyLooks = (step: Step | InnerStep): boolean => reversalOf(step) === 'none-needed';

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
