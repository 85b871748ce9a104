import type {Socket} from 'node:net';
import dnsPacket, {type Answer, type Packet, type Question} from 'dns-packet';
import {messageOf} from '../../io/errors.ts';
import type {ContainerContext, ContainerProgram} from '../program.ts';
import type {View} from '../view.ts';
import {type Corefile, parseCorefile} from './corefile.ts';
import {lookUp} from './dnsRecords.ts';
import {aborted, type Closable, serveHttp, serveTcp, serveUdp} from './server.ts';

const configPath = '/etc/coredns/Corefile';
/** How often the `reload` plugin looks for a changed file (its default interval). */
const reloadEvery = 30_000;
const servfail = 2;
const nxdomain = 3;

/**
 * CoreDNS: answers for the cluster's zone from the Services that it knows by its watches, SERVFAIL for every name outside
 * (nothing is forwarded), over UDP and TCP. Ready only once it listens and has seen the API; one that started while the API
 * was down answers SERVFAIL until then. Goes on answering for `lameduck` after SIGTERM.
 */
export function coredns(connect: () => View): ContainerProgram {
  return async (ctx) => {
    const view = connect();
    try {
      return await serve(ctx, view);
    } finally {
      view.close();
    }
  };
}

async function serve(ctx: ContainerContext, view: View): Promise<number> {
  let config: Config;
  try {
    config = new Config(ctx);
  } catch (error) {
    ctx.print(messageOf(error));
    return 1;
  }
  const {port, readyPort, healthPort, zone} = config.current;
  const respond = (packet: Buffer) => answer(view, config.look(), packet, ctx);
  const open: Closable[] = [
    await serveUdp(ctx, port, respond),
    await serveTcp(ctx, port, (socket) => serveStream(socket, respond)),
  ];
  const isReady = () => zone === undefined || view.synced;
  for (const [where, isWell] of [
    [readyPort, isReady],
    [healthPort, () => true],
  ] as const) {
    if (where === undefined) continue;
    const page = await serveHttp(ctx, where, (_request, response) => {
      response.writeHead(isWell() ? 200 : 503).end(isWell() ? 'OK' : 'kubernetes');
    });
    open.push(page);
  }
  ctx.print(`.:${port}`);
  ctx.print('CoreDNS-kubedrill-practice');
  await aborted(ctx.signal);
  if (config.current.healthPort !== undefined && config.current.lameduck > 0) {
    ctx.print(`[INFO] plugin/health: Going into lameduck mode for ${config.current.lameduck / 1000}s`);
    await ctx.clock.sleep(config.current.lameduck, ctx.killed).catch(() => {});
  }
  await Promise.all(open.map((each) => each.close()));
  return 0;
}

/** The Corefile, and its changes where `reload` is on: a broken one is reported and the old one stays. */
class Config {
  current: Corefile;
  readonly #ctx: ContainerContext;
  #text: string;
  #nextLook: number;

  /** Throws a CorefileError. */
  constructor(ctx: ContainerContext) {
    this.#ctx = ctx;
    this.#text = ctx.files(configPath) ?? '.:53 {\n  whoami\n}\n';
    this.current = parseCorefile(this.#text);
    this.#nextLook = ctx.clock.mono() + reloadEvery;
  }

  /** The configuration to answer by; looks for a new file now and then. */
  look(): Corefile {
    const now = this.#ctx.clock.mono();
    if (!this.current.reload || now < this.#nextLook) return this.current;
    this.#nextLook = now + reloadEvery;
    const text = this.#ctx.files(configPath) ?? this.#text;
    if (text === this.#text) return this.current;
    this.#text = text;
    try {
      this.current = parseCorefile(text);
      this.#ctx.print('[INFO] Reloading complete');
    } catch (error) {
      this.#ctx.print(`[ERROR] Restart failed: ${messageOf(error)}`);
    }
    return this.current;
  }
}

function answer(view: View, {zone, log}: Corefile, packet: Buffer, ctx: ContainerContext): Buffer | undefined {
  let query: Packet;
  try {
    query = dnsPacket.decode(packet);
  } catch {
    // No DNS: CoreDNS is silent too.
    return undefined;
  }
  const [question] = query.questions ?? [];
  if (query.type === 'response' || !question) return undefined;
  const reply = replyTo(view, zone, question);
  if (log) ctx.print(`[INFO] "${question.type} IN ${question.name}." rcode ${reply.rcode}`);
  const extended = query.additionals?.some((each) => each.type === 'OPT');
  return dnsPacket.encode({
    type: 'response',
    id: query.id ?? 0,
    flags: ((query.flags ?? 0) & dnsPacket.RECURSION_DESIRED) | reply.flags | reply.rcode,
    questions: [question],
    answers: reply.answers,
    authorities: reply.authorities,
    ...(extended
      ? {additionals: [{type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: []} as never]}
      : {}),
  });
}

interface Reply {
  rcode: number;
  flags: number;
  answers: Answer[];
  authorities: Answer[];
}

function replyTo(view: View, zone: string | undefined, question: Question): Reply {
  const name = question.name.toLowerCase().replace(/\.$/, '');
  const inside =
    zone !== undefined && (name === zone || name.endsWith(`.${zone}`) || name.endsWith('.96.10.in-addr.arpa'));
  if (!inside || !view.synced)
    return {rcode: servfail, flags: dnsPacket.RECURSION_AVAILABLE, answers: [], authorities: []};
  const answers = lookUp(view, zone, question);
  const flags = dnsPacket.AUTHORITATIVE_ANSWER;
  if (answers && answers.length > 0) return {rcode: 0, flags, answers, authorities: []};
  return {rcode: answers ? 0 : nxdomain, flags, answers: [], authorities: [authority(zone)]};
}

function authority(zone: string): Answer {
  const times = {serial: 1, refresh: 7200, retry: 1800, expire: 86_400, minimum: 30};
  return {type: 'SOA', name: zone, ttl: 30, data: {mname: `ns.dns.${zone}`, rname: `hostmaster.${zone}`, ...times}};
}

/** DNS over TCP: each message has its length in front. */
function serveStream(socket: Socket, respond: (packet: Buffer) => Buffer | undefined): void {
  let buffered = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('data', (chunk) => {
    buffered = Buffer.concat([buffered, chunk]);
    while (buffered.length >= 2 && buffered.length >= 2 + buffered.readUInt16BE(0)) {
      const end = 2 + buffered.readUInt16BE(0);
      const reply = respond(buffered.subarray(2, end));
      buffered = buffered.subarray(end);
      if (!reply) continue;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
}
