import net from 'node:net';
import type {Address} from '../io/dial.ts';
import {AttemptError} from './attempt.ts';

/** Opens a connection of its own. Destroyed, and rejected when still opening, as soon as `signal` fires. */
export function openSocket(to: Address, signal: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new AttemptError('closed'));
      return;
    }
    const socket = net.connect({host: to.host, port: to.port});
    const onAbort = () => socket.destroy(new AttemptError('closed'));
    signal.addEventListener('abort', onAbort, {once: true});
    socket.once('close', () => signal.removeEventListener('abort', onAbort));
    // Stays attached: a reset after the answer must not become an uncaught error.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
  });
}
