import {stringify} from 'yaml';
import type {ActionDefinition} from '../../actions/define.ts';
import {actions} from '../../actions/index.ts';
import {canaries} from '../../canary/index.ts';
import {closest} from '../../io/closest.ts';
import {UsageError} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import {table} from '../../io/text.ts';
import type {ProbeDefinition} from '../../probes/define.ts';
import {probes} from '../../probes/index.ts';
import {actionOfKind, probeOfKind} from '../rules/kinds.ts';
import {scenarioSchema} from '../schema/scenario.ts';
import {metaOf} from '../schema/walk.ts';
import {type FieldDoc, fieldsOf, typeText} from './field-docs.ts';

/**
 * What `kubedrill explain` prints: a field of the scenario file by its path (`spec.probes.every`), a kind of action or
 * probe, or the list of either (`actions`, `probes`). Throws a UsageError for a topic that there is none.
 */
export function explainField(topic: string): string {
  if (topic === 'actions') return listText('Actions, for steps', Object.values(actions));
  if (topic === 'probes')
    return listText('Probes, for probes, checks, waitFor and effect.prove', Object.values(probes));
  if (topic === 'canaries') return canariesText();
  const action = actionOfKind(topic);
  if (action) return actionText(action);
  const probe = probeOfKind(topic);
  if (probe) return probeText(probe);
  return fieldText(
    topic
      .replace(/\[\d*\]/g, '')
      .split('.')
      .filter(Boolean),
  );
}

function fieldText(parts: readonly string[]): string {
  let fields = fieldsOf(scenarioSchema);
  let field: FieldDoc | undefined;
  for (const [index, part] of parts.entries()) {
    const found = fields.find(({name}) => name === part);
    // The names of vars and services are free: `spec.services.dns.up` is `spec.services.up`.
    if (!found && field && typeText(field.schema).startsWith('map of') && index + 1 < parts.length) continue;
    if (!found) throw unknownTopic(parts.slice(0, index), part, fields);
    field = found;
    fields = fieldsOf(found.schema);
  }
  const title = parts.join('.') || 'A scenario file';
  const head = field
    ? `${title}: ${field.type}${field.required ? ', required' : ''}${field.default === undefined ? '' : `, default ${field.default}`}\n${field.description}\n`
    : `${title}\n${metaOf(scenarioSchema).description ?? ''}.\n`;
  return fields.length === 0 ? head : `${head}\nFIELDS\n${fieldTable(fields)}`;
}

function unknownTopic(parents: readonly string[], part: string, fields: readonly FieldDoc[]): UsageError {
  const names = [
    ...fields.map(({name}) => name),
    ...(parents.length === 0 ? [...Object.keys(actions), ...Object.keys(probes), 'actions', 'probes', 'canaries'] : []),
  ];
  const meant = closest(part, names);
  const where = parents.length === 0 ? 'there is nothing to explain' : `${parents.join('.')} has nothing`;
  const hint = meant ? `Did you mean "${[...parents, meant].join('.')}"?` : `Known: ${names.join(', ')}.`;
  return new UsageError(`${where} named "${part}"`, {code: 'E_NO_TOPIC', hint});
}

function listText(title: string, kinds: readonly {kind: string; summary: string}[]): string {
  return `${title}\n\n${table(
    kinds.map(({kind, summary}) => [kind, summary]),
    '  ',
  )}\nkubedrill explain <kind> describes one.\n`;
}

const fieldTable = (fields: readonly FieldDoc[]): string =>
  fields
    .map(({name, type, required, default: fallback, description}) => {
      const head = `  ${name}  ${type}${required ? ', required' : ''}${fallback === undefined ? '' : `, default ${fallback}`}\n`;
      return description ? `${head}      ${description}\n` : head;
    })
    .join('');

function actionText({kind, summary, reversal, input, output, examples}: ActionDefinition): string {
  const outputs = fieldsOf(output);
  return [
    `${kind}: ${summary}\n`,
    `\nREVERSAL  ${typeof reversal === 'string' ? reversal : 'depends on the input'}\n`,
    `\nINPUT (with)\n${fieldTable(fieldsOf(input)) || '  none\n'}`,
    outputs.length > 0 ? `\nOUTPUTS (steps.<id>.outputs)\n${fieldTable(outputs)}` : '',
    `\nEXAMPLES\n${examples.map((example) => `  ${exampleText(kind, example)}\n`).join('')}`,
  ].join('');
}

function probeText({kind, summary, from, observes, input, defaultExpect, controls}: ProbeDefinition): string {
  const seen = Object.entries(observes).map(([name, meaning]) => [name, meaning]);
  return [
    `${kind}: ${summary}\n`,
    `\nFROM  ${from.join(', ')}\n`,
    `\nINPUT (with)\n${fieldTable(fieldsOf(input)) || '  none\n'}`,
    `\nOBSERVES (names in expect)\n${table(seen, '  ')}`,
    `\nEXPECT without one  ${defaultExpect}\n`,
    controls ? `\nCONTROLS  ${Object.keys(controls).join(', ')}\n` : '',
  ].join('');
}

/** All of them at once: they share names with probes, and are few. */
function canariesText(): string {
  const each = Object.values(canaries).map(
    ({kind, summary, input}) => `${kind}: ${summary}\n${fieldTable(fieldsOf(input))}`,
  );
  return `Canaries, for numbered writes whose loss is counted\n\n${each.join('\n')}`;
}

/** A step that uses an action, as one line of YAML. */
export const exampleText = (kind: string, input: JsonObject): string =>
  stringify({uses: kind, with: input}, {collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false}).trim();
