import {randomInt} from 'node:crypto';
import dgram from 'node:dgram';
import type net from 'node:net';
import {isIPv6} from 'node:net';
import packet, {type Answer, type DecodedPacket, type RecordType} from 'dns-packet';
import type {Address, Dial} from '../io/dial.ts';
import {AttemptError} from './attempt.ts';
import {openSocket} from './socket.ts';

/** One question to one DNS server. */
export interface DnsQuestion {
  server: Address;
  protocol: 'udp' | 'tcp';
  /** With or without its last dot; always taken as absolute. */
  name: string;
  type: RecordType;
}

/** What the server said. */
export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`… */
  rcode: string;
  /** The answer did not fit into the datagram. */
  truncated: boolean;
  /** Data of the records of the type asked, as text. */
  answers: string[];
}

/** `host[:port]`, `[v6]:port` or a bare IPv6 address; the port is 53 when none is given. */
export function parseServer(text: string): Address {
  if (isIPv6(text)) return {host: text, port: 53};
  const [, v6, v4, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return {host: v6 ?? v4 ?? text, port: port === undefined ? 53 : Number(port)};
}

/**
 * Asks one question on a socket of its own (a new source port, a random id) and waits for the answer that bears the
 * same id and question. No retransmission: a lost packet is what the sample is about. Rejects with the socket's error;
 * when `signal` fires the socket is let go and the promise rejects.
 */
export function queryDns(dial: Dial, question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
  return question.protocol === 'udp' ? queryUdp(dial, question, signal) : queryTcp(dial, question, signal);
}

async function queryUdp(dial: Dial, question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
  const to = await dial(question.server, 'udp');
  signal.throwIfAborted();
  const id = randomInt(0x10000);
  const socket = dgram.createSocket(isIPv6(to.host) ? 'udp6' : 'udp4');
  const onAbort = () => socket.close();
  try {
    return await new Promise<DnsAnswer>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new AttemptError('closed')));
      signal.addEventListener('abort', onAbort, {once: true});
      // Anything that is not the answer to this question is not ours (a late answer, a guess): wait on.
      socket.on('message', (bytes) => {
        const answer = decode(bytes, id, question);
        if (answer) resolve(answer);
      });
      // A connected socket hears the refusal (ICMP) and only what its peer sends.
      socket.connect(to.port, to.host, () => {
        if (!signal.aborted) socket.send(packet.encode(query(id, question)), (error) => error && reject(error));
      });
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!signal.aborted) socket.close();
  }
}

async function queryTcp(dial: Dial, question: DnsQuestion, signal: AbortSignal): Promise<DnsAnswer> {
  const id = randomInt(0x10000);
  const socket = await openSocket(await dial(question.server, 'tcp'), signal);
  try {
    socket.write(packet.streamEncode(query(id, question)));
    const answer = decode(await readMessage(socket), id, question);
    if (!answer) throw new AttemptError('EBADRESP', 'the answer is for another question');
    return answer;
  } finally {
    socket.destroy();
  }
}

/** Reads one length-prefixed message (RFC 1035, 4.2.2). */
function readMessage(socket: net.Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2) return;
      const length = received.readUInt16BE(0);
      if (received.length >= length + 2) resolve(received.subarray(2, length + 2));
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new AttemptError('ECONNRESET', 'closed before the whole answer came')));
  });
}

function query(id: number, {name, type}: DnsQuestion): packet.Packet {
  return {type: 'query', id, flags: packet.RECURSION_DESIRED, questions: [{type, name}]};
}

/** The answer, or undefined when the bytes are none to this question. */
function decode(bytes: Buffer, id: number, {name, type}: DnsQuestion): DnsAnswer | undefined {
  let decoded: DecodedPacket & {rcode?: string};
  try {
    decoded = packet.decode(bytes);
  } catch {
    return undefined;
  }
  const [asked] = decoded.questions ?? [];
  if (decoded.type !== 'response' || decoded.id !== id || !asked) return undefined;
  if (asked.type !== type || bare(asked.name) !== bare(name)) return undefined;
  return {
    rcode: decoded.rcode ?? 'unknown',
    truncated: decoded.flag_tc,
    answers: (decoded.answers ?? []).filter((answer) => answer.type === type).map(dataOf),
  };
}

const bare = (name: string) => name.replace(/\.$/, '').toLowerCase();

/** A record's data as one string: an address, a name, `10 20 443 host` for SRV. */
function dataOf(answer: Answer): string {
  const data: unknown = 'data' in answer ? answer.data : undefined;
  return flatten(data);
}

function flatten(data: unknown): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  if (Array.isArray(data)) return data.map(flatten).join('');
  if (typeof data === 'object' && data !== null) return Object.values(data).map(flatten).join(' ');
  return String(data);
}
