import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import type {ClusterErrorReason} from '../../../../src/cluster/types.ts';
import {Memory} from '../../../../src/drill/guards/memory.ts';

const failing = (reason: ClusterErrorReason) => () => Promise.reject(new ClusterError(`no: ${reason}`, {reason}));

describe('what the guards have seen', () => {
  it('counts while the API server is away, for the same question, and is said to be old', async () => {
    const memory = new Memory();
    await memory.look({recall: false}).ask('one', async () => 1);
    const look = memory.look({recall: true});
    expect(await look.ask('one', failing('unreachable'))).toBe(1);
    expect(look.recalled).toBe(true);
    await expect(look.ask('two', failing('unreachable'))).rejects.toThrow('no: unreachable');
  });

  it('does not count where a refusal is the answer, nor where nobody may recall', async () => {
    const memory = new Memory();
    await memory.look({recall: false}).ask('one', async () => 1);
    await expect(memory.look({recall: true}).ask('one', failing('forbidden'))).rejects.toThrow('no: forbidden');
    await expect(memory.look({recall: false}).ask('one', failing('unreachable'))).rejects.toThrow('no: unreachable');
  });

  it('is the last answer', async () => {
    const memory = new Memory();
    const look = memory.look({recall: true});
    await look.ask('one', async () => 1);
    await look.ask('one', async () => 2);
    expect(look.recalled).toBe(false);
    expect(await look.ask('one', failing('serverError'))).toBe(2);
  });
});
