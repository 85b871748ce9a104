import {closest} from '../io/closest.ts';
import {parseDuration} from '../io/duration.ts';
import type {Json, JsonObject} from '../io/json.ts';
import {exactInteger} from '../io/json.ts';
import type {Path} from './diagnostics.ts';
import type {ScenarioFile} from './file.ts';
import {type Problem, Problems} from './problems.ts';
import {found} from './shape.ts';
import {listOf, objectOf, textOf, type View, viewOf} from './view.ts';

/** Values of vars given from outside the scenario. */
export interface VarsGiven {
  /** `--var name=value`. */
  cli: Readonly<Record<string, string>>;
  /** `--var-file`, in the order given; a later file beats an earlier one. */
  files: readonly {name: string; values: JsonObject}[];
  /** The process environment: `KUBEDRILL_VAR_<name>`. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Name of the environment variable that gives a var its value, less the var's name. */
const varEnvPrefix = 'KUBEDRILL_VAR_';

export interface ResolvedVars {
  /** JSON values; durations are Go strings. */
  values: Record<string, Json>;
  /** For the journal: the value used, the one that the scenario itself gives (null without one), and its origin. */
  listed: {name: string; value: Json; committed: Json; origin: string}[];
}

/** A value that somebody gave, and where. */
interface Offer {
  value: Json;
  origin: string;
  /** Came as text, from a flag or the environment, and is read by the var's type. */
  asText: boolean;
}

/**
 * The value of each var. --var beats --var-file beats KUBEDRILL_VAR_<name> beats `perEnvironment` beats `default`.
 * `environment` is undefined while no cluster is known. Throws a ScenarioError for an unknown name, a value of
 * another type, and a var without value.
 */
export function resolveVars(file: ScenarioFile, given: VarsGiven, environment?: string): ResolvedVars {
  const problems = new Problems(file.yaml);
  const {vars} = viewOf(file.yaml.value);
  const names = vars.flatMap(({name}) => (name === undefined ? [] : [name]));
  for (const [name, origin] of givenNames(given)) {
    if (names.includes(name)) continue;
    const meant = closest(name, names);
    const known = names.length > 0 ? `It has: ${names.join(', ')}.` : 'It has no vars.';
    const message = `${origin}: this scenario has no var "${name}"`;
    problems.add({
      path: ['spec', 'vars'],
      key: true,
      code: 'E_VAR',
      message,
      hint: meant ? `Did you mean "${meant}"?` : known,
    });
  }
  const values: Record<string, Json> = {};
  const listed: ResolvedVars['listed'] = [];
  for (const {name = '', path, raw} of vars) {
    const committed = committedValue(raw, environment);
    const offer = givenValue(name, given) ?? committed;
    if (!offer) {
      const hint = `Give --var ${name}=… or a default.`;
      problems.add({path, key: true, code: 'E_VAR_MISSING', message: `the var "${name}" has no value`, hint});
      continue;
    }
    const value = offer.asText ? valueOfText(raw, String(offer.value)) : offer.value;
    const wrong = value === undefined ? varTypeText(raw) : wrongVarValue(raw, value);
    if (wrong !== undefined) {
      const message = `${offer.origin}: the var "${name}" takes ${wrong}, found ${found(offer.value)}`;
      problems.add({path, key: true, code: 'E_VAR', message});
    }
    values[name] = value ?? null;
    listed.push({name, value: value ?? null, committed: committed?.value ?? null, origin: offer.origin});
  }
  problems.throwIfAny();
  return {values, listed};
}

/** What the scenario itself gives in an environment. */
function committedValue(raw: JsonObject, environment: string | undefined): Offer | undefined {
  const here = environment === undefined ? undefined : objectOf(raw.perEnvironment)[environment];
  if (here !== undefined) return {value: here, origin: `perEnvironment.${environment}`, asText: false};
  const fallback = raw.default;
  return fallback === undefined ? undefined : {value: fallback, origin: 'default', asText: false};
}

function givenValue(name: string, {cli, files, env}: VarsGiven): Offer | undefined {
  const flag = Object.hasOwn(cli, name) ? cli[name] : undefined;
  if (flag !== undefined) return {value: flag, origin: '--var', asText: true};
  const file = files.findLast(({values}) => values[name] !== undefined);
  if (file) return {value: file.values[name] ?? null, origin: `--var-file ${file.name}`, asText: false};
  const variable = env[`${varEnvPrefix}${name}`];
  return variable === undefined ? undefined : {value: variable, origin: `${varEnvPrefix}${name}`, asText: true};
}

const givenNames = ({cli, files}: VarsGiven): [string, string][] => [
  ...Object.keys(cli).map((name): [string, string] => [name, '--var']),
  ...files.flatMap(({name: file, values}) =>
    Object.keys(values).map((name): [string, string] => [name, `--var-file ${file}`]),
  ),
];

/** Reads a text by the var's type; undefined when it is none of that type. */
function valueOfText(raw: JsonObject, text: string): Json | undefined {
  switch (raw.type) {
    case 'integer':
      return /^[+-]?\d+$/.test(text) ? exactInteger(text) : undefined;
    case 'number':
      if (/^[+-]?\d+$/.test(text)) return exactInteger(text);
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    default:
      return text;
  }
}

/** What the var takes, when the value is not of its type; undefined when it is. */
function wrongVarValue(raw: JsonObject, value: Json): string | undefined {
  const right = {
    string: () => typeof value === 'string',
    integer: () => typeof value === 'bigint' || Number.isSafeInteger(value),
    number: () => typeof value === 'bigint' || typeof value === 'number',
    boolean: () => typeof value === 'boolean',
    duration: () => typeof value === 'string' && parseDuration(value) !== undefined,
    enum: () => raw.values === undefined || listOf(raw.values).includes(value),
  }[textOf(raw.type) ?? ''];
  return right === undefined || right() ? undefined : varTypeText(raw);
}

function varTypeText(raw: JsonObject): string {
  if (raw.type === 'enum') {
    // Those that are no text are told of where they stand.
    const values = listOf(raw.values).map((value) => textOf(value) ?? found(value));
    return `one of ${values.join(', ')}`;
  }
  const texts: Readonly<Record<string, string>> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    duration: 'a duration such as 1m30s',
  };
  return texts[textOf(raw.type) ?? ''] ?? 'another type';
}

