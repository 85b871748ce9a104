import {EventEmitter} from 'node:events';
import {expect, test} from 'vitest';
import {type EndingSignal, listenForSignals, signalExitCode} from '../../../src/io/signals.ts';

const send = (source: EventEmitter, name: EndingSignal) => source.emit(name, name);

test('the first signal aborts with its name, each later one is told at once', () => {
  const source = new EventEmitter();
  const later: string[] = [];
  const {signal, received} = listenForSignals(source, (name) => later.push(name));
  expect(signal.aborted).toBe(false);
  send(source, 'SIGTERM');
  expect(signal.reason).toBe('SIGTERM');
  expect(received()).toBe('SIGTERM');
  expect(later).toEqual([]);
  send(source, 'SIGINT');
  send(source, 'SIGHUP');
  expect(later).toEqual(['SIGINT', 'SIGHUP']);
  expect(signal.reason).toBe('SIGTERM');
});

test('release stops listening', () => {
  const source = new EventEmitter();
  const handling = listenForSignals(source, () => {});
  handling.release();
  expect(send(source, 'SIGINT')).toBe(false);
  expect(handling.signal.aborted).toBe(false);
});

test('exit codes are those that a shell gives', () => {
  expect((['SIGHUP', 'SIGINT', 'SIGTERM'] as const).map(signalExitCode)).toEqual([129, 130, 143]);
});
