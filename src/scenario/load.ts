import {createHash} from 'node:crypto';
import {isJsonObject, type Json} from '../io/json.ts';
import {checkScenario} from './check.ts';
import type {Diagnostic} from './diagnostics.ts';
import type {EnvironmentCache} from './expressions/check.ts';
import type {ScenarioFile} from './file.ts';
import {limited, Problems} from './problems.ts';
import {apiVersion, type Scenario} from './schema/scenario.ts';
import {fileProblem, type InputFile, type InputIo, readInputs} from './yaml/files.ts';
import {rangeAt} from './yaml/source.ts';
import {readYaml, type YamlDocument} from './yaml/yaml.ts';

export interface Loaded {
  /** Those without any problem. */
  scenarios: ScenarioFile[];
  /** All problems of all files, in the order of the files and of the places in them. */
  diagnostics: Diagnostic[];
  /** What is no problem of a scenario, and makes a pass impossible or unlikely. */
  warnings: Diagnostic[];
}

/**
 * Reads and checks scenarios from files, folders (recursively *.yaml and *.yml) and `-` (stdin). Never throws for what
 * is wrong with an input: all problems of all files come back at once, at most 20 a file.
 */
export async function loadScenarios(inputs: readonly string[], io: InputIo): Promise<Loaded> {
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const files = await readInputs(inputs, io, (diagnostic) => diagnostics.push(diagnostic));
  const scenarios: ScenarioFile[] = [];
  const cache: EnvironmentCache = new Map();
  const names = new Map<string, ScenarioFile>();
  for (const file of files) {
    const found: Diagnostic[] = [];
    const told = {problem: (one: Diagnostic) => found.push(one), warning: (one: Diagnostic) => warnings.push(one)};
    for (const scenario of loadFile(file, cache, told)) {
      const {name} = scenario.scenario.metadata;
      const other = names.get(name);
      if (other) found.push(sameName(scenario, other));
      else scenarios.push(scenario);
      names.set(name, other ?? scenario);
    }
    diagnostics.push(...limited(found));
  }
  if (scenarios.length === 0 && diagnostics.length === 0) {
    diagnostics.push(
      fileProblem(inputs.join(' '), 'E_NO_SCENARIO', 'there is no scenario in here', 'Scenarios have kind: Scenario.'),
    );
  }
  return {scenarios, diagnostics, warnings};
}

interface Told {
  problem(diagnostic: Diagnostic): void;
  warning(diagnostic: Diagnostic): void;
}

function loadFile(file: InputFile, cache: EnvironmentCache, told: Told): ScenarioFile[] {
  const {source, dir} = file;
  const report = told.problem;
  let broken = false;
  const documents = readYaml(source, (diagnostic) => {
    broken = true;
    report(diagnostic);
  }).filter(({value}) => value !== null);
  if (file.found && !broken && documents.every(({value}) => isOtherManifest(value))) return [];
  if (documents.length === 0 && !broken)
    report(fileProblem(source.file, 'E_EMPTY', 'this file holds nothing but comments'));
  return documents.flatMap((document) => {
    const problems = new Problems(document);
    if (isForeign(document.value)) reportForeign(document, problems);
    else checkScenario(document.value, problems, cache);
    problems.list().forEach(report);
    problems.warnings().forEach(told.warning);
    document.release();
    return problems.count === 0 ? [scenarioFile(document, dir)] : [];
  });
}

function scenarioFile(document: YamlDocument, dir: string): ScenarioFile {
  return {
    file: document.source.file,
    dir,
    document: document.index,
    // Asked for by runs alone; checking a file needs neither places nor cryptography.
    get source() {
      return document.text;
    },
    get sha256() {
      return createHash('sha256').update(document.text).digest('hex');
    },
    scenario: document.value as unknown as Scenario,
    yaml: document,
  };
}

/** A manifest of something else, which may lie beside scenarios. */
function isOtherManifest(value: Json): boolean {
  if (!isJsonObject(value)) return false;
  const {apiVersion: version, kind} = value;
  return (
    typeof version === 'string' &&
    typeof kind === 'string' &&
    !version.startsWith('kubedrill.dev/') &&
    kind !== 'Scenario'
  );
}

const isForeign = (value: Json): boolean =>
  !isJsonObject(value) || value.apiVersion !== apiVersion || value.kind !== 'Scenario';

/** One problem says that this is no scenario of this version; a list of missing keys would not help. */
function reportForeign({value}: YamlDocument, problems: Problems): void {
  const hint = `A scenario begins with apiVersion: ${apiVersion} and kind: Scenario.`;
  if (!isJsonObject(value)) {
    problems.add({path: [], code: 'E_NOT_A_SCENARIO', message: 'this is no scenario: expected an object', hint});
    return;
  }
  for (const [key, wanted] of [
    ['apiVersion', apiVersion],
    ['kind', 'Scenario'],
  ] as const) {
    const found = value[key];
    if (found === undefined)
      problems.add({path: [], code: 'E_NOT_A_SCENARIO', message: `this is no scenario: "${key}" is missing`, hint});
    else if (found !== wanted) {
      const message = `this is no scenario: ${key} is ${JSON.stringify(found)}, not ${wanted}`;
      problems.add({path: [key], code: 'E_NOT_A_SCENARIO', message, hint});
    }
  }
}

function sameName({yaml, scenario}: ScenarioFile, other: ScenarioFile): Diagnostic {
  const path = ['metadata', 'name'];
  const {line} = other.yaml.source.place(rangeAt(other.yaml.root, path)[0]);
  return yaml.source.diagnostic(rangeAt(yaml.root, path), {
    path,
    code: 'E_DUPLICATE_NAME',
    message: `the scenario name "${scenario.metadata.name}" stands in ${other.file}:${line} already`,
    hint: 'Names are unique among the files of one call: reports are told apart by them.',
  });
}
