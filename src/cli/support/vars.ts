import {readFile} from 'node:fs/promises';
import {resolve} from 'node:path';
import {messageOf, UsageError} from '../../io/errors.ts';
import {isJsonObject, withPlainIntegers} from '../../io/json.ts';
import {resolveVars, ScenarioError, type ScenarioFile, type VarsGiven} from '../../scenario/index.ts';
import type {Invocation} from '../define.ts';
import type {DrillFlags} from './drill-flags.ts';

/** Values for the scenario's variables from flags, files and the environment. Rejects with UsageError. */
export async function givenVars({io, flags}: Pick<Invocation<DrillFlags>, 'io' | 'flags'>): Promise<VarsGiven> {
  const files = await Promise.all((flags.varFile ?? []).map((name) => readVarFile(name, io.cwd)));
  return {cli: flags.var ?? {}, files, env: io.env};
}

async function readVarFile(name: string, cwd: string): Promise<VarsGiven['files'][number]> {
  const text = await readFile(resolve(cwd, name), 'utf8').catch((error: unknown) => {
    throw new UsageError(`--var-file ${name} cannot be read: ${messageOf(error)}`, {code: 'E_VAR_FILE', cause: error});
  });
  const {parse} = await import('yaml');
  let values: unknown;
  try {
    values = withPlainIntegers(parse(text, {intAsBigInt: true}));
  } catch (error) {
    throw new UsageError(`--var-file ${name} is not YAML: ${messageOf(error)}`, {code: 'E_VAR_FILE', cause: error});
  }
  if (!isJsonObject(values)) {
    throw new UsageError(`--var-file ${name} does not hold a mapping of names to values`, {
      code: 'E_VAR_FILE',
      hint: 'Write one `name: value` a line.',
    });
  }
  return {name, values};
}

/**
 * Throws a ScenarioError for given values that a scenario has no variable for, or of a wrong type: before the cluster
 * is asked, whose environment only then says whether every variable has a value.
 */
export function checkGivenVars(scenarios: readonly ScenarioFile[], given: VarsGiven): void {
  for (const scenario of scenarios) {
    try {
      resolveVars(scenario, given);
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      const wrong = error.diagnostics.filter(({code}) => code !== 'E_VAR_MISSING');
      if (wrong.length > 0) throw new ScenarioError(wrong);
    }
  }
}
