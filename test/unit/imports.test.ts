import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {beforeAll, expect, test} from 'vitest';

const root = join(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/.bin/biome');

/** Who may import whom, by design: everything further down an arrow is allowed as well. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  io: [],
  journal: ['io'],
  measure: ['io'],
  cluster: ['io'],
  platform: ['io'],
  practice: ['io'],
  report: ['measure', 'journal'],
  backup: ['cluster', 'platform'],
  outside: ['platform', 'backup'],
  actions: ['cluster', 'outside'],
  probes: ['cluster', 'outside'],
  canary: ['actions', 'probes'],
  scenario: ['actions', 'probes', 'canary'],
  drill: ['scenario', 'actions', 'probes', 'canary', 'measure', 'report', 'journal'],
  cli: ['drill', 'report', 'practice'],
};
const folders = Object.keys(arrows);

function reachable(from: string, seen = new Set<string>()): Set<string> {
  for (const to of arrows[from] ?? []) {
    if (!seen.has(to)) reachable(to, seen.add(to));
  }
  return seen;
}

/** Ways to import something, all of which must be seen. */
const forms: Readonly<Record<string, (specifier: string) => string>> = {
  static: (specifier) => `import {x} from '${specifier}';\nexport const y = x;\n`,
  type: (specifier) => `import type {X} from '${specifier}';\nexport type Y = X;\n`,
  dynamic: (specifier) => `export const load = () => import('${specifier}');\n`,
  reexport: (specifier) => `export {x} from '${specifier}';\n`,
};

/** Folder, planted file and whether Biome must object. */
const plants: {file: string; text: string; forbidden: boolean}[] = [];
for (const from of folders) {
  for (const to of folders.filter((folder) => folder !== from)) {
    for (const [form, text] of Object.entries(forms)) {
      // From a file of the folder itself and from a folder below it.
      for (const [place, up] of [
        ['', '../'],
        ['deep/', '../../'],
      ] as const) {
        plants.push({
          file: `src/${from}/${place}to-${to}-${form}.ts`,
          text: text(`${up}${to}/some/thing.ts`),
          forbidden: !reachable(from).has(to) && from !== 'cli',
        });
      }
    }
  }
  plants.push({file: `src/${from}/xstate.ts`, text: forms.dynamic?.('xstate') ?? '', forbidden: true});
  plants.push({
    file: `src/${from}/client.ts`,
    text: forms.static?.('@kubernetes/client-node') ?? '',
    forbidden: from !== 'cluster',
  });
}
plants.push({file: 'src/drill/machine.ts', text: forms.static?.('xstate') ?? '', forbidden: false});

const flagged = new Set<string>();

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'kubedrill-imports-'));
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  delete config.$schema;
  config.vcs = {enabled: false};
  writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
  for (const {file, text} of plants) {
    mkdirSync(dirname(join(folder, file)), {recursive: true});
    writeFileSync(join(folder, file), text);
  }
  const argv = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  const {stdout} = spawnSync(biome, argv, {cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024});
  const {diagnostics} = JSON.parse(stdout);
  for (const {category, location} of diagnostics) {
    if (category === 'lint/style/noRestrictedImports') flagged.add(location.path.replace(/^\.\//, ''));
  }
}, 60_000);

test('the rules know every folder of src', () => {
  const known = new Set(folders);
  const present = readdirSync(join(root, 'src'), {withFileTypes: true}).filter((entry) => entry.isDirectory());
  expect(present.map(({name}) => name).filter((name) => !known.has(name))).toEqual([]);
});

test('every planted violation is flagged, in each of its forms', () => {
  const missed = plants.filter(({file, forbidden}) => forbidden && !flagged.has(file));
  expect(missed.map(({file}) => file)).toEqual([]);
});

test('what the arrows allow is left alone', () => {
  const wrong = plants.filter(({file, forbidden}) => !forbidden && flagged.has(file));
  expect(wrong.map(({file}) => file)).toEqual([]);
});
