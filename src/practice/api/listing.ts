import {randomUUID} from 'node:crypto';
import type {Clock} from '../../io/clock.ts';
import type {Resource} from '../kinds.ts';
import {type KubeObject, keyOf} from '../objects.ts';
import {parseLabelSelector} from '../selectors.ts';
import {badRequest, expired, StatusError} from '../status.ts';
import type {Store} from '../store.ts';
import {fieldMatcher} from './fields.ts';
import {numberParam, type Target} from './request.ts';

export interface Page {
  items: readonly KubeObject[];
  revision: number;
  continueToken?: string;
  remaining?: number;
}

/** What a request's selectors, namespace and name let through. Throws a 400 for a selector that cannot be read. */
export function matcherOf(
  {resource, namespace, name}: Target,
  query: URLSearchParams,
): (object: KubeObject) => boolean {
  const byLabel = parseLabelSelector(query.get('labelSelector') ?? undefined);
  const byField = fieldMatcher(resource, query.get('fieldSelector') ?? undefined);
  return (object) =>
    (!namespace || object.metadata.namespace === namespace) &&
    (!name || object.metadata.name === name) &&
    byLabel(object.metadata.labels) &&
    byField(object);
}

/** Throws a 504 for a revision that is yet to come, a 400 for one that is none. */
export function requireReached({store}: {store: Store}, query: URLSearchParams): void {
  const asked = revisionParam(query) ?? 0;
  if (asked <= store.revision) return;
  const message = 'Too large resource version';
  throw new StatusError(504, 'Timeout', `Timeout: ${message}: ${asked}, current: ${store.revision}`, {
    causes: [{reason: 'ResourceVersionTooLarge', message}],
    retryAfterSeconds: 1,
  });
}

/** The revision that is asked for. Throws a 400 for one that is none. */
function revisionParam(query: URLSearchParams): number | undefined {
  const text = query.get('resourceVersion');
  if (text === null || text === '') return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const why = `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`;
  throw badRequest(`invalid resource version: ${why}`);
}

const isToken = (token: string) => /^[0-9a-f-]{36}$/.test(Buffer.from(token, 'base64url').toString());

interface Snapshot {
  resource: Resource;
  /** The last object before these. */
  after: string;
  items: readonly KubeObject[];
  revision: number;
  expires: number;
}

/** Milliseconds that a `continue` token is good for, as etcd's compaction interval. */
const tokenLife = 300_000;
const maxSnapshots = 64;

/** Lists, in pages when a limit is given: all pages of a list show the revision of the first. */
export class Lister {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** One page. Throws a 410 for an expired token, a 504 for a revision that is yet to come. */
  list(target: Target, query: URLSearchParams): Page {
    const limit = numberParam(query, 'limit') ?? 0;
    const token = query.get('continue');
    const given = query.get('resourceVersion');
    if (token && given && given !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const {items, revision} = token ? this.#goOn(token, target, query) : this.#fresh(target.resource, target, query);
    if (limit <= 0 || items.length <= limit) return {items, revision};
    const rest = items.slice(limit);
    const after = keyOf(items[limit - 1] as KubeObject);
    const continueToken = this.#keep({resource: target.resource, after, items: rest, revision});
    const page = {items: items.slice(0, limit), revision, continueToken};
    // How many are left is not known where the server would have to look through them.
    return query.get('labelSelector') || query.get('fieldSelector') ? page : {...page, remaining: rest.length};
  }

  /** The store was restored: what is left of the lists of before is of another past. */
  forget(): void {
    this.#snapshots.clear();
  }

  #fresh(resource: Resource, target: Target, query: URLSearchParams): {items: KubeObject[]; revision: number} {
    const {revision} = this.#store;
    requireReached({store: this.#store}, query);
    const asked = revisionParam(query) ?? 0;
    // Old states are not kept; only the newest can be asked for exactly.
    if (query.get('resourceVersionMatch') === 'Exact' && asked !== revision) {
      throw expired(`The resourceVersion for the provided list is too old: ${asked}, only ${revision} is kept.`);
    }
    return {items: this.#store.list(resource, target.namespace).filter(matcherOf(target, query)), revision};
  }

  #goOn(token: string, target: Target, query: URLSearchParams): {items: readonly KubeObject[]; revision: number} {
    const snapshot = this.#redeem(token);
    if (snapshot.resource === target.resource) return snapshot;
    // The token of a list of another kind says where to go on, and nothing else.
    const {items, revision} = this.#fresh(target.resource, target, query);
    return {items: items.filter((item) => keyOf(item) > snapshot.after), revision};
  }

  #redeem(token: string): Snapshot {
    if (!isToken(token))
      throw badRequest('invalid continue token: continue key is not valid: it is none of this server');
    const snapshot = this.#snapshots.get(token);
    if (!snapshot || snapshot.expires < this.#clock.mono()) {
      throw expired(
        'The provided continue parameter is too old to display a consistent list result. Start a new list without the continue parameter.',
      );
    }
    return snapshot;
  }

  #keep(snapshot: Omit<Snapshot, 'expires'>): string {
    const token = Buffer.from(randomUUID()).toString('base64url');
    this.#snapshots.set(token, {...snapshot, expires: this.#clock.mono() + tokenLife});
    for (const oldest of [...this.#snapshots.keys()].slice(0, -maxSnapshots)) this.#snapshots.delete(oldest);
    return token;
  }
}
