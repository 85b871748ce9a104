import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {configName, defaultConfig, loadConfig} from '../../../src/drill/config/config.ts';
import {permissionsOffline} from '../../../src/drill/index.ts';
import {systemClock} from '../../../src/io/clock.ts';
import {directDial} from '../../../src/io/dial.ts';
import {DrillError, InternalError} from '../../../src/io/errors.ts';
import {createExec} from '../../../src/io/exec.ts';
import {silentLog} from '../../../src/io/log.ts';
import {
  loadScenarios,
  renderDiagnostics,
  resolveScenario,
  resolveVars,
  ScenarioError,
  type ScenarioFile,
} from '../../../src/scenario/index.ts';
import {campaignSeed, campaignSize} from '../../support/choice.ts';
import {root} from '../../support/kubedrill.ts';
import {type Mutant, mutate} from '../../support/mutate-yaml.ts';
import {chunks} from '../../support/scenario.ts';

/** Mutants of each scenario; a campaign tries many more, and others each time. */
const perScenario = campaignSize('KUBEDRILL_MUTANTS', 60);
const perConfig = Math.max(300, perScenario);
const seeds = (count: number) => Array.from({length: count}, (_, index) => campaignSeed + 1 + index);

const config = `
clusters:
  - {name: staging, uid: 1b4e28ba, server: "https://10.0.0.1:6443", environment: staging}
protectedNamespaces: [payments, billing]
allowCommands: [[systemctl, stop, app], [true]]
blackout:
  - {reason: trading, timeZone: Europe/Berlin, days: [mon, fri], from: "08:00", to: "18:00"}
  - reason: year end
    timeZone: UTC
    dates: {from: 2026-12-20, to: 2027-01-03}
freeze: {reason: incident 4711}
prober:
  image: mirror/kubedrill:1
  pullSecrets: [pull]
  tolerations: [{operator: Exists}]
  resources: {limits: {memory: 64Mi}}
reports: evidence
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-mutants-'));
});
afterAll(() => rm(folder, {recursive: true}));

/** What every rejection must have: a place that is in the file. */
function expectPlaces(error: ScenarioError | readonly ScenarioError['diagnostics'][number][], {text, deeds}: Mutant) {
  const diagnostics = error instanceof ScenarioError ? error.diagnostics : error;
  const lines = Buffer.from(text).toString('utf8').split('\n');
  for (const {file, line, column, message, code} of diagnostics) {
    const where = `${file}:${line}:${column} ${code} ${message} (${deeds.join('; ')})`;
    expect(file, where).not.toBe('');
    // As JavaScript writes an object; a mutant may hold `[object` itself, cut out of `kubernetes/object`.
    expect(message, where).not.toMatch(/undefined|\[object [A-Z]|TypeError|Cannot read prop/);
    expect(Number.isInteger(line) && line >= 1 && line <= lines.length, where).toBe(true);
    expect(Number.isInteger(column) && column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1, where).toBe(true);
  }
  expect(renderDiagnostics(diagnostics) === '').toBe(diagnostics.length === 0);
}

/** What `plan` does with it before it asks a cluster. A DrillError that is no bug of ours is an answer. */
async function understand(scenario: ScenarioFile, mutant: Mutant): Promise<void> {
  const given = {cli: {}, files: [], env: {HOME: '/home/nobody'}};
  const surroundings = {clock: systemClock, log: silentLog, exec: createExec(), dial: directDial};
  const signal = new AbortController().signal;
  for (const environment of ['practice', 'staging']) {
    try {
      const {values} = resolveVars(scenario, given, environment);
      resolveScenario(scenario, values, given.env);
      const place = {namespace: 'default', environment, signal};
      await permissionsOffline({scenario, given, config: defaultConfig, ...surroundings, ...place});
    } catch (error) {
      if (!(error instanceof DrillError) || error instanceof InternalError) throw error;
      if (error instanceof ScenarioError) expectPlaces(error, mutant);
    }
  }
}

const sources = ['scenarios', 'test/fixtures/scenarios', 'test/fixtures/cli'];
const texts: [string, string][] = [];
for (const source of sources) {
  for (const file of await readdir(join(root, source))) {
    if (!file.endsWith('.yaml') || file.startsWith('invalid')) continue;
    texts.push([file, await readFile(join(root, source, file), 'utf8')]);
  }
}

test.each(texts)(`${perScenario} mutants of %s: understood, or refused at a place`, async (file, text) => {
  let refused = 0;
  for (const seed of seeds(perScenario)) {
    const mutant = mutate(text, seed);
    const about = `${file}, seed ${seed}: ${mutant.deeds.join('; ')}`;
    const began = performance.now();
    const loaded = await loadScenarios(['-'], {cwd: folder, stdin: chunks(mutant.text)}).catch((error: unknown) => {
      throw new Error(about, {cause: error});
    });
    if (loaded.diagnostics.length > 0) refused += 1;
    expectPlaces(loaded.diagnostics, mutant);
    for (const scenario of loaded.scenarios) {
      await understand(scenario, mutant).catch((error: unknown) => {
        throw new Error(about, {cause: error});
      });
    }
    expect(performance.now() - began, `${about} takes too long`).toBeLessThan(20_000);
  }
  // A mutator that changes nothing would find nothing.
  expect(refused).toBeGreaterThan(perScenario / 2);
});

test(`${perConfig} mutants of a config: read, or refused at a place`, async () => {
  let refused = 0;
  for (const seed of seeds(perConfig)) {
    const mutant = mutate(config, seed);
    await writeFile(join(folder, configName), mutant.text);
    try {
      await loadConfig({cwd: folder, env: {}});
    } catch (error) {
      if (!(error instanceof ScenarioError))
        throw new Error(`seed ${seed}: ${mutant.deeds.join('; ')}`, {cause: error});
      refused += 1;
      expectPlaces(error, mutant);
    }
  }
  expect(refused).toBeGreaterThan(perConfig / 2);
});

test('the mutants are many, differ, and are the same each time', () => {
  const count = texts.length * perScenario + perConfig;
  expect(count).toBeGreaterThanOrEqual(500);
  const [, text = ''] = texts[0] ?? [];
  const made = (seed: number) => Buffer.from(mutate(text, seed).text).toString('base64');
  const once = seeds(perScenario).map(made);
  expect(new Set(once).size).toBeGreaterThan(perScenario * 0.8);
  expect(seeds(perScenario).map(made)).toEqual(once);
});
