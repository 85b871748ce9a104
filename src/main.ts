#!/usr/bin/env node
import {run} from './cli/index.ts';
import {flushed, surviveClosedPipes} from './io/streams.ts';

surviveClosedPipes(process);
const exitCode = await run(process.argv, {
  // Opened when first read: most commands never do.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signals: process,
  interrupt: () => process.kill(process.pid, 'SIGINT'),
  exit: (code) => process.exit(code),
});
// A kept connection or an open prompt must not hold up a command that has its answer.
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(exitCode);
