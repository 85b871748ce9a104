import {randomUUID} from 'node:crypto';
import * as z from 'zod';
import type {Json, JsonObject} from '../../io/json.ts';
import {parseJson} from '../../io/json.ts';
import type {UndoRecord, Vault} from '../define.ts';

/** Where the vault keeps a payload. */
export const payload = () => z.strictObject({file: z.string(), sha256: z.string()});
export type Payload = z.infer<ReturnType<typeof payload>>;

/** Longest content that stands in the journal itself, in characters. */
const inlineLimit = 16 * 1024;

/** Saves content under a name that no other payload of the run has. */
export async function save(vault: Vault, name: string, content: Json): Promise<Payload> {
  return await vault.put(`${name}-${randomUUID()}.json`, JSON.stringify(content, undefined, 1));
}

/**
 * An undo record whose content stands in the record itself as `key`, or as `saved` in the vault when it is large or
 * comes from a Secret: journals are read, copied and uploaded.
 */
export async function recordOf(
  vault: Vault,
  {kind, data, key, content, of}: {kind: string; data: JsonObject; key: string; content: Json; of: string},
): Promise<UndoRecord> {
  if (of !== 'Secret' && JSON.stringify(content).length <= inlineLimit) return {kind, data: {...data, [key]: content}};
  const saved = await save(vault, of, content);
  return {kind, data: {...data, saved}, payloads: [saved]};
}

/** The content of an undo record, wherever it is. Rejects with a DrillError when the vault's file is not the one. */
export async function contentOf<T>(
  vault: Vault,
  inline: T | undefined,
  saved: Payload | undefined,
): Promise<T | undefined> {
  return saved === undefined ? inline : (parseJson((await vault.get(saved)).toString('utf8')) as T);
}
