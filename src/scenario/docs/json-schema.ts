import * as z from 'zod';
import {actions} from '../../actions/index.ts';
import {canaries} from '../../canary/index.ts';
import {isJsonObject, type Json, type JsonObject} from '../../io/json.ts';
import {probes} from '../../probes/index.ts';
import {metrics} from '../schema/measuring.ts';
import {scenarioSchema} from '../schema/scenario.ts';
import {stepForms} from '../schema/steps.ts';
import {listOf, objectOf} from '../view.ts';

/**
 * JSON Schema (draft 7) of scenario files, for editors: every scalar that is no part of the structure takes a
 * `${{ }}` too, and the input of each kind of action and probe is described where it is used.
 */
export function scenarioJsonSchema(): JsonObject {
  const schema = convert(scenarioSchema);
  const spec = member(schema, 'spec');
  for (const phase of ['prepare', 'inject', 'recover']) {
    const step = itemOf(member(spec, phase));
    describeStep(step);
    describeStep(itemOf(member(step, 'parallel')), false);
  }
  describeKinds(itemOf(member(spec, 'probes')), probes, 'probeInput');
  describeKinds(itemOf(member(member(spec, 'verify'), 'checks')), probes, 'probeInput');
  describeKinds(member(member(spec, 'effect'), 'prove'), probes, 'probeInput');
  describeKinds(itemOf(member(spec, 'canaries')), canaries, 'canaryInput');
  exactlyOne(itemOf(member(spec, 'objectives')), metrics);
  // Each list of inputs stands once, and every place that uses it refers to it.
  const definitions = {
    actionInput: inputOfKinds(actions),
    probeInput: inputOfKinds(probes),
    canaryInput: inputOfKinds(canaries),
  };
  return {title: 'kubedrill scenario', ...schema, definitions};
}

function describeStep(step: JsonObject, outer = true): void {
  describeKinds(step, actions, 'actionInput');
  describeKinds(member(step, 'waitFor'), probes, 'probeInput');
  exactlyOne(step, outer ? stepForms : stepForms.filter((form) => form !== 'parallel'));
}

const exactlyOne = (schema: JsonObject, keys: readonly string[]): void => {
  schema.oneOf = keys.map((key) => ({required: [key]}));
};

type Kinds = Readonly<Record<string, {input: z.ZodType; summary: string}>>;

/** `uses` names a known kind, and `with` is what that kind takes. */
function describeKinds(
  schema: JsonObject,
  kinds: Kinds,
  definition: 'actionInput' | 'probeInput' | 'canaryInput',
): void {
  const uses = member(schema, 'uses');
  uses.enum = Object.keys(kinds);
  delete uses.minLength;
  schema.allOf = [{$ref: `#/definitions/${definition}`}];
}

const inputOfKinds = (kinds: Kinds): JsonObject => ({
  allOf: Object.entries(kinds).map(([kind, {input, summary}]) => {
    const {$schema: _version, ...converted} = convert(input);
    const needed = listOf(converted.required).length > 0;
    return {
      if: {properties: {uses: {const: kind}}, required: ['uses']},
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {properties: {with: {description: summary, ...converted}}, ...(needed ? {required: ['with']} : {})},
    };
  }),
});

const convert = (schema: z.ZodType): JsonObject => {
  const converted = z.toJSONSchema(schema, {io: 'input', target: 'draft-7', unrepresentable: 'any'});
  // Through JSON, which drops what zod attaches beside it.
  const plain = JSON.parse(JSON.stringify(converted)) as JsonObject;
  return withExpressions(plain, false);
};

const member = (schema: JsonObject, key: string): JsonObject => objectOf(objectOf(schema.properties)[key]);
const itemOf = (schema: JsonObject): JsonObject => objectOf(schema.items);

const expression: JsonObject = {type: 'string', pattern: String.raw`\$\{\{`};

/** Lets every scalar outside the structure be a `${{ }}`, and takes our own marks out. */
function withExpressions(schema: JsonObject, structural: boolean): JsonObject {
  // A reference is free JSON (a manifest): zod describes it by a recursion of its own, which says no more than "anything".
  if (schema.$ref !== undefined) return {};
  const {structural: own, cel: _cel, definitions: _definitions, ...rest} = schema;
  const fixed = structural || own === true;
  const copy: JsonObject = {...rest};
  if (isJsonObject(copy.properties)) copy.properties = mapValues(copy.properties, fixed);
  if (isJsonObject(copy.additionalProperties))
    copy.additionalProperties = withExpressions(copy.additionalProperties, fixed);
  if (isJsonObject(copy.propertyNames)) copy.propertyNames = withExpressions(copy.propertyNames, true);
  if (isJsonObject(copy.items)) copy.items = withExpressions(copy.items, fixed);
  if (Array.isArray(copy.anyOf)) return option(copy, fixed);
  return fixed || !isNarrowScalar(copy) ? copy : open(copy);
}

function option(schema: JsonObject, fixed: boolean): JsonObject {
  const options = listOf(schema.anyOf).map(objectOf);
  const scalar = options.some(isScalar);
  const inner = options.map((each) => withExpressions(each, fixed || isScalar(each)));
  return {...schema, anyOf: scalar && !fixed ? [...inner, expression] : inner};
}

const mapValues = (properties: JsonObject, fixed: boolean): JsonObject =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withExpressions(objectOf(value), fixed)]));

const isScalar = ({type}: JsonObject): boolean => ['string', 'number', 'integer', 'boolean'].includes(String(type));

/** A scalar that refuses some texts; plain text takes a `${{ }}` as it is. */
function isNarrowScalar(schema: JsonObject): boolean {
  if (!isScalar(schema)) return false;
  return (
    schema.type !== 'string' ||
    ['pattern', 'enum', 'const', 'format', 'maxLength'].some((key) => Object.hasOwn(schema, key))
  );
}

/** The schema or an expression; what describes the field stays outside. */
function open({description, default: fallback, examples, ...rules}: JsonObject): JsonObject {
  const outside: Record<string, Json | undefined> = {description, default: fallback, examples};
  const kept = Object.fromEntries(Object.entries(outside).filter(([, value]) => value !== undefined));
  return {...kept, anyOf: [rules, expression]};
}
