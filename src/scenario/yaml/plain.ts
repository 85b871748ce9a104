import {
  CORE_SCHEMA,
  constructFromEvents,
  defineMappingTag,
  defineScalarTag,
  EVENT_ID,
  type Event,
  floatCoreTag,
  intCoreTag,
  parseEvents,
  SCALAR_STYLE,
} from 'js-yaml';
import type {Json, JsonObject} from '../../io/json.ts';

/**
 * The value of a text that holds one plain YAML document: no tags, anchors, aliases or escaped line breaks, every key
 * text that stands once in its place, every number one that JSON has, at most `maxDepth` collections inside each other.
 * Undefined for any other text, right or wrong: the reader that knows places and says what is wrong must have it.
 *
 * Nearly all scenarios are plain, and this way to read them takes a seventh of the time.
 */
export function readPlain(text: string, maxDepth: number): Json | undefined {
  try {
    const events = parseEvents(text, {maxDepth});
    if (!events.every((event) => isPlain(event, text))) return undefined;
    const documents = constructFromEvents(events, {source: text, schema: plainSchema});
    return documents.length === 1 ? (documents[0] as Json) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(event: Event, text: string): boolean {
  if (event.type === EVENT_ID.POP) return true;
  if (event.type === EVENT_ID.DOCUMENT) return event.directives.length === 0;
  if (event.type === EVENT_ID.ALIAS || event.tagStart >= 0 || event.anchorStart >= 0) return false;
  if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.DOUBLE_QUOTED) return true;
  return !escapedBreak.test(text.slice(event.valueStart, event.valueEnd));
}

/** A backslash at the end of a line: parsers differ in what empty lines after it stand for. */
const escapedBreak = /\\[\r\n]/;

const plainMap = defineMappingTag<JsonObject>('tag:yaml.org,2002:map', {
  create: () => ({}),
  addPair: (map, key, value) => {
    if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(map, key)) return 'not plain';
    map[key] = value as Json;
    return '';
  },
  has: (map, key) => Object.hasOwn(map, String(key)),
  keys: Object.keys,
  get: (map, key) => map[String(key)],
  identify: () => false,
});

const plainFloat = defineScalarTag<number>(floatCoreTag.tagName, {
  ...floatCoreTag,
  resolve: (source, isExplicit, tagName) => {
    const value = floatCoreTag.resolve(source, isExplicit, tagName);
    if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('not plain');
    return value;
  },
});

/** Integers that a number cannot hold exactly are left to the other reader. */
const plainInt = defineScalarTag<number>(intCoreTag.tagName, {
  ...intCoreTag,
  resolve: (source, isExplicit, tagName) => {
    const value = intCoreTag.resolve(source, isExplicit, tagName);
    if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('not plain');
    return value;
  },
});

const plainSchema = CORE_SCHEMA.withTags(plainMap, plainFloat, plainInt);
