import {expect, test} from 'vitest';
import type {Connection} from '../../../../src/cluster/types.ts';
import {learning} from '../../../../src/drill/record/secrets.ts';
import type {Json} from '../../../../src/io/json.ts';
import {createRedactor} from '../../../../src/io/redact.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What a redactor leaves of a text once this was patched into a Secret. */
async function shown(patch: Json, text: string): Promise<string> {
  const redactor = createRedactor();
  const connection = {onSecret: async () => undefined, reader: {}, writer: {patch: async () => ({})}};
  const {writer} = await learning(connection as unknown as Connection, redactor);
  await writer.patch({apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db'}, patch, {type: 'merge'});
  return redactor.text(text);
}

test.each<[string, Json]>([
  ['in data', {data: {password: base64('hunter22')}}],
  ['in stringData', {stringData: {password: 'hunter22'}}],
  ['by an operation', [{op: 'replace', path: '/data/password', value: base64('hunter22')}]],
  ['by one on all of data', [{op: 'add', path: '/data', value: {password: base64('hunter22')}}]],
  ['by one in clear', [{op: 'add', path: '/stringData/password', value: 'hunter22'}]],
  ['by one on the whole', [{op: 'replace', path: '', value: {data: {password: base64('hunter22')}}}]],
])('what is patched into a Secret is learned: %s', async (_name, patch) => {
  expect(await shown(patch, `hunter22 ${base64('hunter22')}`)).toBe('[redacted] [redacted]');
});

test('what else a patch of a Secret holds is as public as before', async () => {
  const managedFields = [{manager: 'argocd-controller', operation: 'Apply', fieldsType: 'FieldsV1'}];
  const metadata = {managedFields, labels: {team: 'payments'}};
  const text = 'changed by argocd-controller (Apply), of payments';
  expect(await shown({metadata}, text)).toBe(text);
  expect(await shown([{op: 'add', path: '/metadata/labels/team', value: 'payments'}], text)).toBe(text);
});
