import {isDeepStrictEqual} from 'node:util';
import {isJsonObject, isSameNumber, type Json} from '../../io/json.ts';
import {childOf, type Path, type Step} from './path.ts';

/**
 * Whether `live` holds what was written: every member of an object, every item of a list, equal scalars. What the API
 * server adds (defaults) does not matter; where `path` or the members below it are such a place, quantities count by
 * their value (`0.5` is `500m`): the API server writes them in its own way.
 * Items of lists of objects are found by the member that Kubernetes merges them by; other lists must be equal in
 * length and order.
 */
export function holds(live: Json | undefined, written: Json | undefined, path: Path = []): boolean {
  return holdsAt(live, written, path.reduce(below, 'plain'));
}

function holdsAt(live: Json | undefined, written: Json | undefined, place: Place): boolean {
  if (written === undefined || written === null) return live === undefined || live === null;
  if (isJsonObject(written)) {
    // Kubernetes leaves empty objects and lists out.
    if (Object.keys(written).length === 0) return live === undefined || isJsonObject(live);
    const entries = Object.entries(written);
    return isJsonObject(live) && entries.every(([key, value]) => holdsAt(live[key], value, below(place, key)));
  }
  if (Array.isArray(written))
    return Array.isArray(live) ? holdsItems(live, written, place) : written.length === 0 && live === undefined;
  return live === written || isSameNumber(live, written) || (place === 'quantity' && isSameQuantity(live, written));
}

function holdsItems(live: readonly Json[], written: readonly Json[], place: Place): boolean {
  const key = mergeKey([live, written]);
  if (key === undefined)
    return live.length === written.length && written.every((item, index) => holdsAt(live[index], item, place));
  return written.every((item) => {
    const name = isJsonObject(item) ? item[key] : undefined;
    return live.some(
      (other) => isJsonObject(other) && isDeepStrictEqual(other[key], name) && holdsAt(other, item, place),
    );
  });
}

/** What scalars in a place of an object are: quantities, texts of the user's own, or anything else. */
type Place = 'quantity' | 'own' | 'plain';

/** Members with quantities in or below them, in the kinds that Kubernetes itself has. */
const quantities = new Set([
  ...['requests', 'limits', 'capacity', 'hard', 'overhead', 'podFixed', 'storage', 'sizeLimit', 'divisor'],
  ...['min', 'max', 'default', 'defaultRequest', 'maxLimitRequestRatio', 'averageValue', 'targetAverageValue'],
]);

/** Members whose content is the user's own, whatever its names are: `1.10` is not `1.1` there. */
const own = new Set(['data', 'stringData', 'binaryData', 'labels', 'annotations', 'matchLabels', 'nodeSelector']);

function below(place: Place, member: Step): Place {
  if (typeof member !== 'string') return place;
  if (place === 'own' || own.has(member)) return 'own';
  return quantities.has(member) ? 'quantity' : place;
}

/** What is known of a field: its place, what was there, what was written. */
interface Written {
  path: Path;
  before?: Json | undefined;
  after?: Json | undefined;
  loose?: true | undefined;
  chosen?: true | undefined;
}

/**
 * Whether the live value of a field is what we made of `before` by writing `after`. As {@link holds}, but nothing may be
 * in a list besides ours and what was there before, nor in an item of a list that was added: that is somebody else's, and
 * would be lost.
 */
export function isOurs(live: Json | undefined, {path, before, after: written, loose, chosen}: Written): boolean {
  if (chosen) return live !== undefined;
  if (!holds(live, written, path)) return false;
  if (typeof path.at(-1) === 'object') return loose === true || isSame(live, written, path);
  if (!Array.isArray(live) || !Array.isArray(written)) return true;
  const earlier = Array.isArray(before) ? before : [];
  return live.every(
    (item) => written.some((ours) => holds(item, ours, path)) || earlier.some((old) => isDeepStrictEqual(old, item)),
  );
}

/** Whether two values at a path are the same to the API server. */
export function isSame(one: Json | undefined, other: Json | undefined, path: Path = []): boolean {
  if (isDeepStrictEqual(one, other)) return true;
  return holds(one, other, path) && holds(other, one, path) && isInOrder(one, other);
}

/** Whether lists have their items in the same order: of some, as of the containers that run first, it is the content. */
function isInOrder(one: Json | undefined, other: Json | undefined): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    const key = mergeKey([one, other]);
    const name = (item: Json | undefined) => (isJsonObject(item) && key !== undefined ? item[key] : undefined);
    return one.every(
      (item, index) => isDeepStrictEqual(name(item), name(other[index])) && isInOrder(item, other[index]),
    );
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return true;
  return Object.keys(one).every((member) => isInOrder(one[member], other[member]));
}

/** Members by which Kubernetes merges lists, in the order in which they are tried. */
const mergeKeys = ['name', 'containerPort', 'port', 'mountPath', 'topologyKey', 'type', 'ip', 'uid'];

/** The member that tells the items of lists of objects apart; undefined when none does. */
function mergeKey(lists: readonly (readonly Json[])[]): string | undefined {
  return mergeKeys.find((key) =>
    lists.every((list) => {
      const values = list.map((item) => (isJsonObject(item) ? item[key] : undefined));
      return values.every((value) => value !== undefined) && new Set(values).size === values.length;
    }),
  );
}

function isSameQuantity(live: Json | undefined, written: Json): boolean {
  if (live === undefined || live === null || typeof live === 'object' || typeof written === 'object') return false;
  const [left, right] = [quantity(String(live)), quantity(String(written))];
  return left !== undefined && left === right;
}

/** Powers of ten of the decimal suffixes; `Ki` and its like are powers of 1024. */
const decimal: Readonly<Record<string, number>> = {n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18};
const binary = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** Decimal places that are kept: those of an `n` of 30 places. Nothing that Kubernetes takes has more. */
const places = 39;

/** The value of a Kubernetes quantity, or undefined when the text is none. */
function quantity(text: string): bigint | undefined {
  const match = /^([+-]?)(?=\.?\d)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?([numkMGTPE]|[KMGTPE]i)?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0', suffix = ''] = match;
  const shift = places - fraction.length + Number(exponent) + (decimal[suffix] ?? 0);
  if (shift < 0 || shift > 100) return undefined;
  const value = BigInt(whole + fraction) * 10n ** BigInt(shift) * 1024n ** BigInt(binary.indexOf(suffix) + 1);
  return sign === '-' ? -value : value;
}

/** The value at a path; undefined when it or anything on the way is missing. */
export function valueAt(object: Json | undefined, path: Path): Json | undefined {
  return path.reduce(childOf, object);
}
