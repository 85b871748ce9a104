import * as z from 'zod';
import {recordOf} from '../actions/common/sealed.ts';
import {StepError} from '../io/errors.ts';
import {attempt, readingOf} from '../probes/attempt.ts';
import type {Reading} from '../probes/define.ts';
import {exchange, isPlainHttpUrl} from '../probes/exchange.ts';
import {type CallBounds, type CanaryContext, defineCanary, type WritingCanary} from './define.ts';
import {canaryHttpRemove} from './http-remove.ts';
import {outcomeOf} from './outcome.ts';

const url = (description: string) =>
  z
    .string()
    .refine(isPlainHttpUrl, 'must be an http:// or https:// URL without user name and password')
    .describe(description);

const input = () =>
  z.strictObject({
    url: url(
      'POST takes {"run", "canary", "number", "at"} as JSON and answers 2xx once the number is stored for good; ' +
        'GET with ?run= answers a JSON list of the numbers of that run; DELETE with ?run= forgets them',
    ),
    headers: z.record(z.string(), z.string()).default({}).describe('Headers to send, such as Authorization'),
  });
type Input = z.infer<ReturnType<typeof input>>;

/** Longest list of numbers that is read (bytes). */
const bodyLimit = 8 * 1024 * 1024;

/** The connection was never made: nothing was written. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'NXDOMAIN',
  'NODATA',
  'SERVFAIL',
]);

/** Numbered writes to an endpoint of the user's own: what a restore of its data loses. */
export const http = defineCanary<Input>({
  kind: 'http',
  summary: 'Posts numbers to an endpoint and reads them back; shows what a restore of its store loses.',
  input,
  undos: [canaryHttpRemove],
  permissions: () => [],
  open: (ctx, given) => open(ctx, given),
  examples: [{url: 'https://shop.example.org/canary', headers: {}}],
});

function open(ctx: CanaryContext, {url: base, headers}: Input): WritingCanary {
  const {name, run, clock} = ctx;
  const own = new URL(base);
  own.searchParams.set('run', run.label);
  const ask = (method: string, target: URL, body: string | undefined, {signal, timeout}: CallBounds) => {
    const json = body === undefined ? headers : {'Content-Type': 'application/json', ...headers};
    return exchange({...ctx, timeout}, {url: target, method, headers: json, body, bodyLimit}, signal);
  };
  return {
    cover: async () => ({
      undo: await recordOf(ctx.vault, {
        kind: 'canary/http-remove',
        data: {},
        key: 'endpoint',
        content: {url: own.href, headers},
        // Headers hold credentials more often than not.
        of: 'Secret',
      }),
      target: {apiVersion: 'kubedrill.dev/v1', kind: 'Canary', name: own.href},
    }),
    write: async (number, bounds) => {
      const body = JSON.stringify({run: run.label, canary: name, number, at: clock.wall().toISOString()});
      const post = (signal: AbortSignal) =>
        ask('POST', new URL(base), body, {...bounds, signal}).then(answered, unanswered);
      return outcomeOf(await attempt({...bounds, clock}, post, 'blind'));
    },
    read: async (bounds) => {
      const signal = AbortSignal.any([bounds.signal, AbortSignal.timeout(bounds.timeout)]);
      const {status, body} = await ask('GET', own, undefined, {...bounds, signal});
      return numbersOf(status, body);
    },
  };
}

/** 2xx is an acknowledgement and 4xx a refusal; a server that failed may have stored it before. */
function answered({status}: {status: number}): Reading {
  if (status >= 200 && status < 300) return {state: 'ok'};
  return {state: status >= 300 && status < 500 && status !== 408 ? 'bad' : 'blind', detail: `${status}`};
}

function unanswered(error: unknown): Reading {
  const {detail = ''} = readingOf(error);
  return {state: neverSent.has(detail) ? 'bad' : 'blind', detail};
}

function numbersOf(status: number, body: string): number[] {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  if (status === 200 && Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0)) {
    return value as number[];
  }
  throw new StepError(`the canary's endpoint answered ${status} instead of a JSON list of numbers`, {
    code: 'E_CANARY_READ',
    hint: 'GET with ?run= must answer the numbers it has of that run, such as [0,1,2].',
  });
}
