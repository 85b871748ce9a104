import dgram from 'node:dgram';
import net from 'node:net';
import packet, {type DecodedPacket, type Packet} from 'dns-packet';
import {listen} from './probe-context.ts';

/** Answers one query; `undefined` is silence, a Buffer is sent as it is. */
export type Handler = (query: DecodedPacket) => Packet | Buffer | undefined;

/** A DNS server on loopback, on one port over UDP and on one over TCP. */
export interface FakeDns {
  udp: string;
  tcp: string;
  handle: Handler;
  /** Names asked so far, with their type. */
  asked: string[];
  stop(): Promise<void>;
}

export const refusal = (query: DecodedPacket, rcode: number): Packet => ({
  type: 'response',
  id: query.id ?? 0,
  flags: packet.RECURSION_DESIRED | rcode,
  questions: query.questions ?? [],
});

export const addresses = (query: DecodedPacket, ...found: string[]): Packet => ({
  ...refusal(query, 0),
  answers: found.map((data) => ({type: 'A', name: query.questions?.[0]?.name ?? '', ttl: 5, data})),
});

/** Starts it; until told otherwise it answers every A question with 127.0.0.1. */
export async function startFakeDns(): Promise<FakeDns> {
  const asked: string[] = [];
  const dns: Pick<FakeDns, 'handle'> = {handle: (query) => addresses(query, '127.0.0.1')};
  const answer = (bytes: Buffer): Buffer | undefined => {
    const query = packet.decode(bytes);
    asked.push(...(query.questions ?? []).map(({name, type}) => `${name} ${type}`));
    const reply = dns.handle(query);
    return reply === undefined || Buffer.isBuffer(reply) ? reply : packet.encode(reply);
  };
  const udp = dgram.createSocket('udp4');
  udp.on('message', (bytes, peer) => {
    const reply = answer(bytes);
    if (reply) udp.send(reply, peer.port, peer.address);
  });
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const sockets = new Set<net.Socket>();
  const tcp = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const reply = answer(bytes.subarray(2));
      if (!reply) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      // In three pieces: a reader must not take a piece for the whole.
      socket.write(length.subarray(0, 1));
      socket.write(Buffer.concat([length.subarray(1), reply.subarray(0, 5)]), () => socket.write(reply.subarray(5)));
    });
  });
  const tcpPort = await listen(tcp);
  return Object.assign(dns, {
    udp: `127.0.0.1:${udp.address().port}`,
    tcp: `127.0.0.1:${tcpPort}`,
    asked,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => udp.close(resolve)),
        new Promise((resolve) => tcp.close(resolve)),
      ]);
    },
  });
}
