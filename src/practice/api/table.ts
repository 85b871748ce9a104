import type {Resource} from '../kinds.ts';
import type {KubeObject} from '../objects.ts';
import {columnsOf} from './columns.ts';

/** Which part of each object rides along in a table's rows (`includeObject`). */
export type Inclusion = 'None' | 'Metadata' | 'Object';

/** A `meta.k8s.io/v1` Table: how kubectl gets what it prints. */
export function tableOf(
  resource: Resource,
  items: readonly KubeObject[],
  metadata: object,
  options: {now: Date; include: Inclusion},
) {
  const columns = columnsOf(resource);
  const age = (timestamp: string | null | undefined) =>
    timestamp ? humanDuration(options.now.getTime() - Date.parse(timestamp)) : '<unknown>';
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: columns.map(({name, type, priority}) => ({
      name,
      type,
      format: name === 'Name' ? 'name' : '',
      description: '',
      priority,
    })),
    rows: items.map((item) => ({
      cells: columns.map(({cell}) => cell(item, age)),
      object: included(item, options.include),
    })),
  };
}

function included(item: KubeObject, include: Inclusion): unknown {
  if (include === 'Object') return item;
  if (include === 'None') return null;
  return {kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: item.metadata};
}

/** A duration in kubectl's short form, as k8s.io/apimachinery's HumanDuration: `95s`, `7m3s`, `2h15m`, `3d4h`. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 0) return seconds < -1 ? '<invalid>' : '0s';
  const pair = (big: number, bigUnit: string, small: number, smallUnit: string) =>
    `${big}${bigUnit}${small === 0 ? '' : `${small}${smallUnit}`}`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (days < 8) return pair(days, 'd', hours % 24, 'h');
  return `${days}d`;
}
