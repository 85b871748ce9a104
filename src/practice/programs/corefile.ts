/** What a Corefile says, as far as the practice CoreDNS acts on it. */
export interface Corefile {
  /** The port that names are served on. */
  port: number;
  /** The zone of the `kubernetes` plugin, without a trailing dot; absent without the plugin. */
  zone?: string;
  /** Ports of the `health` and `ready` plugins; absent when they are off. */
  healthPort?: number;
  readyPort?: number;
  /** Milliseconds that it goes on answering after SIGTERM (`lameduck`). */
  lameduck: number;
  /** Whether a changed file is taken up without a restart. */
  reload: boolean;
  /** Whether queries are logged. */
  log: boolean;
}

/** The file is not one that CoreDNS would start with; the message is in CoreDNS's form. */
class CorefileError extends Error {
  constructor(line: number, why: string) {
    super(`/etc/coredns/Corefile:${line} - Error during parsing: ${why}`);
    this.name = 'CorefileError';
  }
}

/** Plugins of the stock build that are accepted; those without effect here are ignored. */
const plugins = new Set(
  'any autopath bind bufsize cache cancel chaos debug dns64 dnstap erratic errors file forward grpc header health hosts import kubernetes loadbalance local log loop metadata minimal nsid pprof prometheus ready reload rewrite root secondary template tls trace whoami'.split(
    ' ',
  ),
);

interface Line {
  number: number;
  words: string[];
  depth: number;
}

/** Reads a Corefile with one server block. Throws a {@link CorefileError}. */
export function parseCorefile(text: string): Corefile {
  const lines = linesOf(text);
  const [head] = lines;
  if (!head) throw new CorefileError(1, 'no server block');
  const found: Corefile = {
    port: Number(/:(\d+)$/.exec(head.words[0] ?? '')?.[1] ?? 53),
    lameduck: 0,
    reload: false,
    log: false,
  };
  let plugin = '';
  for (const {number, words, depth} of lines.slice(1)) {
    const [word = '', argument] = words;
    if (depth > 2) continue;
    if (depth === 2) {
      if (plugin === 'health' && word === 'lameduck') found.lameduck = seconds(argument, number);
      continue;
    }
    if (depth === 0) continue;
    if (!plugins.has(word)) throw new CorefileError(number, `Unknown directive '${word}'`);
    plugin = word;
    if (word === 'kubernetes') found.zone = (argument ?? 'cluster.local').replace(/\.$/, '').toLowerCase();
    if (word === 'health') found.healthPort = portOf(argument, 8080);
    if (word === 'ready') found.readyPort = portOf(argument, 8181);
    if (word === 'reload') found.reload = true;
    if (word === 'log') found.log = true;
  }
  return found;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let depth = 0;
  const raw = text.split('\n');
  raw.forEach((content, index) => {
    const words = content
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    const number = index + 1;
    if (words[0] === '}') {
      depth -= 1;
      if (depth < 0) throw new CorefileError(number, "Unexpected '}'");
      return;
    }
    const opens = words.at(-1) === '{';
    const bare = opens ? words.slice(0, -1) : words;
    if (bare.some((word) => word.includes('{') && !word.startsWith('{$')))
      throw new CorefileError(number, "Unexpected '{'");
    if (bare.length > 0) lines.push({number, words: bare, depth});
    if (opens) depth += 1;
  });
  if (depth > 0) throw new CorefileError(raw.length, 'Unexpected EOF');
  return lines;
}

function portOf(argument: string | undefined, usual: number): number {
  return Number(/:(\d+)$/.exec(argument ?? '')?.[1] ?? usual);
}

function seconds(argument: string | undefined, line: number): number {
  const parsed = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(argument ?? '');
  if (!parsed) throw new CorefileError(line, `time: invalid duration "${argument ?? ''}"`);
  return Number(parsed[1]) * (parsed[2] === 's' ? 1000 : 1);
}
