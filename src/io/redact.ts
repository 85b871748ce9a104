/** What stands in the place of a secret. */
const redacted = '[redacted]';

/**
 * Takes secrets out of everything that leaves the program, by their values: wherever a value turns up, under whatever
 * key, it is gone. Values are learned as they are read; nothing that was written before is changed.
 */
export interface Redactor {
  /** Learns a value, with the forms in which it may turn up. Too short or too common a value is left out. */
  add(value: string): void;
  text(text: string): string;
  /** The same for every text in a value; keys, numbers and what is no plain data stay. */
  value<T>(value: T): T;
  /** Whether any text in a value would be changed. */
  finds(value: unknown): boolean;
}

/** Shorter values stand in everything; they cannot be kept secret by hiding them. */
const shortest = 4;

/** Words and small numbers that reports are made of. */
const common = /^(true|false|null|none|default|\d{1,5})$/i;

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const known = new Set<string>();
  /** Longest first, so that no part of a longer one stays. */
  let ordered: string[] = [];

  const text = (given: string): string => {
    let clean = given;
    for (const form of ordered) if (clean.includes(form)) clean = clean.replaceAll(form, redacted);
    return clean;
  };
  const value = (given: unknown): unknown => {
    if (typeof given === 'string') return text(given);
    if (given instanceof Error) return value({name: given.name, message: given.message, stack: given.stack});
    if (Array.isArray(given)) return given.map(value);
    if (typeof given !== 'object' || given === null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, member]) => [text(key), value(member)]));
  };
  return {
    add: (secret) => {
      const before = known.size;
      for (const form of formsOf(secret)) known.add(form);
      if (known.size > before) ordered = [...known].sort((a, b) => b.length - a.length);
    },
    text,
    // The shape stays; only texts change.
    value: <T>(given: T) => (known.size === 0 ? given : (value(given) as T)),
    finds: (given) => known.size > 0 && JSON.stringify(given) !== JSON.stringify(value(given)),
  };
}

/** A secret as it is, line by line, and as JSON, base64 and URLs write it. */
function formsOf(secret: string): string[] {
  const whole = secret.trim();
  const lines = whole.includes('\n') ? whole.split('\n').map((line) => line.trim()) : [];
  return [whole, ...lines].filter((part) => part.length >= shortest && !common.test(part)).flatMap(encoded);
}

function encoded(part: string): string[] {
  const bytes = Buffer.from(part);
  const inJson = JSON.stringify(part).slice(1, -1);
  const base64 = [bytes, Buffer.from(`${part}\n`)].flatMap((content) => [
    content.toString('base64'),
    content.toString('base64').replace(/=+$/, ''),
    content.toString('base64url'),
  ]);
  return [...new Set([part, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(part), ...base64])];
}
