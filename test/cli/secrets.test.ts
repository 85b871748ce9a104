import {readdir, readFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';
import {kubedrill, root, temporaryFolder} from '../support/kubedrill.ts';

const scenario = join(root, 'test/fixtures/cli/secrets/scenario.yaml');

/** Variables that the scenario reads, each in another place. */
const places = [
  ...['MANIFEST', 'PATCH', 'ARGUMENT', 'UNDO', 'URL', 'QUERY', 'HEADER', 'TEXT', 'ANSWER'],
  ...['CONDITION', 'WAIT', 'EXPECT', 'FLAG'],
];
const env: Record<string, string> = {
  ...Object.fromEntries(places.map((place, index) => [`IN_${place}`, `s3cret-${index}-Kx9${place.toLowerCase()}`])),
  // What JSON, URLs and base64 write in another way.
  IN_VARIABLE: 'p"a\\s s&w?rd/ü=+',
  IN_LINES: 'begin-of-key-A1\nmiddle-of-key-B2\nend-of-key-C3\n',
};

/** Secrets of the manifests, as they are and as the API keeps them. */
const manifests = ['inline-text-Lp3vR7', 'inline-data-Tb5cY9', 'file-text-Zq8mW2', 'file-data-Hj4xK1'];

/** Every form in which one of them may turn up. */
const forms = [...Object.values(env).flatMap((value) => [value.trim(), ...value.trim().split('\n')]), ...manifests]
  .flatMap((value) => [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
    Buffer.from(`${value}\n`).toString('base64').replace(/=+$/, ''),
  ])
  .filter((form, index, all) => all.indexOf(form) === index);

/** Text of every file below a folder, the vault included, by its path. */
async function texts(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')] as const);
  return new Map(await Promise.all(read));
}

const leaksIn = (text: string) => forms.filter((form) => text.includes(form));

test('no secret leaves the run, whatever way it came: neither in files nor on the terminal', async () => {
  const cwd = await temporaryFolder();
  const flags = ['--ticket', `T-${env.IN_FLAG}`, '--var', `greeting=${env.IN_TEXT}`, '-vv'];
  const {code, stdout, stderr} = await kubedrill(['run', '--practice', scenario, ...flags], {cwd, env});
  const [run = ''] = await readdir(join(cwd, 'reports'));
  const files = await texts(join(cwd, 'reports', run));
  // Else the drill has not come by all the places.
  expect({code, verdict: stdout.split('\n')[1]?.split(' ')[0], stderr}).toMatchObject({code: 0, verdict: 'PASSED'});
  for (const name of ['journal.jsonl', 'scenario.yaml', 'report.html', 'evidence/log.jsonl', 'evidence/events.jsonl']) {
    expect(files.get(name), name).toBeDefined();
  }
  expect(
    [...files].filter(([, text]) => leaksIn(text).length > 0).map(([name, text]) => [name, leaksIn(text)]),
  ).toEqual([]);
  expect(leaksIn(stdout)).toEqual([]);
  expect(leaksIn(stderr)).toEqual([]);
  // The places were there: what was taken out left its mark.
  expect(files.get('journal.jsonl')).toContain('[redacted]');
  expect(files.get('journal.jsonl')).toContain('"sealed"');
});

test('no secret is in a plan', async () => {
  const {code, stdout, stderr} = await kubedrill(['plan', '--practice', scenario, '-o', 'json'], {env});
  expect(code).toBe(0);
  expect(stdout).toContain('[redacted]');
  expect(leaksIn(`${stdout}${stderr}`)).toEqual([]);
});
