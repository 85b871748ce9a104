import {rename, rm, writeFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {type BuildOptions, build, type Metafile} from 'esbuild';
import {lazyBuiltins} from './builtins.ts';
import {coreChunk} from './core-chunk.ts';
import {thirdPartyNotices} from './notices.ts';
import {shortCommands} from './short.ts';

const root = join(import.meta.dirname, '..');
/** `node tools/build.ts [FOLDER]`. */
const dist = resolve(process.argv[2] ?? join(root, 'dist'));
/** Built beside it and moved in one go: a program that runs meanwhile finds all of its chunks. */
const outdir = `${dist}.${process.pid}`;

/** What all bundles have in common. What ships has no dependencies to install. */
const options: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node22',
  // Small files load faster; names stay, because stacks are read by people.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'external',
  // The build for browsers is the same code without a look at process.env for every token: a third less time.
  alias: {yaml: join(root, 'node_modules', 'yaml', 'browser', 'index.js')},
  plugins: [lazyBuiltins],
  logLevel: 'warning',
};

/**
 * Bundles src/main.ts into dist/: one small entry, and a chunk for each part that is imported where it is used
 * (the commands, the Kubernetes client, pino, the practice cluster…).
 */
async function program(): Promise<Metafile> {
  const {metafile} = await build({
    ...options,
    // The prober is an entry of its own: it must stay small in memory.
    entryPoints: {main: 'src/main.ts', prober: 'src/prober.ts'},
    outdir,
    splitting: true,
    format: 'esm',
    plugins: [lazyBuiltins, await coreChunk(join(root, 'src'))],
    metafile: true,
    chunkNames: 'chunks/[name]-[hash]',
    // CommonJS packages that build the name of what they require have no `require` in an ES module.
    banner: {js: "const require=process.getBuiltinModule('node:module').createRequire(import.meta.url);"},
  });
  return metafile;
}

try {
  const metafiles = await Promise.all([program(), shortCommands(root, outdir, options)]);
  await writeFile(join(outdir, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(metafiles.flat(), root));
  await rm(dist, {recursive: true, force: true});
  await rename(outdir, dist);
} finally {
  await rm(outdir, {recursive: true, force: true});
}
