import type {Plugin} from 'esbuild';

/** Those of Node's own modules that bring much along: sockets, cryptography, workers, readline. */
const heavy = [
  'child_process',
  'crypto',
  'dgram',
  'dns/promises',
  'fs',
  'fs/promises',
  'http',
  'https',
  'net',
  'os',
  'readline',
  'readline/promises',
  'timers/promises',
  'tls',
  'util',
];

/**
 * Loads heavy modules of Node when one of their members is first used. To import one loads all that stands behind its
 * members, used or not, which is a third of the time of `kubedrill version`. Only for `import`: a CommonJS package may
 * do more with what it requires than to read members. Each importer gets its own, because a shared one would be a
 * chunk of its own, and every file costs time as well.
 */
export const lazyBuiltins: Plugin = {
  name: 'lazy-builtins',
  setup: ({onResolve, onLoad}) => {
    onResolve({filter: new RegExp(`^(node:)?(${heavy.join('|')})$`)}, ({path, importer, kind}) =>
      kind === 'import-statement'
        ? {path: `${path.replace(/^node:/, '')}?${importer}`, namespace: 'lazy-builtin', sideEffects: false}
        : undefined,
    );
    onLoad({filter: /.*/, namespace: 'lazy-builtin'}, ({path}) => ({contents: lazily(path.replace(/\?.*/, ''))}));
    // A name for the global that is there anyway; to import it reads all of its members.
    onResolve({filter: /^(node:)?process$/}, ({importer}) => ({
      path: importer,
      namespace: 'global-process',
      sideEffects: false,
    }));
    onLoad({filter: /.*/, namespace: 'global-process'}, () => ({contents: 'module.exports = process;'}));
  },
};

/**
 * A CommonJS module without members that finds each in the builtin when it is asked for. By way of its prototype:
 * esbuild copies the members of a CommonJS module, which would ask for all of them, and keeps the prototype.
 */
const lazily = (name: string): string => `const builtin = () => process.getBuiltinModule('node:${name}');
module.exports = Object.create(new Proxy({}, {get: (_, member) => builtin()[member]}));`;
