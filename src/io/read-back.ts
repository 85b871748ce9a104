import type {JsonObject} from './json.ts';
import type {Target} from './target.ts';

/** A question as a scenario writes it, and a plan records it. */
export interface Question {
  uses: string;
  with?: JsonObject | undefined;
  expect?: string | undefined;
}

const quoted = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const groupOf = (apiVersion: unknown): string =>
  (String(apiVersion).includes('/') ? String(apiVersion).split('/')[0] : undefined) ?? '';

/**
 * Whether a question only reads back what was written to one of some objects: it looks at that very object, and at
 * nothing of its `status`, in which alone others say what they made of it. Where no namespace is given, it is the
 * default one, which may be the object's.
 */
export function readsBack(
  {uses, with: input = {}, expect = ''}: Question,
  written: readonly Pick<Target, 'apiVersion' | 'kind' | 'namespace' | 'name'>[],
): boolean {
  if (uses !== 'kubernetes/object' || /\bstatus\b/.test(expect.replace(quoted, ''))) return false;
  const {apiVersion, kind, namespace, name} = input;
  return written.some(
    (target) =>
      name === target.name &&
      kind === target.kind &&
      groupOf(apiVersion) === groupOf(target.apiVersion) &&
      (namespace === undefined || target.namespace === undefined || namespace === target.namespace),
  );
}
