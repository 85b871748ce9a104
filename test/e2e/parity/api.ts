import {createInterface} from 'node:readline';
import {parse} from 'yaml';
import type {Loose} from '../../support/practice.ts';
import type {Endpoint} from './endpoint.ts';
import {normaliser} from './normalise.ts';

/** One answer, without what differs between any two clusters. */
export type Seen = Loose;

interface Options {
  headers?: Record<string, string>;
  /** What of the body is compared; all of it when absent. */
  see?: (body: Loose) => unknown;
}

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

/** Where the kinds are that a path may begin with; all others are in the core group. */
const groups: Readonly<Record<string, string>> = {
  deployments: 'apis/apps/v1',
  replicasets: 'apis/apps/v1',
  daemonsets: 'apis/apps/v1',
  leases: 'apis/coordination.k8s.io/v1',
  poddisruptionbudgets: 'apis/policy/v1',
  networkpolicies: 'apis/networking.k8s.io/v1',
  endpointslices: 'apis/discovery.k8s.io/v1',
  roles: 'apis/rbac.authorization.k8s.io/v1',
  rolebindings: 'apis/rbac.authorization.k8s.io/v1',
};

/** How long something may take to come about, in milliseconds. */
const patience = 60_000;

/**
 * One cluster, as a case asks it. A path without a leading slash is one of the case's namespace: `pods/a/log?tailLines=1`.
 * What is asked by the plain verbs is compared; what `does` and `until` ask is only how one gets there.
 */
export class Api {
  readonly seen: Seen[] = [];
  readonly namespace: string;
  /** A name that no other case of the namespace uses. */
  readonly name: string;
  readonly #endpoint: Endpoint;
  readonly #plain: (value: Loose) => Loose;

  constructor(endpoint: Endpoint, namespace: string, name: string) {
    this.#endpoint = endpoint;
    this.namespace = namespace;
    this.name = name;
    this.#plain = normaliser(endpoint.nodes);
  }

  get = (path: string, options?: Options) => this.call('GET', path, undefined, options);
  post = (path: string, body?: unknown, options?: Options) => this.call('POST', path, body, options);
  put = (path: string, body?: unknown, options?: Options) => this.call('PUT', path, body, options);
  delete = (path: string, body?: unknown, options?: Options) => this.call('DELETE', path, body, options);

  async patch(type: keyof typeof patchTypes, path: string, body: unknown, options: Options = {}): Promise<Loose> {
    const headers = {'content-type': patchTypes[type], ...options.headers};
    return await this.call('PATCH', path, body, {...options, headers});
  }

  /** Any call; its answer is compared. Returns the body as it came. */
  async call(method: string, path: string, body?: unknown, {headers, see}: Options = {}): Promise<Loose> {
    const answer = await this.#ask(method, path, body, headers);
    const {status, body: came} = answer;
    const part = see && status < 300 ? see(came) : came;
    this.seen.push(this.#plain({...answer, body: part}));
    return came;
  }

  /** A call that must succeed and is not compared. */
  async does(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Loose> {
    const answer = await this.#ask(method, path, body, headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Asks again until the answer satisfies; the answer is not compared. */
  async until(path: string, satisfied: (body: Loose, status: number) => boolean): Promise<Loose> {
    for (const end = performance.now() + patience; ; ) {
      const {status, body} = await this.#ask('GET', path);
      if (satisfied(body, status)) return body;
      if (performance.now() > end) throw new Error(`${path} did not come about: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /**
   * Follows a watch or a log, acts once it is open, and compares its lines: until there are `lines`, or until the server
   * ends it when that is not given.
   */
  async follow(
    path: string,
    {lines, act, see = (line) => line}: {lines?: number; act?: () => Promise<unknown>; see?: (line: Loose) => unknown},
  ): Promise<void> {
    const message = await this.#endpoint.open({method: 'GET', path: this.#path(path)});
    try {
      const came: unknown[] = [];
      await act?.();
      if (lines !== 0) {
        for await (const line of createInterface({input: message})) {
          came.push(see(line.startsWith('{') ? JSON.parse(line) : line));
          if (came.length === lines) break;
        }
      }
      this.seen.push(this.#plain({status: message.statusCode, lines: came}));
    } finally {
      message.destroy();
    }
  }

  /** Compares something that was made of answers. */
  notes(what: unknown): void {
    this.seen.push(this.#plain(what));
  }

  async #ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Loose> {
    const {message, text} = await this.#endpoint.call({method, path: this.#path(path), body, headers: headers ?? {}});
    const type = message.headers['content-type']?.replace(/;\s*charset=utf-8$/, '');
    const {warning, 'retry-after': retryAfter, allow} = message.headers;
    return {
      status: message.statusCode,
      ...(type && {type}),
      ...(warning && {warning}),
      ...(retryAfter && {retryAfter}),
      ...(allow && {allow}),
      body:
        method === 'HEAD'
          ? text
          : /json/.test(type ?? '')
            ? JSON.parse(text)
            : /yaml/.test(type ?? '')
              ? parse(text)
              : text,
    };
  }

  #path(path: string): string {
    if (path.startsWith('/')) return path;
    const [plural = ''] = path.split(/[/?]/);
    return `/${groups[plural] ?? 'api/v1'}/namespaces/${this.namespace}/${path}`;
  }
}
