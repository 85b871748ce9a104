import type {Plugin} from 'esbuild';

/** Those of Node's own modules that bring much along: sockets, workers, readline. */
const heavy = ['child_process', 'fs', 'util'];

/**
 * Loads heavy modules of Node when one of their members is first used. To import one loads all that stands behind its
 * members, used or not, which is a third of the time of `kubedrill version`. Each importer gets getters of its own:
 * shared ones would be a chunk apiece, and every file costs time as well.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup: ({onResolve, onLoad}) => {
    onResolve({filter: new RegExp(`^(node:)?(${heavy.join('|')})$`)}, ({path, importer}) => ({
      path: `${path.replace(/^node:/, '')}?${importer}`,
      namespace: 'lazy-builtin',
      sideEffects: false,
    }));
    onLoad({filter: /.*/, namespace: 'lazy-builtin'}, ({path}) => ({contents: getters(path.replace(/\?.*/, ''))}));
    // A name for the global that is there anyway; to import it reads all of its members.
    onResolve({filter: /^(node:)?process$/}, ({importer}) => ({
      path: importer,
      namespace: 'global-process',
      sideEffects: false,
    }));
    onLoad({filter: /.*/, namespace: 'global-process'}, () => ({contents: 'module.exports = process;'}));
  },
};

/** A CommonJS module with a getter for each member of the builtin. */
function getters(name: string): string {
  const members = Object.getOwnPropertyNames(process.getBuiltinModule(`node:${name}`));
  return `let loaded;
const load = () => (loaded ??= process.getBuiltinModule('node:${name}'));
module.exports = {${members.map((member) => `get ${member}() { return load().${member}; }`).join(',\n')}};`;
}
