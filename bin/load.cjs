'use strict';

// Apart from kubedrill.cjs, because a Node that is too old cannot even parse an `import()`.
const {enableCompileCache, getCompileCacheDir} = require('node:module');
const {join} = require('node:path');

// Compiled code is kept between calls: half of a short command's time is compiling.
enableCompileCache();
const dist = join(__dirname, '..', 'dist');
const command = process.argv[2];
if (['explain', 'schema', 'validate', 'version'].includes(command)) {
  require('./short.cjs')(join(dist, 'short', `${command}.cjs`), getCompileCacheDir());
} else {
  // The prober pod's program holds only what it needs in memory.
  const entry = command === 'prober' ? 'prober.js' : 'main.js';
  const {pathToFileURL} = require('node:url');
  import(pathToFileURL(join(dist, entry)).href).catch((error) => {
    process.stderr.write(`error: kubedrill cannot start: ${error.message}\n`);
    process.exitCode = 5;
  });
}
