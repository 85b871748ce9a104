import {loadScenarios, type ScenarioFile} from '../../src/scenario/index.ts';

/** stdin of a test. */
export async function* chunks(...texts: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* texts;
}

/** Loads scenarios from a text. */
export const loadText = (text: string | Uint8Array) =>
  loadScenarios(['-'], {cwd: import.meta.dirname, stdin: chunks(text)});

/** Loads the one scenario of a text that has no problem. */
export async function scenarioOf(text: string): Promise<ScenarioFile> {
  const {scenarios, diagnostics} = await loadText(text);
  const [scenario] = scenarios;
  if (!scenario || diagnostics.length > 0) throw new Error(`not valid: ${JSON.stringify(diagnostics)}`);
  return scenario;
}

/** A small valid scenario; `spec` lines come on top, and replace what is given by default under the same key. */
export function scenarioText(spec = ''): string {
  const given = new Set([...spec.matchAll(/^(\w+):/gm)].map(([, key]) => key));
  const defaults = [
    'type: redundancy',
    'target: {environments: [practice, staging], maxTargets: 1}',
    'probes: [{name: web, uses: tcp, from: runner, every: 1s, with: {address: "localhost:80"}}]',
    'services: {web: {up: [web]}}',
    'inject: [{id: kill, uses: pod/delete, with: {selector: app=web, count: 1}}]',
    'verify: {within: 1m}',
    'stopWhen: {none: x}',
  ].filter((line) => !given.has(line.split(':')[0]));
  const lines = [...spec.split('\n').filter((line) => line.trim() !== ''), ...defaults].map((line) => `  ${line}\n`);
  return `apiVersion: kubedrill.dev/v1\nkind: Scenario\nmetadata: {name: t, title: T, owner: me}\nspec:\n${lines.join('')}`;
}
