import type {Vault} from '../../actions/define.ts';
import {parseJson} from '../../io/json.ts';
import type {UndoRecordEntry} from '../../journal/types.ts';

/** The data of an undo record, from the vault where it is sealed; undefined when that does not have it any more. */
export async function dataOf({data, sealed}: UndoRecordEntry, vault: Vault): Promise<unknown> {
  if (sealed === undefined) return data;
  const content = await vault.get(sealed).catch(() => undefined);
  return content && parseJson(content.toString('utf8'));
}
