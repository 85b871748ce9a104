import {kubectl, shellWord} from '../../cluster/names.ts';
import {isJsonObject, type Json, type JsonObject, setMember} from '../../io/json.ts';
import type {Target} from '../../io/target.ts';
import type {Listed, Path} from './path.ts';
import type {TouchedField} from './touched.ts';

/**
 * The command by which a person gives fields their original values: a merge patch, and where items of lists have changed
 * a JSON patch. It tests first that its items stand where the change has put them.
 */
export function putBackByHand(target: Target, fields: readonly TouchedField[], subresource?: string): string {
  const listed = fields.filter(({path}) => path.some((one) => typeof one === 'object'));
  const others = fields.filter((field) => !listed.includes(field));
  const sub = subresource === undefined ? '' : ` --subresource=${subresource}`;
  const patch = (type: string, content: Json) =>
    kubectl('patch', target, `--type=${type}${sub} -p ${shellWord(JSON.stringify(content))}`);
  return [
    ...(others.length > 0 ? [patch('merge', overlay(others))] : []),
    ...(listed.length > 0 ? [patch('json', listed.toSorted(inTurn).flatMap(operations))] : []),
  ].join(' && ');
}

function overlay(fields: readonly TouchedField[]): JsonObject {
  const patch: JsonObject = {};
  for (const {path, before} of fields) {
    const [last = '', ...parents] = (path as string[]).toReversed();
    const at = parents.toReversed().reduce<JsonObject>((map, member) => {
      const below = Object.hasOwn(map, member) ? map[member] : undefined;
      const inner = isJsonObject(below) ? below : {};
      setMember(map, member, inner);
      return inner;
    }, patch);
    setMember(at, last, before ?? null);
  }
  return patch;
}

/** What lies deepest first; in a list what changes, then what goes, from its end, then what comes back, from its start. */
function inTurn(one: TouchedField, other: TouchedField): number {
  return other.path.length - one.path.length || turnOf(one) - turnOf(other);
}

function turnOf({path, before}: TouchedField): number {
  const last = path.at(-1);
  if (typeof last !== 'object') return -Number.MAX_SAFE_INTEGER;
  return before === undefined ? -(last.now ?? 0) - 1 : (last.at ?? 0);
}

function operations({path, before, after}: TouchedField): Json[] {
  const tests = path.flatMap((one, index) =>
    typeof one === 'object' && one.now !== undefined ? testsOf(one, pointer(path.slice(0, index + 1))) : [],
  );
  const at = pointer(path);
  if (before === undefined) return [...tests, {op: 'remove', path: at}];
  return [...tests, {op: after === undefined ? 'add' : 'replace', path: at, value: before}];
}

function testsOf(one: Listed, at: string): Json[] {
  if ('value' in one) return [{op: 'test', path: at, value: one.value}];
  return Object.entries(one.item).map(([member, value]) => ({
    op: 'test',
    path: `${at}/${escaped(member)}`,
    value: value ?? null,
  }));
}

const pointer = (path: Path): string =>
  path.map((one) => `/${typeof one === 'string' ? escaped(one) : (one.now ?? one.at ?? '-')}`).join('');

const escaped = (member: string): string => member.replaceAll('~', '~0').replaceAll('/', '~1');
