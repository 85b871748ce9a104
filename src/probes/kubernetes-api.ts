import * as z from 'zod';
import {isClusterError} from '../cluster/errors.ts';
import {AttemptError, attempt, judged} from './attempt.ts';
import {defineProbe, type Observation, type ProbeContext} from './define.ts';

/** Longest part of a body that `expect` sees (characters). */
const bodyLimit = 64 * 1024;

const input = () =>
  z.strictObject({
    path: z.string().startsWith('/').default('/readyz').describe('Path on the API server that is asked.'),
  });
type Input = z.infer<ReturnType<typeof input>>;

const control = ({path}: Input): Input => ({path: `${path.replace(/\/$/, '')}/kubedrill-control`});

/**
 * Whether the Kubernetes API answers. The API is what is asked, so no answer, a TLS error and a 401 are bad. A series
 * of its own: the API being away says nothing about an application.
 */
export const kubernetesApi = defineProbe<Input>({
  kind: 'kubernetes/api',
  summary: 'Asks the Kubernetes API server whether it is ready.',
  input,
  from: ['runner'],
  observes: {
    status: 'status code',
    body: 'body as text, at most 64 Ki characters of it',
    latencyMs: 'whole milliseconds until the whole answer was there',
  },
  // Every user, known or not, may ask for health and version (ClusterRole system:public-info-viewer).
  permissions: () => [],
  sample: (ctx, given) =>
    attempt(ctx, async (signal) => {
      const observation = await observe(ctx, given, signal);
      return judged(ctx, observation, String(observation.status));
    }),
  // The API server knows no such path and must say so; one that calls everything well is found out.
  control,
  controls: {unknownPath: control},
  defaultExpect: 'status == 200',
});

async function observe(ctx: ProbeContext, {path}: Input, signal: AbortSignal): Promise<Observation> {
  if (!ctx.cluster) throw new AttemptError('ENOCLUSTER', 'no access to the Kubernetes API here');
  const started = ctx.clock.mono();
  const options = {signal, timeout: ctx.timeout, fresh: true};
  const {status, body} = await ctx.cluster.raw(path, options).catch((error: unknown) => {
    throw isClusterError(error) ? new AttemptError(error.detail, error.message) : error;
  });
  return {status, body: body.slice(0, bodyLimit), latencyMs: Math.round(ctx.clock.mono() - started)};
}
