import {createHash} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type BuildOptions, build, type Metafile, type Plugin} from 'esbuild';

/** Commands that are over in a moment, as bin/load.cjs knows them. */
const short = ['explain', 'schema', 'validate', 'version'];

/**
 * Bundles the program once more for each short command into `short/<command>.cjs` below `outdir`: one script without
 * the other commands, for bin/short.cjs to run with V8's code cache, which works for scripts and not for modules.
 * Its first line is a hash of the rest.
 */
export async function shortCommands(root: string, outdir: string, options: BuildOptions): Promise<Metafile[]> {
  return Promise.all(
    short.map(async (command) => {
      const outfile = join(outdir, 'short', `${command}.cjs`);
      const {metafile} = await build({
        ...options,
        entryPoints: ['src/main.ts'],
        outfile,
        format: 'cjs',
        plugins: [...(options.plugins ?? []), only(command, join(root, 'src/cli/commands.ts'))],
        define: {'import.meta.dirname': '__dirname'},
        banner: {js: '(function (require, __filename, __dirname) {'},
        footer: {js: '})'},
        metafile: true,
      });
      const code = await readFile(outfile, 'latin1');
      await writeFile(outfile, `// ${createHash('sha256').update(code).digest('hex').slice(0, 16)}\n${code}`, 'latin1');
      return metafile;
    }),
  );
}

/** Leaves out what the registry of commands would load for other commands than this one. */
const only = (command: string, registry: string): Plugin => ({
  name: 'only',
  setup: ({onResolve}) => {
    onResolve({filter: /^\.\/.*\.ts$/}, ({path, importer, kind}) =>
      importer === registry && kind === 'dynamic-import' && path !== `./${command}.ts`
        ? {path, external: true}
        : undefined,
    );
  },
});
