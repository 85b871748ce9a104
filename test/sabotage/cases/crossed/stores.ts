import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {failing} from '../../../support/proxy.ts';
import type {Stage} from '../../../support/sabotage.ts';
import {startStore} from '../../../support/sabotage-servers.ts';
import {objectAt} from './timeline.ts';

/** How a store deceives, or fails, from now on: it forgets what it acknowledges, takes nothing, does not say what it has. */
export type Lie = 'forgets' | 'refuses' | 'unreadable';

/** What one kind of canary writes to. */
export interface Shelf {
  /** `uses` and `with`, in flow style without braces. */
  writes: string;
  lie(how: Lie): unknown;
  /** Loses all that it has. */
  lose(): unknown;
  stop?(): unknown;
}

const configMaps = '/api/v1/namespaces/shop/configmaps';

/** A store of its own for each kind of canary, by its name in the registry. */
export const shelves: Readonly<Record<string, (stage: Stage) => Shelf | Promise<Shelf>>> = {
  http: async () => {
    const store = await startStore();
    return {
      writes: `uses: http, with: {url: "${store.url}"}`,
      lie: (how) => Object.assign(store, {lie: how}),
      lose: store.lose,
      stop: store.stop,
    };
  },
  kubernetes: (stage) => {
    const {api, proxy} = stage;
    const own = /shop\/configmaps(\/kubedrill-canary|\?(?!.*labelSelector))/;
    const say = {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'said', namespace: 'shop'}};
    return {
      writes: 'uses: kubernetes, with: {namespace: shop}',
      lie: (how) => {
        if (how === 'unreadable') {
          proxy.when({method: 'GET', path: /shop\/configmaps\?.*labelSelector/}, failing(500, 'InternalError'));
          return;
        }
        for (const method of ['POST', 'PATCH']) {
          proxy.when({method, path: own}, ({answer, ...exchange}) =>
            how === 'forgets' ? answer(201, say) : failing(403, 'Forbidden')({answer, ...exchange}),
          );
        }
      },
      lose: async () => {
        const {items} = await objectAt(stage, configMaps);
        for (const {metadata} of items) {
          if (metadata.name.startsWith('kubedrill-canary')) await api('DELETE', `${configMaps}/${metadata.name}`);
        }
      },
    };
  },
  command: async ({folder}) => {
    const [program, numbers, mood] = ['store', 'numbers', 'mood'].map((name) => join(folder, name));
    const script = `#!/bin/sh
mood=$(cat "${mood}")
case "$1 $mood" in
  "write refuses") exit 9 ;;
  "write forgets") exit 0 ;;
  write*) echo "$2" >> "${numbers}" ;;
  "read unreadable") exit 1 ;;
  read*) cat "${numbers}" ;;
  remove*) : > "${numbers}" ;;
esac
`;
    await writeFile(program ?? '', script, {mode: 0o755});
    await writeFile(numbers ?? '', '');
    await writeFile(mood ?? '', 'none');
    return {
      writes: `uses: command, with: {write: ["${program}", write, "{number}"], read: ["${program}", read], remove: ["${program}", remove], refused: [9]}`,
      lie: (how) => writeFile(mood ?? '', how),
      lose: () => rm(numbers ?? '').then(() => writeFile(numbers ?? '', '')),
    };
  },
};
