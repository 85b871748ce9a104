import type {AddressInfo, Server} from 'node:net';
import {makeJudge} from '../../src/drill/prober/judge.ts';
import {systemClock} from '../../src/io/clock.ts';
import {directDial} from '../../src/io/dial.ts';
import type {Means} from '../../src/outside/means.ts';
import type {ProbeContext, ProbeDefinition, Reading} from '../../src/probes/define.ts';
import {compileExpect} from '../../src/scenario/expressions/cel.ts';

/** Long enough that a loaded machine does not turn an answer into a timeout. */
const patient = 10_000;

/** Real timers, but no time passes: on a loaded machine a timeout must not be taken for a stall of the program. */
export const unhurried = {...systemClock, mono: () => 0};

/** What a test gives of a probe's context; means that it does not give are not there. */
type Given = Partial<ProbeContext & Means>;

/** Asks a probe once, as a scenario would: the input through its schema, `expect` compiled. */
export async function askProbe<Input>(
  definition: ProbeDefinition<Input>,
  given: unknown,
  {expect, ...context}: Given & {expect?: string} = {},
): Promise<Reading> {
  return await ask(definition, definition.input.parse(given), context, expect);
}

/** Asks a probe's control for an input. */
export async function askControl<Input>(
  definition: ProbeDefinition<Input>,
  given: unknown,
  {expect, ...context}: Given & {expect?: string} = {},
): Promise<Reading> {
  const variant = definition.control?.(definition.input.parse(given));
  if (variant === undefined) throw new Error('this input offers no control');
  return await ask(definition, variant, context, expect);
}

async function ask<Input>(
  definition: ProbeDefinition<Input>,
  input: Input,
  context: Given,
  expect = definition.defaultExpect,
): Promise<Reading> {
  return await definition.sample(
    {
      signal: new AbortController().signal,
      timeout: patient,
      clock: systemClock,
      dial: directDial,
      judge: makeJudge(definition, input, compileExpect(expect)),
      ...context,
    } as ProbeContext & Means,
    input,
  );
}

/** Lets a server listen on a free loopback port. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** A loopback port where nothing listens any more. */
export async function freePort(): Promise<number> {
  const {createServer} = await import('node:net');
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
