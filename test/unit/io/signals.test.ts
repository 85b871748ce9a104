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

test('a later signal that is held off is told by what, and comes when all of that is over', () => {
  const source = new EventEmitter();
  const told: string[] = [];
  const onHeld = (name: string, what: string) => told.push(`${name} waits for ${what}`);
  const {signal, holdOff} = listenForSignals(source, (name) => told.push(name), onHeld);
  const [restored, copied] = [holdOff('restoring etcd'), holdOff('copying a file')];
  send(source, 'SIGINT');
  expect(signal.reason).toBe('SIGINT');
  expect(told).toEqual([]);
  send(source, 'SIGTERM');
  copied();
  send(source, 'SIGINT');
  expect(told).toEqual(['SIGTERM waits for copying a file', 'SIGINT waits for restoring etcd']);
  restored();
  expect(told.at(-1)).toBe('SIGINT');
  expect(told).toHaveLength(3);
});

test('a hold without a later signal ends without a word', () => {
  const source = new EventEmitter();
  const told: string[] = [];
  const {holdOff} = listenForSignals(source, (name) => told.push(name));
  const over = holdOff('restoring etcd');
  send(source, 'SIGINT');
  over();
  expect(told).toEqual([]);
  send(source, 'SIGINT');
  expect(told).toEqual(['SIGINT']);
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
