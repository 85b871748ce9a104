import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Metafile} from 'esbuild';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/** Name, version, licence and licence text of every package that has code in a bundle, sorted by name. */
export async function thirdPartyNotices(metafiles: readonly Metafile[], root: string): Promise<string> {
  const folders = new Set<string>();
  for (const input of metafiles.flatMap(({inputs}) => Object.keys(inputs))) {
    // A name with a colon is no file but something that a plugin made up.
    const folder = /^([^:]*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (folder) folders.add(folder);
  }
  const notices = await Promise.all([...folders].sort().map((folder) => notice(join(root, folder))));
  return `kubedrill contains code of these packages.\n\n${notices.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

async function notice(folder: string): Promise<string> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return `${manifest.name} ${manifest.version} (${manifest.license ?? 'licence in its files'})\n\n${texts.join('\n')}`;
}
