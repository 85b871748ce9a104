import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {connect} from '../../../src/cluster/connect.ts';
import {createLineSplitter} from '../../../src/cluster/lines.ts';
import type {Connection} from '../../../src/cluster/types.ts';
import {type Answer, type FakeApi, startFakeApi} from '../../support/api-server.ts';

const path = '/api/v1/namespaces/shop/pods/p/log';
const pod = {namespace: 'shop', name: 'p', container: 'main'};

let api: FakeApi;
let connection: Connection;

beforeEach(async () => {
  api = await startFakeApi();
  connection = await connect({kubeconfigText: api.kubeconfig, env: {}});
});

afterEach(async () => {
  connection.close();
  await api.stop();
});

/** Sends chunks one after the other, then ends, breaks off or leaves the stream open. */
const stream =
  (chunks: (string | Buffer)[], end: 'end' | 'break' | 'open'): Answer =>
  (_request, response) => {
    response.writeHead(200);
    const next = (index: number) => {
      const chunk = chunks[index];
      if (chunk !== undefined) response.write(chunk, () => setImmediate(next, index + 1));
      else if (end === 'end') response.end();
      else if (end === 'break') setImmediate(() => response.destroy());
    };
    next(0);
  };

const follow = (onLine: (line: string) => void, signal = new AbortController().signal) =>
  connection.reader.followLog(pod, {signal, sinceTime: '2026-01-01T00:00:00Z', onLine});

test('gives whole lines over chunk borders, and the last one without its end', async () => {
  const euro = Buffer.from('€');
  api.on('GET', path, stream(['on', 'e\ntwo ', euro.subarray(0, 1), euro.subarray(1), '\r\n\nlast'], 'end'));
  const lines: string[] = [];
  await follow((line) => lines.push(line));
  expect(lines).toEqual(['one', 'two €', '', 'last']);
  expect(api.received[0]?.query).toEqual({follow: 'true', container: 'main', sinceTime: '2026-01-01T00:00:00Z'});
});

test('rejects when the stream breaks off, without the torn line', async () => {
  api.on('GET', path, stream(['one\n', 'tor'], 'break'));
  const lines: string[] = [];
  await expect(follow((line) => lines.push(line))).rejects.toMatchObject({reason: 'unreachable'});
  expect(lines).toEqual(['one']);
});

test('resolves when it is aborted, before, between and while it connects', async () => {
  api.on('GET', path, stream(['one\n'], 'open'));
  const controller = new AbortController();
  await follow(() => controller.abort(), controller.signal);
  await follow(() => undefined, AbortSignal.abort());
  api.on('GET', path, 'hang');
  const late = new AbortController();
  const following = follow(() => undefined, late.signal);
  await expect.poll(() => api.received.length).toBe(2);
  late.abort();
  await following;
});

test('rejects with the words of the API server', async () => {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    reason: 'BadRequest',
    message: 'container "main" is waiting to start',
  };
  api.on('GET', path, {status: 400, body: status});
  await expect(follow(() => undefined)).rejects.toMatchObject({
    reason: 'invalid',
    message: 'follow the log of Pod shop/p: container "main" is waiting to start',
  });
});

test('what onLine throws is passed on', async () => {
  api.on('GET', path, stream(['one\n'], 'open'));
  await expect(
    follow(() => {
      throw new Error('cannot read this');
    }),
  ).rejects.toThrow('cannot read this');
});

describe('the line splitter', () => {
  test('gives the same lines wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({unit: 'grapheme'})), fc.array(fc.nat({max: 7})), (texts, sizes) => {
        const lines = texts.map((text) => text.replaceAll(/[\r\n]/g, ''));
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const seen: string[] = [];
        const splitter = createLineSplitter((line) => seen.push(line));
        let from = 0;
        for (const size of sizes) {
          splitter.push(bytes.subarray(from, from + size));
          from += size;
        }
        splitter.push(bytes.subarray(from));
        splitter.end();
        expect(seen).toEqual(lines);
      }),
    );
  });
});
