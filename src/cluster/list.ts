import {isJsonObject, type JsonObject} from '../io/json.ts';
import {isClusterError} from './errors.ts';
import type {KubeObject, ListQuery} from './types.ts';

/** Objects a page; as kubectl. */
const pageSize = 500;

/**
 * All pages of a list. A `continue` token that is too old (410) starts the listing anew, once in pages, then once in
 * a single piece as client-go does, so that a large and busy list still ends.
 */
export async function listAll(
  query: ListQuery,
  fetchPage: (page: {limit?: number; continue?: string}) => Promise<JsonObject>,
): Promise<KubeObject[]> {
  for (const limit of [pageSize, pageSize]) {
    try {
      return await listPages(query, limit, fetchPage);
    } catch (error) {
      if (!isClusterError(error, 'gone')) throw error;
    }
  }
  return itemsOf(query, await fetchPage({}));
}

async function listPages(
  query: ListQuery,
  limit: number,
  fetchPage: (page: {limit: number; continue?: string}) => Promise<JsonObject>,
): Promise<KubeObject[]> {
  const items: KubeObject[] = [];
  let token: string | undefined;
  do {
    const page = await fetchPage({limit, ...(token === undefined ? {} : {continue: token})});
    items.push(...itemsOf(query, page));
    const next = isJsonObject(page.metadata) ? page.metadata.continue : undefined;
    token = typeof next === 'string' && next !== '' ? next : undefined;
  } while (token !== undefined);
  return items;
}

/** The items of a page; the API server leaves apiVersion and kind out of them. */
function itemsOf({apiVersion, kind}: ListQuery, page: JsonObject): KubeObject[] {
  const items = Array.isArray(page.items) ? page.items : [];
  return items.flatMap((item) =>
    isJsonObject(item) && isJsonObject(item.metadata) ? [{apiVersion, kind, ...item} as KubeObject] : [],
  );
}
