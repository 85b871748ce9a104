import {describe, expect, it} from 'vitest';
import type {Mutate, Vault} from '../../../src/actions/define.ts';
import {ClusterError} from '../../../src/cluster/errors.ts';
import type {ClusterErrorReason} from '../../../src/cluster/types.ts';
import {noVault} from '../../../src/drill/contexts.ts';
import {createMutate, mayHaveApplied} from '../../../src/drill/mutate.ts';
import type {Clock} from '../../../src/io/clock.ts';
import {createRedactor, type Redactor} from '../../../src/io/redact.ts';
import type {Journal} from '../../../src/journal/write.ts';
import {createMemoryCluster} from '../../support/memory-cluster.ts';
import {createMemoryJournal} from '../../support/memory-journal.ts';

const target = {apiVersion: 'v1', kind: 'ConfigMap', namespace: 'a', name: 'b'};
const object = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {namespace: 'a', name: 'b'}};
const undo = {kind: 'object/remove', data: {}};

function setup(
  journal: Journal,
  signal = new AbortController().signal,
  {redactor = createRedactor(), vault = noVault, clock}: {redactor?: Redactor; vault?: Vault; clock?: Clock} = {},
) {
  const cluster = createMemoryCluster();
  let mutations = 0;
  const mutate: Mutate = createMutate<never>({
    journal,
    writer: {cluster: cluster.writer},
    nextId: () => `m${++mutations}`,
    role: 'fault',
    phase: 'inject',
    step: 'inject.0',
    redactor,
    vault,
    signal,
    ...(clock === undefined ? {} : {clock}),
  });
  return {cluster, mutate};
}

describe('a mutation', () => {
  it('whose undo holds a secret keeps the undo in the vault, and its place in the journal', async () => {
    const redactor = createRedactor();
    redactor.add('hunter2-hunter2');
    const stored = new Map<string, string>();
    const vault: Vault = {
      ...noVault,
      put: async (file, content) => {
        stored.set(file, String(content));
        return {file, sha256: 'abc'};
      },
    };
    const {journal, text} = createMemoryJournal({redactor});
    const {mutate} = setup(journal, undefined, {redactor, vault});
    const secret = {kind: 'command/undo', data: {argv: ['login', 'hunter2-hunter2']}};
    await mutate({undo: secret, target}, ({cluster: writer}) => writer.create(object));
    const [intent] = journal.entries;
    const [[file = '', content = ''] = []] = stored;
    expect(intent).toMatchObject({undo: {kind: 'command/undo', data: {}, sealed: {file}, payloads: [{file}]}});
    expect(intent).not.toHaveProperty('undo.command');
    expect(JSON.parse(content)).toEqual(secret.data);
    expect(text()).not.toContain('hunter2');
  });

  it('notes the command by which a person can undo it before the call, where there is one', async () => {
    const {journal} = createMemoryJournal();
    const {mutate} = setup(journal);
    const create: Parameters<typeof mutate>[1] = ({cluster}) => cluster.create(object);
    const putBack = {kind: 'scale/put-back', data: {uid: 'u1', before: 3, after: 0}};
    await mutate({undo: putBack, target: {...target, apiVersion: 'apps/v1', kind: 'Deployment'}}, create);
    for (const record of [
      {kind: 'scale/put-back', data: {}},
      {kind: 'of/tomorrow', data: {}},
      {kind: 'constructor', data: {}},
    ])
      await mutate({undo: record, target}, create).catch(() => undefined);
    const records = journal.entries.flatMap((entry) => (entry.type === 'mutation.intent' ? [entry.undo] : []));
    expect(records).toEqual([
      {...putBack, command: 'kubectl -n a scale deployment.apps/b --replicas=3'},
      {kind: 'scale/put-back', data: {}},
      {kind: 'of/tomorrow', data: {}},
      {kind: 'constructor', data: {}},
    ]);
  });

  it('notes no command that reads as a secret where its parts do not', async () => {
    const redactor = createRedactor();
    redactor.add('a/hunter2');
    const {journal, text} = createMemoryJournal({redactor});
    const {mutate} = setup(journal, undefined, {redactor});
    const named = {...target, kind: 'A', name: 'hunter2'};
    await mutate({undo, target: named}, ({cluster}) => cluster.create(object));
    expect(journal.entries[0]).toMatchObject({undo, target: named});
    expect(journal.entries[0]).not.toHaveProperty('undo.command');
    expect(text()).not.toContain('a/hunter2');
  });

  it('is on disk with its undo before the call is made, and again with its answer', async () => {
    const order: string[] = [];
    const {journal, text} = createMemoryJournal({
      sync: async () => void order.push(`fsync after ${journal.entries.length + 1}`),
    });
    const {mutate} = setup(journal);
    await mutate({undo, target}, async ({cluster}) => {
      order.push('call');
      return await cluster.create(object);
    });
    expect(order).toEqual(['fsync after 1', 'call', 'fsync after 2']);
    expect(journal.entries).toMatchObject([
      {type: 'mutation.intent', mutation: 'm1', role: 'fault', step: 'inject.0', undo, target},
      {type: 'mutation.applied', mutation: 'm1', answer: {name: 'b', uid: 'u1'}},
    ]);
    expect(text()).not.toContain('"data":{"');
  });

  it('does not happen when its intent cannot be written', async () => {
    const {journal} = createMemoryJournal({append: () => Promise.reject(new Error('ENOSPC'))});
    const {cluster, mutate} = setup(journal);
    await expect(mutate({undo, target}, (write) => write.cluster.create(object))).rejects.toMatchObject({
      code: 'E_JOURNAL',
    });
    expect(cluster.objects.size).toBe(0);
  });

  it('does not happen when its intent cannot be fsynced', async () => {
    const {journal} = createMemoryJournal({sync: () => Promise.reject(new Error('EIO'))});
    const {cluster, mutate} = setup(journal);
    await expect(mutate({undo, target}, (write) => write.cluster.create(object))).rejects.toMatchObject({
      code: 'E_JOURNAL',
    });
    expect(cluster.objects.size).toBe(0);
  });

  it('does not begin once the step was stopped', async () => {
    const {journal} = createMemoryJournal();
    const {mutate} = setup(journal, AbortSignal.abort(new Error('stopped')));
    await expect(mutate({undo, target}, (write) => write.cluster.create(object))).rejects.toThrow('stopped');
    expect(journal.entries).toEqual([]);
  });

  it('notes what went wrong, and whether it may have happened', async () => {
    const {journal} = createMemoryJournal();
    const {mutate} = setup(journal);
    const refusal = new ClusterError('it was not found', {reason: 'notFound', status: 404});
    await expect(mutate({undo, target}, () => Promise.reject(refusal))).rejects.toThrow('was not found');
    expect(journal.entries.at(-1)).toMatchObject({
      type: 'mutation.failed',
      maybeApplied: false,
      error: {code: 'E_CLUSTER_NOT_FOUND'},
    });
  });

  it('takes the answer to a call that was delivered twice for one that may have happened', async () => {
    const {journal} = createMemoryJournal();
    const {mutate} = setup(journal);
    await expect(mutate({undo, target}, (write) => write.cluster.delete(target))).rejects.toThrow('was not found');
    expect(journal.entries.at(-1)).toMatchObject({type: 'mutation.failed', maybeApplied: true});
  });

  it('stands for one call: a second one is our bug', async () => {
    const {journal} = createMemoryJournal();
    const {mutate} = setup(journal);
    const twice = mutate({undo, target}, async ({cluster}) => {
      await cluster.create(object);
      return await cluster.create(object);
    });
    await expect(twice).rejects.toMatchObject({code: 'E_INTERNAL'});
  });
});

