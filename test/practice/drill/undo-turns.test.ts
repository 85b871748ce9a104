import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {clusterWithShop, diskScenario, shopState} from '../../support/disk-drill.ts';
import {playOn} from '../../support/drill.ts';

/** A command whose undo notes when it begins and ends, and takes longer than the step that plays it may. */
const slowly = (folder: string) => {
  const argv = JSON.stringify(['sh', '-c', 'echo begin >> log; sleep 6; echo end >> log']);
  return diskScenario
    .replace('maxTargets: 2', 'maxTargets: 4')
    .replace(
      '  effect:\n',
      `    - {id: slow, uses: command/run, with: {argv: ["true"], cwd: ${JSON.stringify(folder)}, undo: {argv: ${argv}}}}\n  effect:\n`,
    )
    .replace('recover: [{undo: off}]', 'recover: [{undo: off}, {undo: slow, timeout: 300ms}]');
};

test('an undo whose step was stopped is waited for, not played beside itself', {timeout: 60_000}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-turns-'));
  const cluster = await clusterWithShop();
  try {
    const before = await shopState(cluster);
    const {verdict, cleanup, entries} = await playOn(cluster, folder, slowly(folder));
    expect(await readFile(join(folder, 'log'), 'utf8')).toBe('begin\nend\n');
    expect({verdict, cleanup}).toEqual({verdict: 'failed', cleanup: 'clean'});
    expect(entries).toContainEqual(
      expect.objectContaining({type: 'step.ended', path: 'recover.1', outcome: 'timeout'}),
    );
    // It goes on beside the other undos, and ends once.
    const [mutation] = entries.flatMap((entry) =>
      entry.type === 'mutation.intent' && entry.undo.kind === 'command/undo' ? [entry.mutation] : [],
    );
    const ended = entries.filter((entry) => entry.type === 'undo.ended' && entry.mutation === mutation);
    expect(ended).toMatchObject([{state: 'undone'}]);
    expect(await shopState(cluster)).toEqual(before);
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true});
  }
});
