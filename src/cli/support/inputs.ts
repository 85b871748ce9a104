import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {join, relative, resolve} from 'node:path';
import {closest} from '../../io/closest.ts';
import {UsageError} from '../../io/errors.ts';
import {loadScenarios, ScenarioError, type ScenarioFile} from '../../scenario/index.ts';
import type {Io} from '../define.ts';
import {packageRoot} from './package.ts';

const shippedFolder = () => join(packageRoot(), 'scenarios');

/** Names of the scenarios that ship with kubedrill, sorted. */
async function shippedScenarios(): Promise<string[]> {
  const files = await readdir(shippedFolder());
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/**
 * What a person names as files: paths and `-` stay as they are, a bare name that is no path here is looked for among
 * the shipped scenarios. Throws UsageError for a bare name that is neither.
 */
export async function resolveInputs(inputs: readonly string[], cwd: string): Promise<string[]> {
  const resolved: string[] = [];
  for (const input of inputs) {
    const looksLikePath = input === '-' || /[/\\.]/.test(input);
    resolved.push(looksLikePath || existsSync(resolve(cwd, input)) ? input : await shipped(input, cwd));
  }
  return resolved;
}

async function shipped(name: string, cwd: string): Promise<string> {
  const known = await shippedScenarios();
  if (!known.includes(name)) {
    const near = closest(name, known);
    throw new UsageError(`there is no file "${name}" here and no shipped scenario of that name`, {
      code: 'E_NO_SCENARIO',
      hint: `${near ? `Did you mean ${near}? ` : ''}Shipped are: ${known.join(', ')}.`,
    });
  }
  const path = join(shippedFolder(), `${name}.yaml`);
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}

/** The scenarios that a drill command was given. Rejects with a ScenarioError that lists every problem found in them. */
export async function loadForDrill(args: readonly string[], io: Io): Promise<ScenarioFile[]> {
  const inputs = await resolveInputs(args, io.cwd);
  const {scenarios, diagnostics} = await loadScenarios(inputs, io);
  if (diagnostics.length > 0) throw new ScenarioError(diagnostics);
  if (scenarios.length === 0) {
    throw new UsageError('there is no scenario in what was given', {code: 'E_NO_SCENARIO'});
  }
  return scenarios;
}
