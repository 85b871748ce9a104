import {getServers} from 'node:dns/promises';
import * as z from 'zod';
import {AttemptError, attempt, judged} from './attempt.ts';
import {defineProbe, type Observation, type ProbeContext} from './define.ts';
import {parseServer, queryDns} from './dns-query.ts';

const input = () =>
  z.strictObject({
    name: z
      .string()
      .max(254)
      .regex(
        /^(?:[^.\s]{1,63}\.)+$/,
        'must be an absolute name that ends in a dot, so that no search list multiplies the lookups',
      )
      .describe('The absolute name to look up, with its last dot.'),
    type: z
      .enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SOA', 'SRV', 'TXT'])
      .default('A')
      .describe('Record type to ask for.'),
    protocol: z.enum(['udp', 'tcp']).default('udp').describe('Transport.'),
    server: z
      .string()
      .regex(/^[^\s/]+$/)
      .optional()
      .describe('DNS server to ask, address[:port]; the resolver of the place that samples when none is given.'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const control = (given: Input): Input => ({...given, name: `kubedrill-control.${parentOf(given.name)}`});

/**
 * Whether a name resolves. Asks one server directly, one packet, nothing cached. The transport is the one named: a
 * truncated answer over udp is bad (`truncated`), it does not turn into a question over tcp.
 */
export const dns = defineProbe<Input>({
  kind: 'dns',
  summary: 'Asks a DNS server for one name.',
  input,
  from: ['runner', 'cluster', 'node'],
  observes: {
    rcode: 'NOERROR, NXDOMAIN, SERVFAIL…',
    answers: 'data of the records of the type asked, as a list of strings (addresses for A and AAAA)',
    latencyMs: 'whole milliseconds until the answer',
  },
  permissions: () => [],
  sample: (ctx, given) =>
    attempt(ctx, async (signal) => {
      const observation = await observe(ctx, given, signal);
      return judged(ctx, observation, observation.rcode === 'NOERROR' ? 'NODATA' : String(observation.rcode));
    }),
  control,
  controls: {unknownName: control},
  defaultExpect: "rcode == 'NOERROR' && answers.size() > 0",
});

async function observe(ctx: ProbeContext, given: Input, signal: AbortSignal): Promise<Observation> {
  const started = ctx.clock.mono();
  const server = given.server ?? ctx.nameserver ?? getServers()[0];
  if (server === undefined) throw new AttemptError('ENORESOLVER', 'this machine has no DNS server configured');
  const {name, type, protocol} = given;
  const answer = await queryDns(ctx.dial, {server: parseServer(server), protocol, name, type}, signal);
  if (answer.truncated) throw new AttemptError('truncated');
  return {rcode: answer.rcode, answers: answer.answers, latencyMs: Math.round(ctx.clock.mono() - started)};
}

/** The zone that a name lies in: what follows its first label. */
const parentOf = (name: string) => name.slice(name.indexOf('.') + 1);
