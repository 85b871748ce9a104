#!/usr/bin/env node
// Old syntax on purpose: any Node must be able to read this file and say that it is too old.
'use strict';

var wanted = [22, 19];
var found = process.versions.node.split('.').map(Number);

if (found[0] > wanted[0] || (found[0] === wanted[0] && found[1] >= wanted[1])) {
  require('./load.cjs');
} else {
  process.stderr.write(
    'error: kubedrill needs Node ' +
      wanted.join('.') +
      ' or later, and this is ' +
      process.version +
      '. Install a newer Node, or use the image kubedrill/kubedrill.\n',
  );
  process.exitCode = 2;
}
