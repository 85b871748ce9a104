import {generateKeyPairSync} from 'node:crypto';
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {readPast, signReport, verifyRun} from '../../../../src/report/index.ts';
import {storeReport} from '../../../support/report-folder.ts';
import {killCoredns} from '../../../support/runs.ts';

let reports: string;
let run: string;
const folder = (id = run) => join(reports, id);
const verify = (publicKey?: string) =>
  verifyRun(folder(), {version: '0.1.0', ...(publicKey === undefined ? {} : {publicKey})});
const first = async (publicKey?: string) => (await verify(publicKey)).differences[0]?.file;

/** Replaces text in a file of the run. */
async function change(file: string, from: string, to: string, id = run): Promise<void> {
  const path = join(folder(id), file);
  const text = await readFile(path, 'utf8');
  expect(text).toContain(from);
  await writeFile(path, text.replace(from, to));
}

beforeEach(async () => {
  reports = await mkdtemp(join(tmpdir(), 'kubedrill-chain-'));
  run = await storeReport(reports, killCoredns(), {at: '2026-11-20T21:40:07.000Z'});
});
afterEach(() => rm(reports, {recursive: true}));

describe('a run folder', () => {
  test('that nobody touched has no difference', async () => {
    expect(await verify()).toEqual({differences: [], notes: [], compared: 8});
  });

  test.each([
    ['journal.jsonl', '"effect":', '"effect": '],
    ['series/dnsUdp.jsonl', '"bad"', '"ok"'],
    ['report.md', 'PASSED', 'passed'],
    ['report.html', 'PASSED', 'passed'],
    ['report.junit.xml', 'name="passed"', 'name="fine"'],
    ['chart.svg', 'kd-bad', 'kd-ok'],
  ])('names %s when it differs', async (file, from, to) => {
    if (file === 'journal.jsonl') await change(file, '"type":"run.started"', '"type": "run.started"');
    else await change(file, from, to);
    expect(await first()).toBe(file);
  });

  test('names the first that differs when several do: what the others are made from', async () => {
    await change('report.md', 'PASSED', 'passed');
    await change('series/dnsTcp.jsonl', '"bad"', '"ok"');
    await change('journal.jsonl', 'coredns', 'caredns');
    const {differences} = await verify();
    expect(differences.map(({file}) => file)).toEqual(['journal.jsonl', 'series/dnsTcp.jsonl']);
  });

  test('shows a verdict that was changed in report.json alone', async () => {
    await change('report.json', '"exitCode": 0', '"exitCode": 1');
    expect(await first()).toBe('report.json');
  });

  test('shows files that are missing, and files that came later', async () => {
    await rm(join(folder(), 'series/dnsTcp.jsonl'));
    await writeFile(join(folder(), 'series/other.jsonl'), '');
    expect((await verify()).differences).toEqual([
      {file: 'series/dnsTcp.jsonl', message: 'is missing'},
      {file: 'series/other.jsonl', message: 'is not among the files of the report'},
    ]);
  });

  test.each([
    ['{', 'no JSON'],
    ['{"kind": "Report"}', 'no report'],
  ])('without a report that can be read: %s', async (text, why) => {
    await writeFile(join(folder(), 'report.json'), text);
    expect((await verify()).differences).toEqual([{file: 'report.json', message: expect.stringContaining(why)}]);
  });

  test('of another version is not rendered again, and says so', async () => {
    await change('report.md', 'PASSED', 'passed');
    const {differences, notes} = await verifyRun(folder(), {version: '9.0.0'});
    expect(differences).toEqual([]);
    expect(notes[0]).toContain('9.0.0 does not render its reports again');
  });
});

describe('the chain', () => {
  const next = async (at: string) => {
    const cluster = {uid: '6a1d3a5e-0c3b-4f0e-9d57-2f0a8f6f3c11', environment: 'staging'};
    const past = await readPast(reports, {run: 'none', scenario: 'kill-coredns', cluster});
    run = await storeReport(reports, killCoredns(), {at, past});
    return run;
  };

  test('goes back to the first run', async () => {
    const [before, between] = [run, await next('2026-11-21T09:00:00.000Z')];
    await next('2026-11-22T09:00:00.000Z');
    expect((await verify()).differences).toEqual([]);
    expect((await verify()).compared).toBe(10);
    await change('report.json', '"exitCode": 0', '"exitCode": 1', before);
    expect((await verify()).differences).toEqual([
      {file: `../${before}/report.json`, message: `is not the report that was there when ${between} was made`},
    ]);
  });

  test('says where it could not be followed', async () => {
    const before = run;
    await next('2026-11-21T09:00:00.000Z');
    await rm(folder(before), {recursive: true});
    expect(await verify()).toMatchObject({
      differences: [],
      notes: [`../${before}/report.json, the run before, is not here; its link was not compared`],
    });
  });

  test('links runs of the same cluster only', async () => {
    const past = await readPast(reports, {
      run: 'none',
      scenario: 'kill-coredns',
      cluster: {uid: 'another', environment: 'staging'},
    });
    expect(past.previous).toBeUndefined();
    expect(past.earlier).toHaveLength(1);
  });
});

describe('a signature', () => {
  const pair = async (name: string) => {
    const {privateKey, publicKey} = generateKeyPairSync('ed25519');
    const [key, pub] = [join(reports, `${name}.key`), join(reports, `${name}.pub`)];
    await writeFile(key, privateKey.export({type: 'pkcs8', format: 'pem'}));
    await writeFile(pub, publicKey.export({type: 'spki', format: 'pem'}));
    return {key, pub};
  };

  test('is of this report by this key', async () => {
    const {key, pub} = await pair('ada');
    expect(await first(pub)).toBe('report.json.sig');
    await signReport(folder(), key);
    expect((await verify(pub)).differences).toEqual([]);
    expect(await first((await pair('bob')).pub)).toBe('report.json.sig');
    await change('report.json', '"exitCode": 0', '"exitCode": 1');
    expect(await first(pub)).toBe('report.json.sig');
  });

  test('needs an Ed25519 key, and never repeats what it read instead', async () => {
    const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
    const rsa = join(reports, 'rsa.key');
    await writeFile(rsa, privateKey.export({type: 'pkcs8', format: 'pem'}));
    await expect(signReport(folder(), rsa)).rejects.toMatchObject({
      code: 'E_KEY',
      message: `${rsa} is a key of the type rsa, not ed25519`,
    });
    const other = join(reports, 'other.key');
    await writeFile(other, 'hunter2');
    await expect(signReport(folder(), other)).rejects.toMatchObject({
      code: 'E_KEY',
      message: expect.not.stringContaining('hunter2'),
    });
    await expect(signReport(folder(), join(reports, 'none'))).rejects.toMatchObject({code: 'E_KEY'});
  });
});
