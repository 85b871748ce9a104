import {describe, expect, it} from 'vitest';
import {AttemptError, attempt, readingOf} from '../../../src/probes/attempt.ts';
import type {Reading} from '../../../src/probes/define.ts';
import {createFakeClock} from '../../support/fake-clock.ts';

const never = () => new Promise<Reading>(() => {});
const start = (work: (signal: AbortSignal) => Promise<Reading>, silence?: 'bad' | 'blind') => {
  const clock = createFakeClock();
  const stop = new AbortController();
  const reading = attempt({clock, signal: stop.signal, timeout: 100}, work, silence);
  return {clock, stop, reading};
};

describe('attempt', () => {
  it('ends at its timeout, whatever the work does', async () => {
    const {clock, reading} = start(never);
    await clock.advance(100);
    expect(await reading).toEqual({state: 'bad', detail: 'timeout'});
  });

  it('takes silence for blindness when told so', async () => {
    const {clock, reading} = start(never, 'blind');
    await clock.advance(100);
    expect(await reading).toEqual({state: 'blind', detail: 'timeout'});
  });

  it('gives the time back that this process stood still', async () => {
    const answer = Promise.withResolvers<Reading>();
    const {clock, reading} = start(() => answer.promise);
    clock.stall(3000);
    await clock.advance(99);
    answer.resolve({state: 'ok'});
    expect(await reading).toEqual({state: 'ok'});
  });

  it('takes silence for silence when the time given back is over', async () => {
    const {clock, reading} = start(never);
    clock.stall(170);
    await clock.advance(70);
    expect(await reading).toEqual({state: 'bad', detail: 'timeout'});
  });

  it('is blind when this process stood still twice', async () => {
    const {clock, reading} = start(never);
    clock.stall(3000);
    await clock.advance(0);
    clock.stall(3000);
    await clock.advance(0);
    expect(await reading).toEqual({state: 'blind', detail: 'stalled'});
  });

  it('counts an answer that lies unread when the timer fires', async () => {
    const answer = Promise.withResolvers<Reading>();
    // What has arrived is read in the turn of the loop that follows the timers.
    const sleep = async () => void setImmediate(() => answer.resolve({state: 'ok'}));
    const clock = {...createFakeClock(), sleep};
    const reading = attempt({clock, signal: new AbortController().signal, timeout: 100}, () => answer.promise);
    expect(await reading).toEqual({state: 'ok'});
  });

  it('tells the work when the attempt is over', async () => {
    let over: AbortSignal | undefined;
    const {clock, reading} = start((signal) => {
      over = signal;
      return never();
    });
    expect(over?.aborted).toBe(false);
    await clock.advance(100);
    await reading;
    expect(over?.aborted).toBe(true);
  });

  it('is blind when it was stopped and the work fails of that first', async () => {
    const {stop, reading} = start(
      (signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AttemptError('aborted')))),
    );
    stop.abort();
    expect(await reading).toEqual({state: 'blind', detail: 'stopped'});
  });

  it('is blind when it was stopped', async () => {
    const {stop, reading} = start(never);
    stop.abort();
    expect(await reading).toEqual({state: 'blind', detail: 'stopped'});
  });
});

describe('readingOf', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'CERT_HAS_EXPIRED', 'NXDOMAIN'])(
    'takes %s for what a user would have seen',
    (code) => {
      expect(readingOf(new AttemptError(code))).toEqual({state: 'bad', detail: code});
    },
  );

  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'EADDRNOTAVAIL', 'ENETDOWN', 'EPERM'])(
    'takes %s for a failure of this end: nothing was asked',
    (code) => {
      expect(readingOf(new AttemptError(code))).toEqual({state: 'blind', detail: code});
    },
  );

  it('names an error without a code by its message', () => {
    expect(readingOf(new Error('odd'))).toEqual({state: 'bad', detail: 'odd'});
  });
});
