#!/usr/bin/env node
// kubectl runs this for `kubectl drill`; the name it was called by decides what the help shows.
'use strict';

require('./kubedrill.cjs');
