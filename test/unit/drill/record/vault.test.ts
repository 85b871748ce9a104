import {mkdtemp, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, expect, test} from 'vitest';
import {createVault} from '../../../../src/drill/record/vault.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubedrill-vault-'));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

const text = async (vault: ReturnType<typeof createVault>, place: {file: string; sha256: string}) =>
  (await vault.get(place)).toString('utf8');

test('what a process has put there comes back, also when the run folder is gone or the file was changed', async () => {
  const vault = createVault(folder);
  const place = await vault.put('copy.json', 'as it was');
  await writeFile(join(folder, 'vault', 'copy.json'), 'spoiled');
  expect(await text(vault, place)).toBe('as it was');
  await rm(folder, {recursive: true});
  expect(await text(vault, place)).toBe('as it was');
});

test('another process has the file alone, and takes none but the one that the journal speaks of', async () => {
  const place = await createVault(folder).put('copy.json', 'as it was');
  const later = createVault(folder);
  expect(await text(later, place)).toBe('as it was');
  await writeFile(join(folder, 'vault', 'copy.json'), 'spoiled');
  await expect(later.get(place)).rejects.toMatchObject({
    code: 'E_VAULT',
    message: expect.stringContaining('not the one'),
  });
  await rm(folder, {recursive: true});
  await expect(later.get(place)).rejects.toMatchObject({
    code: 'E_VAULT',
    message: expect.stringContaining('cannot be read'),
  });
});

test('nothing is put into a run folder that is gone, and it is not made again', async () => {
  await rm(folder, {recursive: true});
  await expect(createVault(folder).put('copy.json', 'as it was')).rejects.toMatchObject({code: 'ENOENT'});
  await expect(stat(folder)).rejects.toMatchObject({code: 'ENOENT'});
});

test('what is cleared is forgotten', async () => {
  const vault = createVault(folder);
  const place = await vault.put('copy.json', 'as it was');
  await vault.clear();
  await expect(vault.get(place)).rejects.toMatchObject({code: 'E_VAULT'});
});
