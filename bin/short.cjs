'use strict';

const {closeSync, fstatSync, openSync, readFileSync, renameSync, writeFileSync} = require('node:fs');
const {dirname, join} = require('node:path');
const {Script} = require('node:vm');

/**
 * Runs the script of a short command, which tools/short.ts makes. Node's compile cache holds what is compiled while a
 * file is loaded, which leaves most functions out; here V8's code is kept when the command ends, with every function
 * that it called, in the folder of Node's cache for this Node and user (undefined: nothing is kept). That saves a
 * quarter of `validate`.
 */
module.exports = function runShort(file, folder) {
  // The build writes nothing but ASCII, and V8 takes one byte a character as it is.
  const source = readFileSync(file, 'latin1');
  const hash = source.slice('// '.length, source.indexOf('\n'));
  const cache = folder && join(folder, `kubedrill-${hash}`);
  const cachedData = cache && ownFile(cache);
  const script = new Script(source, {filename: file, cachedData});
  if (cache && (!cachedData || script.cachedDataRejected)) process.once('exit', () => keep(cache, script));
  script.runInThisContext()(require, file, dirname(file));
};

/** The content of a file, unless there is none or somebody else has written it: the folder may be open to all. */
function ownFile(path) {
  try {
    const file = openSync(path);
    try {
      return fstatSync(file).uid === (process.getuid?.() ?? 0) ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

/** What cannot be kept is not: the next call takes longer. */
function keep(path, script) {
  try {
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, script.createCachedData(), {mode: 0o600, flag: 'wx'});
    renameSync(unfinished, path);
  } catch {}
}
