import {describe, expect, it} from 'vitest';
import {ClusterError} from '../../../../src/cluster/errors.ts';
import {followProber} from '../../../../src/drill/prober/follow.ts';
import {controlLine, sampleLine, startLine} from '../../../../src/drill/prober/protocol.ts';
import {createFakeClock} from '../../../support/fake-clock.ts';

const line = (seq: number, skipped = 0) => sampleLine('dns', {seq, start: seq, end: seq + 1, state: 'ok'}, skipped);
type Session = (give: (...lines: string[]) => void, since: string | undefined) => Promise<void> | void;
const forever = () => new Promise<void>(() => {});

/** Plays one session after the other as the API server would, and notes what comes out. */
async function follow(sessions: Session[], ms = 60_000) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const heard: string[] = [];
  const sinces: (string | undefined)[] = [];
  let last = -1;
  const done = followProber({
    clock,
    signal: stop.signal,
    silence: 3000,
    pod: {namespace: 'kubedrill', name: 'prober'},
    onStart: (boot) => heard.push(`start ${boot}`),
    onControl: (probe, {state}) => heard.push(`control ${probe} ${state}`),
    onSample: (_probe, {seq}) => {
      last = seq;
      heard.push(`${seq}`);
    },
    onGap: (_probe, from, to) => heard.push(`gap ${from}-${to}`),
    since: () => (last < 0 ? undefined : `after ${last}`),
    cluster: {
      followLog: async (_pod, {signal, onLine, sinceTime}) => {
        sinces.push(sinceTime);
        const session = sessions.shift() ?? forever;
        const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        await Promise.race([session((...lines) => lines.forEach(onLine), sinceTime), ended]);
      },
    },
  });
  await clock.advance(ms);
  stop.abort();
  await done;
  return {heard, sinces};
}

describe('followProber', () => {
  it('hands on each sample once, in order, across breaks', async () => {
    const {heard, sinces} = await follow([
      (give) => give(startLine('a'), line(0), line(1), line(2)),
      () => Promise.reject(new ClusterError('GOAWAY', {reason: 'unreachable'})),
      (give) => give(line(1), line(2), line(3)),
    ]);
    expect(heard).toEqual(['start a', '0', '1', '2', '3']);
    expect(sinces.slice(0, 3)).toEqual([undefined, 'after 2', 'after 2']);
  });

  it('reads the whole log again when lines are missing', async () => {
    const {heard, sinces} = await follow([
      (give) => give(startLine('a'), line(0)),
      (give) => give(line(3), line(4)),
      (give) => give(startLine('a'), line(0), line(1), line(2), line(3), line(4), line(5)),
    ]);
    expect(heard).toEqual(['start a', '0', '1', '2', '3', '4', '5']);
    expect(sinces.slice(0, 3)).toEqual([undefined, 'after 0', undefined]);
  });

  it('counts what the log no longer has as a gap', async () => {
    const {heard} = await follow([
      (give) => give(startLine('a'), line(0)),
      (give) => give(line(3)),
      (give) => give(line(3), line(4)),
    ]);
    expect(heard).toEqual(['start a', '0', 'gap 1-2', '3', '4']);
  });

  it('does not take what the sampler skipped for lost', async () => {
    const {heard, sinces} = await follow(
      [
        async (give) => {
          give(startLine('a'), line(0), line(4, 3), line(5));
          await forever();
        },
      ],
      1000,
    );
    expect(heard).toEqual(['start a', '0', '4', '5']);
    expect(sinces).toHaveLength(1);
  });

  it('starts counting anew with a new process', async () => {
    const {heard} = await follow([
      (give) => give(startLine('a'), line(0), line(1)),
      (give) => give(startLine('b'), line(0), line(1)),
    ]);
    expect(heard).toEqual(['start a', '0', '1', 'start b', '0', '1']);
  });

  it('attaches again when a stream falls silent', async () => {
    const {heard} = await follow([
      async (give) => {
        give(startLine('a'), line(0));
        await forever();
      },
      (give) => give(line(0), line(1)),
    ]);
    expect(heard).toEqual(['start a', '0', '1']);
  });

  it('hands on what a control said, and ignores lines that are none of ours', async () => {
    const {heard} = await follow([
      (give) => give('(node:1) Warning: odd', '{}', startLine('a'), controlLine('dns', {state: 'bad'}), '{"series":1}'),
    ]);
    expect(heard).toEqual(['start a', 'control dns bad']);
  });

  it('ends when the pod is gone', async () => {
    let attached = 0;
    await follow([
      () => {
        attached += 1;
        throw new ClusterError('no such pod', {reason: 'notFound'});
      },
      () => {
        attached += 1;
      },
    ]);
    expect(attached).toBe(1);
  });

  it('does not hammer an API that is away', async () => {
    const {sinces} = await follow(
      Array.from({length: 500}, () => () => Promise.reject(new Error('refused'))),
      10_000,
    );
    expect(sinces.length).toBeLessThan(20);
  });
});
