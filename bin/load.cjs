'use strict';

// Apart from kubedrill.cjs, because a Node that is too old cannot even parse an `import()`.
const {enableCompileCache} = require('node:module');
const {join} = require('node:path');
const {pathToFileURL} = require('node:url');

// Compiled code is kept between calls: half of a short command's time is compiling.
enableCompileCache();
// The prober pod's program holds only what it needs in memory.
const entry = process.argv[2] === 'prober' ? 'prober.js' : 'main.js';
import(pathToFileURL(join(__dirname, '..', 'dist', entry)).href).catch((error) => {
  process.stderr.write(`error: kubedrill cannot start: ${error.message}\n`);
  process.exitCode = 5;
});
