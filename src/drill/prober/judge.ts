import type {JsonObject} from '../../io/json.ts';
import type {Judge, ProbeDefinition} from '../../probes/define.ts';

/** A compiled `expect`; never throws. */
export type Expect = (bindings: Record<string, unknown>) => {
  outcome: 'true' | 'false' | 'missing' | 'error';
  detail?: string;
};

/**
 * The judge of one probe or check: true is ok, false and a missing key are bad (Kubernetes omits zero values), and so
 * is an observation that holds nothing, whatever the expression says of it. An expression that cannot be evaluated is
 * bad as well, marked as a fault of the expression.
 *
 * @param scope other variables that the expression may name (`vars`, `steps`, `before`); observations win
 */
export function makeJudge<Input>(
  definition: Pick<ProbeDefinition<Input>, 'empty'>,
  input: Input,
  expect: Expect,
  scope: JsonObject = {},
): Judge {
  return (observation) => {
    const nothing = definition.empty?.(input, observation);
    if (nothing !== undefined) return {state: 'bad', detail: nothing};
    const {outcome, detail = ''} = expect({...scope, ...observation});
    switch (outcome) {
      case 'true':
        return {state: 'ok'};
      case 'false':
        return {state: 'bad'};
      case 'missing':
        return {state: 'bad', detail: `missing: ${detail}`};
      case 'error':
        return {state: 'bad', detail: `expect: ${detail}`, fault: 'expect'};
    }
  };
}
