import {readdir, readFile} from 'node:fs/promises';
import {dirname, join, resolve} from 'node:path';
import type {Plugin} from 'esbuild';

/**
 * Keeps what every command needs in one chunk. esbuild puts modules together that are reached from the same set of
 * entries, and a file that is imported dynamically is an entry; left alone, what the commands share becomes a dozen
 * small chunks, and each file costs a millisecond to load. So each of those entries is made to reach src/cli/index.ts,
 * which is always there before it.
 */
export async function coreChunk(src: string): Promise<Plugin> {
  const core = join(src, 'cli/index.ts');
  const entries = await dynamicEntries(src);
  return {
    name: 'core-chunk',
    setup: ({onLoad}) => {
      onLoad({filter: /\.ts$/}, async ({path}) => {
        if (!entries.has(path)) return undefined;
        const text = await readFile(path, 'utf8');
        return {contents: `${text}\nimport ${JSON.stringify(core)};\n`, loader: 'ts'};
      });
    },
  };
}

/** Every file below `src` that another one imports dynamically. */
async function dynamicEntries(src: string): Promise<Set<string>> {
  const entries = new Set<string>();
  for (const file of await readdir(src, {recursive: true})) {
    if (!file.endsWith('.ts')) continue;
    const path = join(src, file);
    for (const [, specifier = ''] of (await readFile(path, 'utf8')).matchAll(/\bimport\('(\.[^']+)'\)/g)) {
      entries.add(resolve(dirname(path), specifier));
    }
  }
  return entries;
}
