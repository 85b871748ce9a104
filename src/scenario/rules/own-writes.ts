import {isJsonObject} from '../../io/json.ts';
import {readsBack} from '../../io/read-back.ts';
import type {Target} from '../../io/target.ts';
import type {Warning} from '../problems.ts';
import type {InnerStep, Spec, Step} from '../schema/scenario.ts';
import {acting, effectOf} from './acting.ts';

/** Proofs that only read back what the fault itself wrote, where nothing else that is to come proves it. */
export function ownWrites({inject = [], services = {}, verify, effect}: Spec): Warning[] {
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
