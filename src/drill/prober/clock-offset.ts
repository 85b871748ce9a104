import {ClusterError} from '../../cluster/errors.ts';
import type {ClusterReader} from '../../cluster/types.ts';
import type {Clock} from '../../io/clock.ts';
import {type ClockAnswer, parseClock, proberPort} from './protocol.ts';

/** runner's time = prober's time + offset, give or take error; milliseconds. */
export interface ClockOffset {
  offset: number;
  error: number;
  answer: ClockAnswer;
}

/** Tries of one measurement; the one with the shortest round trip counts. */
const tries = 5;

/**
 * Asks a prober for its clock, through the API server's proxy. The prober read its clock at some instant between
 * question and answer, so the offset is known to half the round trip. Rejects when no try gave an answer.
 */
export async function measureOffset(
  cluster: Pick<ClusterReader, 'raw'>,
  pod: {namespace: string; name: string},
  {clock, signal}: {clock: Clock; signal: AbortSignal},
): Promise<ClockOffset> {
  const path = `/api/v1/namespaces/${pod.namespace}/pods/${pod.name}:${proberPort}/proxy/clock`;
  let best: ClockOffset | undefined;
  let failure: unknown;
  for (let attempt = 0; attempt < tries; attempt += 1) {
    try {
      const asked = clock.mono();
      const {status, body} = await cluster.raw(path, {signal, timeout: 2000});
      const error = (clock.mono() - asked) / 2;
      const answer = parseClock(body);
      if (status !== 200 || !answer) throw refusal(pod, status, body);
      const shortest = best === undefined || best.answer.boot !== answer.boot ? Number.POSITIVE_INFINITY : best.error;
      if (error < shortest) best = {offset: asked + error - answer.mono, error, answer};
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  if (!best) throw failure;
  return best;
}

const refusal = (pod: {namespace: string; name: string}, status: number, body: string) =>
  new ClusterError(`the clock of the prober ${pod.namespace}/${pod.name} cannot be asked: the API answered ${status}`, {
    reason: status === 403 ? 'forbidden' : 'badAnswer',
    status,
    apiMessage: body.slice(0, 300),
    hint: `The drill needs "get" on pods/proxy in namespace ${pod.namespace}, and an API server that reaches pods.`,
  });
