import type net from 'node:net';
import type {Address} from '../io/dial.ts';
import {AttemptError} from './attempt.ts';
import type {NetworkContext} from './define.ts';
import {addressesOf} from './resolve.ts';
import {openSocket} from './socket.ts';

/**
 * Connects to a name or address as a client does: looks the name up now, then tries each address in turn. Rejects with
 * the last address's error.
 */
export async function connect(ctx: NetworkContext, to: Address, signal: AbortSignal): Promise<net.Socket> {
  let failure: unknown = new AttemptError('ENOTFOUND');
  for (const host of await addressesOf(ctx, to.host, signal)) {
    try {
      return await openSocket(await ctx.dial({host, port: to.port}, 'tcp'), signal);
    } catch (error) {
      failure = error;
      if (signal.aborted) break;
    }
  }
  throw failure;
}