describe('a call that the API server has no time for', () => {
  const busy = (apiMessage?: string) =>
    new ClusterError('wait', {reason: 'tooManyRequests', status: 429, retryAfter: 7, apiMessage});

  /** What became of a call that is answered so twice, or more often, and then taken; and the waits in between. */
  async function play(method: 'create' | 'evict', answer: ClusterError, refusals = 2) {
    const {journal} = createMemoryJournal();
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    const {mutate, cluster} = setup(journal, undefined, {clock: {sleep} as unknown as Clock});
    let left = refusals;
    const {create} = cluster.writer;
    const call = async () => {
      if (left-- > 0) throw answer;
      return await create(object);
    };
    Object.assign(cluster.writer, {create: call, evict: call});
    const end = await mutate({undo, target}, ({cluster: writer}) =>
      method === 'create' ? writer.create(object) : writer.evict({name: 'a', namespace: 'b'}),
    ).then(
      () => 'done',
      ({message}) => message,
    );
    return {end, waits, entries: journal.entries.map(({type}) => type)};
  }

  it('is made again, each time as a mutation of its own', async () => {
    const failed = ['mutation.intent', 'mutation.failed'];
    expect(await play('create', busy('too many requests, please try again later'))).toEqual({
      end: 'done',
      waits: [7000, 7000],
      entries: [...failed, ...failed, 'mutation.intent', 'mutation.applied'],
    });
  });

  it('is made ten times, and fails then with what the API server says', async () => {
    const {end, waits, entries} = await play('create', busy('too many requests'), 10);
    expect([end, waits.length]).toEqual(['wait', 9]);
    expect(entries.filter((type) => type === 'mutation.failed')).toHaveLength(10);
    expect(await play('create', busy('too many requests'), 9)).toMatchObject({end: 'done'});
  });

  it('is not, where something in between may have passed it on', async () => {
    expect(await play('create', busy())).toMatchObject({end: 'wait', waits: []});
  });

  it('nor an eviction, whose refusals the action counts', async () => {
    expect(await play('evict', busy('Cannot evict pod'))).toMatchObject({end: 'wait', waits: []});
  });
});

describe('whether a failed call may have happened', () => {
  const failure = (reason: ClusterErrorReason, status?: number, code?: string, apiMessage?: string) =>
    new ClusterError('it failed', {
      reason,
      status,
      apiMessage,
      cause: code === undefined ? undefined : Object.assign(new Error(code), {code}),
    });

  it.each([
    ['403', failure('forbidden', 403), false],
    ['404', failure('notFound', 404), false],
    ['409', failure('conflict', 409), false],
    ['422', failure('invalid', 422), false],
    ['429', failure('tooManyRequests', 429, undefined, 'wait'), false],
    ['429 by something in between', failure('tooManyRequests', 429), true],
    ['500', failure('serverError', 500), true],
    ['503', failure('serverError', 503), true],
    ['a timeout', failure('timeout'), true],
    ['an answer cut off', failure('badAnswer', 200), true],
    ['a reset', failure('unreachable', undefined, 'ECONNRESET'), true],
    ['a refused connection', failure('unreachable', undefined, 'ECONNREFUSED'), false],
    ['an unknown host', failure('unreachable', undefined, 'ENOTFOUND'), false],
    ['an abort', new Error('aborted'), true],
  ])('%s: %o', (_, error, wanted) => {
    expect(mayHaveApplied(error)).toBe(wanted);
  });
});
