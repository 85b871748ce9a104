import {find, runLabel} from '../../actions/common/objects.ts';
import {isClusterError} from '../../cluster/errors.ts';
import type {ListedKind} from '../../cluster/kinds.ts';
import type {Connection, KubeObject} from '../../cluster/types.ts';
import {ownNamespace, runLabelOf} from '../lock/live-lease.ts';

/** A kind as its objects name it. */
export interface SeenKind {
  apiVersion: string;
  kind: string;
}

/** A kind that this user may not list in the whole cluster, and the namespaces in which its objects were looked for. */
export interface PartlySeen extends SeenKind {
  namespaces: string[];
}

/** What a search has found, and what it could not look at. */
export interface Search {
  objects: KubeObject[];
  /** Kinds that were looked at in some namespaces alone. */
  partly: PartlySeen[];
  /** Kinds that could not be looked at anywhere. */
  unseen: SeenKind[];
}

/**
 * Objects of these kinds that carry the label of any run: in the whole cluster, or where this user may not list there,
 * in each namespace that can be listed; else in kubedrill's own, that of the context and `named`.
 */
export async function searchLabelled(
  connection: Connection,
  kinds: readonly ListedKind[],
  named: string | undefined,
): Promise<Search> {
  let names: Promise<string[]> | undefined;
  const namespaces = () => {
    names ??= namespacesOf(connection, named);
    return names;
  };
  const found = await Promise.all(kinds.map((kind) => searchKind(connection.reader, kind, namespaces)));
  return {
    objects: found.flatMap(({objects}) => objects),
    partly: found.flatMap(({partly}) => partly),
    unseen: found.flatMap(({unseen}) => unseen),
  };
}

type Reader = Connection['reader'];

async function namespacesOf({reader, namespace}: Connection, named: string | undefined): Promise<string[]> {
  const known = [ownNamespace, namespace, ...(named === undefined ? [] : [named])];
  const listed = await unlessForbidden(reader.list({apiVersion: 'v1', kind: 'Namespace'}));
  return [...new Set(listed?.map(({metadata}) => metadata.name) ?? known)].sort();
}

async function searchKind(
  reader: Reader,
  {apiVersion, kind, namespaced}: ListedKind,
  namespaces: () => Promise<string[]>,
): Promise<Search> {
  const query = {apiVersion, kind, labelSelector: runLabel};
  const everywhere = await unlessForbidden(reader.list(query));
  if (everywhere !== undefined) return {objects: everywhere, partly: [], unseen: []};
  const isNamespace = apiVersion === 'v1' && kind === 'Namespace';
  const objects: KubeObject[] = [];
  const looked: string[] = [];
  for (const namespace of namespaced || isNamespace ? await namespaces() : []) {
    const here = await unlessForbidden(
      isNamespace ? namespaceOf(reader, namespace) : reader.list({...query, namespace}),
    );
    if (here === undefined) continue;
    looked.push(namespace);
    objects.push(...here);
  }
  return looked.length === 0
    ? {objects, partly: [], unseen: [{apiVersion, kind}]}
    : {objects, partly: [{apiVersion, kind, namespaces: looked}], unseen: []};
}

/** A namespace by its name, as a list of those that carry the label. */
async function namespaceOf(reader: Reader, name: string): Promise<KubeObject[]> {
  const live = await find(reader, {apiVersion: 'v1', kind: 'Namespace', name}, {});
  return live === undefined || runLabelOf(live) === undefined ? [] : [live];
}

/** What a look gives; nothing for what is not served any more; undefined when this user may not look. */
async function unlessForbidden(look: Promise<KubeObject[]>): Promise<KubeObject[] | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isClusterError(error, 'forbidden')) return undefined;
    if (isClusterError(error, 'notFound')) return [];
    throw error;
  }
}
