import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {connect} from '../../src/cluster/connect.ts';
import {defaultConfig} from '../../src/drill/config/config.ts';
import {type RollbackRequest, rollbackRun} from '../../src/drill/undo/rollback.ts';
import {systemClock} from '../../src/io/clock.ts';
import {createExec} from '../../src/io/exec.ts';
import {silentLog} from '../../src/io/log.ts';
import type {JournalEvent} from '../../src/journal/types.ts';
import {temporaryFolder} from './kubedrill.ts';
import type {ApiProxy} from './proxy.ts';
import {killCoredns, RunMaker, started} from './runs.ts';

/** Value of the run's label, and its id. */
export const crashedRun = {label: '7f3a51c20b9e', id: '2026-11-20T214007Z-trial-7f3a'};

/** The folder of a run that was killed on a cluster after what `events` tell. */
export async function crashOn({cluster}: ApiProxy, ...events: JournalEvent[]): Promise<string> {
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  const {uid, server} = await connection.identify();
  connection.close();
  const identified = killCoredns().entries.filter(({type}) => type === 'cluster.identified');
  const here = identified.map((entry) => (entry.type === 'cluster.identified' ? {...entry, uid, server} : entry));
  const {entries} = new RunMaker().add(0, started('trial', 'A trial'), ...here, ...events).done();
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'vault'));
  const lines = entries.map((entry, seq) => `${JSON.stringify({...entry, seq})}\n`);
  await writeFile(join(folder, 'journal.jsonl'), lines.join(''));
  return folder;
}

/** Rolls a run back over real HTTP. */
export const rollBack = (
  {cluster}: {cluster: {kubeconfig: string}},
  folder: string,
  options: Partial<RollbackRequest> = {},
) =>
  rollbackRun({
    folder,
    connect: () => connect({kubeconfigText: cluster.kubeconfig, env: {}}),
    version: '0.0.0',
    clock: systemClock,
    log: silentLog,
    exec: createExec(),
    config: async () => defaultConfig,
    onEntry: () => undefined,
    dryRun: false,
    moved: false,
    ...options,
  });
