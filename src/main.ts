import {run} from './cli/index.ts';
import {processStreams} from './io/streams.ts';

// No await at the top: the build makes CommonJS of this, too, which has none.
async function main(): Promise<void> {
  const streams = processStreams(process);
  const exitCode = await run(
    process.argv,
    Object.assign(streams, {
      env: process.env,
      cwd: process.cwd(),
      signals: process,
      interrupt: () => process.kill(process.pid, 'SIGINT'),
      exit: (code: number) => process.exit(code),
    }),
  );
  // A kept connection or an open prompt must not hold up a command that has its answer.
  await streams.flush();
  process.exit(exitCode);
}

void main();
