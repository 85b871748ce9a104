import * as z from 'zod';
import type {Address} from '../io/dial.ts';
import {attempt, judged} from './attempt.ts';
import {connect} from './connect.ts';
import {defineProbe, type Observation, type ProbeContext} from './define.ts';
import {atClosedPort, closedPort, serviceAddress, servicePattern} from './service.ts';

const addressPattern = /^(?:\[([^\]]+)\]|([^\s:/]+)):(\d{1,5})$/;

const input = () =>
  z
    .strictObject({
      address: z
        .string()
        .regex(addressPattern, 'must be host:port')
        .optional()
        .describe('Where to connect: host:port.'),
      service: z
        .string()
        .regex(servicePattern, 'must be namespace/name:port')
        .optional()
        .describe('Where to connect: namespace/name:port of a Service, looked up at each sample.'),
    })
    .refine(({address, service}) => (address === undefined) !== (service === undefined), {
      message: 'give exactly one of address and service',
    })
    .refine(({service}) => service === undefined || service.includes(':'), {
      message: 'a Service needs its port: namespace/name:port',
      path: ['service'],
    });
type Input = z.infer<ReturnType<typeof input>>;

const control = ({address, service}: Input): Input =>
  service === undefined
    ? {address: address?.replace(/\d+$/, (port) => String(closedPort(Number(port))))}
    : {service: atClosedPort(service)};

/** Whether a TCP connection can be opened. */
export const tcp = defineProbe<Input>({
  kind: 'tcp',
  summary: 'Opens a TCP connection and closes it again.',
  input,
  from: ['runner', 'cluster', 'node'],
  observes: {latencyMs: 'whole milliseconds from the name lookup until the connection stood'},
  permissions: () => [],
  sample: (ctx, given) => attempt(ctx, async (signal) => judged(ctx, await observe(ctx, given, signal))),
  control,
  controls: {closedPort: control},
  defaultExpect: 'true',
});

async function observe(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Observation> {
  const started = ctx.clock.mono();
  const socket = await connect(ctx, target(ctx, given), signal);
  socket.destroy();
  return {latencyMs: Math.round(ctx.clock.mono() - started)};
}

function target(ctx: ProbeContext, {address, service}: Input): Address {
  if (service !== undefined) return serviceAddress(service, ctx.searchDomains, 80);
  const [, v6, host, port] = addressPattern.exec(address ?? '') ?? [];
  return {host: v6 ?? host ?? '', port: Number(port)};
}
