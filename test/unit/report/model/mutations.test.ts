import {expect, test} from 'vitest';
import type {Mutate} from '../../../../src/actions/define.ts';
import {noVault} from '../../../../src/drill/contexts.ts';
import {createMutate} from '../../../../src/drill/mutate.ts';
import {createRedactor} from '../../../../src/io/redact.ts';
import {reportMutations} from '../../../../src/report/model/mutations.ts';
import {createMemoryCluster} from '../../../support/memory-cluster.ts';
import {createMemoryJournal} from '../../../support/memory-journal.ts';

test('what the API server warned of stands in the journal, and in the report beside the change', async () => {
  const {journal} = createMemoryJournal();
  const {writer} = createMemoryCluster();
  const object = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {namespace: 'a', name: 'b'}};
  const create: typeof writer.create = async (made, options) => {
    options?.onWarning?.('v1 ConfigMap is deprecated');
    return await writer.create(made, options);
  };
  const mutate: Mutate = createMutate<never>({
    ...{journal, vault: noVault, redactor: createRedactor(), signal: new AbortController().signal},
    ...{role: 'fault', phase: 'inject', step: 'inject.0', nextId: () => 'm1'},
    writer: {cluster: {...writer, create}},
  });
  const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b'};
  await mutate({undo: {kind: 'object/remove', data: {}}, target}, ({cluster}) => cluster.create(object));
  expect(journal.entries.at(-1)).toMatchObject({type: 'mutation.applied', warnings: ['v1 ConfigMap is deprecated']});
  expect(reportMutations(journal.entries)).toMatchObject([{id: 'm1', warnings: ['v1 ConfigMap is deprecated']}]);
});
