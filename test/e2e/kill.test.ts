import {readFile, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {connect} from '../../src/cluster/connect.ts';
import {createRandom} from '../../src/io/random.ts';
import {changes, type Snapshot, snapshot} from '../support/campaign.ts';
import {journalLines, killAt, runFolder} from '../support/campaign-program.ts';
import {campaignSeed, campaignSize} from '../support/choice.ts';
import {kubedrill, start, temporaryFolder} from '../support/kubedrill.ts';
import {atRest} from './rest.ts';
import {clusters, program, residue} from './support.ts';

const kubeconfig = clusters.multi;
const points = campaignSize('KUBEDRILL_E2E_KILLS', 3);
/** Every so many points the rollback is killed as well. */
const rollbackEvery = 3;

/** Where journals of whole runs have come to, in lines; the last three are written when everything is done. */
const drills: Readonly<Record<string, number>> = {'scale-to-zero': 61, 'node-drain-pdb': 76, 'deny-all-ingress': 59};

const random = createRandom(campaignSeed);
const cases = Array.from({length: points}, (_, index) => {
  const names = Object.keys(drills);
  const name = names[index % names.length] ?? '';
  const turns = Math.ceil(points / names.length);
  const turn = Math.floor(index / names.length);
  // The first mutation is in about the twelfth line.
  const lines = Math.floor(12 + ((turn + random.next()) / turns) * ((drills[name] ?? 0) - 12 - 3));
  const rollback = index % rollbackEvery === 2 ? Math.floor(1 + random.next() * 8) : undefined;
  return {name, lines, rollback};
});

describe('kill -9 on the kind cluster "multi"', () => {
  let before: Snapshot;
  beforeAll(async () => {
    expect(kubeconfig, 'KUBEDRILL_E2E_MULTI names no kubeconfig').not.toBe('');
    expect(await residue(kubeconfig)).toBe('');
    before = await look();
  });
  beforeEach(() => atRest(kubeconfig));

  it.each(cases)(
    '$name, killed after $lines lines: one rollback is enough, a second does nothing',
    async ({name, lines, rollback}) => {
      const cwd = await temporaryFolder();
      const reports = join(cwd, 'reports');
      const child = start(['run', name, '--var', 'image=kubedrill/toolbox:dev', '--kubeconfig', kubeconfig, '-q'], {
        cwd,
        program,
      });
      expect(await killAt(child, reports, {lines, delay: 0})).toBe(true);
      await child.ended;
      const folder = (await runFolder(reports)) ?? '';
      const command = ['rollback', folder, '--kubeconfig', kubeconfig];
      if (rollback !== undefined) {
        const first = start(command, {cwd, program});
        await killAt(first, reports, {lines: (await journalLines(folder)).length + rollback, delay: 0});
        await first.ended;
      }
      const {code, stdout, stderr} = await kubedrill(command, {cwd, program});
      expect(code, stdout + stderr).toBe(0);
      expect(changes(before, await look())).toEqual([]);
      expect(await residue(kubeconfig)).toBe('');
      const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
      expect((await kubedrill(command, {cwd, program})).code).toBe(0);
      expect(await readFile(join(folder, 'journal.jsonl'), 'utf8')).toBe(journal);
      expect((await kubedrill(['status', folder], {cwd, program})).code).toBe(0);
      await rm(cwd, {recursive: true});
    },
  );
});

/** All that is in the cluster, less what a real one keeps changing by itself. */
async function look(): Promise<Snapshot> {
  const connection = await connect({kubeconfigText: await readFile(kubeconfig, 'utf8'), env: {}});
  try {
    return await snapshot(connection);
  } finally {
    connection.close();
  }
}
