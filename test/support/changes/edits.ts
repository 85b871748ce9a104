import {isJsonObject, type Json, type JsonObject} from '../../../src/io/json.ts';

/** A member by its name, or an item of a list by what tells it from the others. */
export type Step = string | Readonly<Record<string, string | number>>;

/** One field with the value that it is to have; without one it is taken away. */
export interface Edit {
  path: readonly Step[];
  value?: Json;
}

/** A body that makes the edits, as the API server takes it. */
export type How = 'json' | 'merge' | 'strategic' | 'apply';

/** The object as the edits leave it. */
export function edited(object: JsonObject, edits: readonly Edit[]): JsonObject {
  const copy = structuredClone(object);
  for (const edit of edits) write(copy, edit.path, edit.value);
  return copy;
}

function write(at: Json, [step, ...rest]: readonly Step[], value: Json | undefined): void {
  if (step === undefined) return;
  if (typeof step !== 'string') {
    if (!Array.isArray(at)) throw new Error(`there is no list for ${JSON.stringify(step)}`);
    const index = at.findIndex((item) => isItem(item, step));
    if (rest.length === 0 && value === undefined) at.splice(index, index === -1 ? 0 : 1);
    else if (rest.length === 0) at.splice(index === -1 ? at.length : index, index === -1 ? 0 : 1, value as Json);
    else write(at[index] ?? {}, rest, value);
    return;
  }
  if (!isJsonObject(at)) throw new Error(`there is no object for ${step}`);
  if (rest.length === 0) {
    if (value === undefined) delete at[step];
    else at[step] = structuredClone(value);
    return;
  }
  at[step] ??= typeof rest[0] === 'string' ? {} : [];
  write(at[step], rest, value);
}

const isItem = (item: Json, keys: Exclude<Step, string>): boolean =>
  isJsonObject(item) && Object.entries(keys).every(([name, value]) => item[name] === value);

/** Whether one of the two lies within the other. */
export const meets = (one: Edit, other: Edit): boolean =>
  one.path.every((step, index) => {
    const theirs = other.path[index];
    return theirs === undefined || JSON.stringify(theirs) === JSON.stringify(step);
  });

/** Whether a way to write can say all of them: an apply and the items of a list have no word for "away". */
export const canSay = (how: How, edits: readonly Edit[]): boolean =>
  how === 'json' ||
  how === 'merge' ||
  edits.every(({path, value}) => value !== undefined || (how === 'strategic' && typeof path.at(-1) === 'string'));

/** The body of a patch or apply that makes the edits in an object that is there. */
export function bodyOf(how: How, live: JsonObject, edits: readonly Edit[]): Json {
  if (how === 'json') return operations(live, edits);
  const body: JsonObject = {};
  const after = edited(live, edits);
  for (const {path, value} of edits) nest({body, how, after}, path, value);
  return body;
}

interface Nesting {
  body: JsonObject;
  how: How;
  /** The object as it is to be: a merge patch has whole lists. */
  after: JsonObject;
}

function nest({body, how, after}: Nesting, path: readonly Step[], value: Json | undefined): void {
  const [step = '', next, ...rest] = path;
  const name = step as string;
  if (next === undefined) body[name] = value ?? null;
  else if (typeof next === 'string') {
    body[name] ??= {};
    nest({body: body[name] as JsonObject, how, after: (after[name] ?? {}) as JsonObject}, [next, ...rest], value);
  } else if (how === 'merge') body[name] = structuredClone(after[name] ?? null);
  else {
    body[name] ??= [];
    const list = body[name] as Json[];
    let item = list.find((one) => isItem(one, next)) as JsonObject | undefined;
    if (item === undefined) {
      item = {...next};
      list.push(item);
    }
    const whole = (after[name] as Json[]).find((one) => isItem(one, next)) as JsonObject;
    if (rest.length === 0) Object.assign(item, value);
    else nest({body: item, how, after: whole}, rest, value);
  }
}

/** Operations of a JSON patch, each on what the ones before have left. */
function operations(live: JsonObject, edits: readonly Edit[]): Json[] {
  let at = live;
  return edits.map((edit) => {
    const operation = operationOf(at, edit);
    at = edited(at, [edit]);
    return operation;
  });
}

function operationOf(object: JsonObject, {path, value}: Edit): JsonObject {
  let at: Json | undefined = object;
  let pointer = '';
  for (const [index, step] of path.entries()) {
    const isLast = index === path.length - 1;
    const list: Json[] = Array.isArray(at) ? at : [];
    const place = typeof step === 'string' ? step : list.findIndex((item) => isItem(item, step));
    const next: Json | undefined = typeof place === 'number' ? list[place] : (at as JsonObject)[place];
    pointer += `/${place === -1 ? '-' : String(place).replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (isLast && value === undefined) return {op: 'remove', path: pointer};
    if (isLast || next === undefined) {
      const whole: JsonObject = {};
      write(whole, ['it', ...path.slice(index + 1)], value);
      return {
        op: next === undefined || typeof place === 'string' ? 'add' : 'replace',
        path: pointer,
        value: whole.it as Json,
      };
    }
    at = next;
  }
  throw new Error('an edit without a path');
}