/** The values that the scenario gives in an environment, of the right type only: for checking a file by itself. */
export function committedValues({vars}: View, environment: string | undefined): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const {name = '', raw} of vars) {
    const offer = committedValue(raw, environment);
    if (offer && wrongVarValue(raw, offer.value) === undefined) values[name] = offer.value;
  }
  return values;
}

/** Checks the vars as written: values of their type, `values` with enum only, environments that the scenario names. */
export function checkVars({vars, spec}: View, report: (problem: Problem) => void): void {
  const environments = listOf(objectOf(spec.target).environments).flatMap((name) => textOf(name) ?? []);
  for (const {name, path, raw} of vars) {
    const isEnum = raw.type === 'enum';
    if (isEnum !== (raw.values !== undefined) && raw.type !== undefined) {
      const message = isEnum
        ? `the var "${name}" of type enum needs \`values\``
        : `only a var of type enum has \`values\``;
      report({path: isEnum ? path : [...path, 'values'], key: true, code: 'E_VAR', message});
    }
    const offers: [Path, Json | undefined][] = [
      [[...path, 'default'], raw.default],
      ...Object.entries(objectOf(raw.perEnvironment)).map(([key, own]): [Path, Json | undefined] => [
        [...path, 'perEnvironment', key],
        own,
      ]),
    ];
    for (const [place, own] of offers) {
      const wrong = own === undefined ? undefined : wrongVarValue(raw, own);
      if (wrong !== undefined && own !== undefined) {
        report({path: place, code: 'E_VAR', message: `the var "${name}" takes ${wrong}, found ${found(own)}`});
      }
    }
    for (const key of Object.keys(objectOf(raw.perEnvironment))) {
      if (environments.length === 0 || environments.includes(key)) continue;
      const meant = closest(key, environments);
      const message = `spec.target.environments does not name "${key}": this value would never be used`;
      const hint = meant ? `Did you mean "${meant}"?` : `It names: ${environments.join(', ')}.`;
      report({path: [...path, 'perEnvironment', key], key: true, code: 'E_VAR', message, hint});
    }
  }
}
