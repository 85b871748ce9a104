import * as z from 'zod';
import type {Json} from '../io/json.ts';
import {parseJson} from '../io/json.ts';
import {readingOf} from './attempt.ts';
import type {NetworkContext, Reading} from './define.ts';
import {exchange, isPlainHttpUrl} from './exchange.ts';

/** Longest answer that is read (bytes). */
const bodyLimit = 4 * 1024 * 1024;

/** The fields of every probe that asks a monitoring system over HTTP. */
export const monitoringFields = (what: string) => ({
  url: z
    .string()
    .refine(isPlainHttpUrl, 'must be an http:// or https:// URL without user name and password')
    .describe(`Where ${what} is, with its path prefix if it has one: http://prometheus.monitoring.svc:9090.`),
  headers: z.record(z.string(), z.string()).default({}).describe('Headers to send, such as Authorization.'),
  insecureSkipVerify: z.boolean().default(false).describe('Accept any certificate.'),
});

interface Asked {
  headers: Readonly<Record<string, string>>;
  insecureSkipVerify: boolean;
}

/** A path below the URL of a server. */
export function baseUrl(url: string, path: string): URL {
  const base = new URL(url);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return new URL(path, base);
}

/** GETs JSON. `content` is absent when the answer is none. Rejects when there was no whole answer. */
export async function askMonitoring(
  ctx: NetworkContext,
  url: URL,
  {headers, insecureSkipVerify}: Asked,
  signal: AbortSignal,
): Promise<{status: number; content?: Json}> {
  const request = {url, method: 'GET', headers, insecureSkipVerify, bodyLimit};
  const {status, body} = await exchange(ctx, request, signal);
  try {
    return {status, content: parseJson(body) as Json};
  } catch {
    return {status};
  }
}

/** A failure to ask is blindness here: the alert is what the probe is about, not the server that knows of it. */
export const unasked = (error: unknown): Reading => ({...readingOf(error), state: 'blind'});
