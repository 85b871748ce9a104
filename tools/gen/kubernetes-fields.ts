import * as client from '@kubernetes/client-node';
import {apiVersionOf, resources, scales} from '../../src/practice/kinds.ts';

interface Model {
  getAttributeTypeMap(): readonly {baseName: string; type: string}[];
}

const models = client as unknown as Readonly<Record<string, Model | undefined>>;

/** Models whose name is not that of their kind. */
const named: Readonly<Record<string, string>> = {'v1 Event': 'CoreV1Event', 'events.k8s.io/v1 Event': 'EventsV1Event'};

/**
 * The fields of every kind that the practice cluster serves, out of the client library's models, which are made from
 * Kubernetes' own OpenAPI document: `types` has for each field the type in it, `[]` before it for a list, `{}` for a
 * map, and nothing for what has no fields of its own.
 */
export function kubernetesFields(): {kinds: Record<string, string>; types: Record<string, Record<string, string>>} {
  const kinds: Record<string, string> = {};
  const types: Record<string, Record<string, string>> = {};
  const add = (name: string): void => {
    if (types[name] !== undefined) return;
    const fields: Record<string, string> = {};
    types[name] = fields;
    for (const {baseName, type} of models[name]?.getAttributeTypeMap() ?? []) {
      const [, list, map, plain] = /^(?:Array<(\w+)>|\{ \[key: string\]: (\w+); \}|(\w+))$/.exec(type) ?? [];
      const inner = list ?? map ?? plain ?? '';
      const known = typeof models[inner]?.getAttributeTypeMap === 'function';
      fields[baseName] = known ? `${list ? '[]' : map ? '{}' : ''}${inner}` : '';
      if (known) add(inner);
    }
  };
  for (const resource of [...resources, scales]) {
    const kind = `${apiVersionOf(resource)} ${resource.kind}`;
    const model = named[kind] ?? `V1${resource.kind}`;
    if (models[model] === undefined) throw new Error(`the client library has no model of ${kind}`);
    kinds[kind] = model;
    add(model);
  }
  return {kinds, types};
}
