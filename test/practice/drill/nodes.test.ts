import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {type DrillOptions, type PlayedDrill, playOnPractice} from '../../support/drill.ts';
import {call, quick} from '../../support/practice.ts';

const scenarios = join(import.meta.dirname, '../../../scenarios');

/** A scenario that ships, with its waits cut short. */
async function play(name: string, options: DrillOptions = {}, minAvailable = 3): Promise<PlayedDrill> {
  const yaml = await readFile(join(scenarios, `${name}.yaml`), 'utf8');
  const short = yaml
    .replace('steady: {for: 5s}', 'steady: {for: 1s}')
    .replace('within: 2m\n    stableFor: 10s', 'within: 10s\n    stableFor: 2s')
    .replace('minAvailable: 3', `minAvailable: ${minAvailable}`)
    .replace('default: 60s', 'default: 6s')
    .replace('pause: 5s', 'pause: 500ms')
    .replace('sleep: {seconds: 5}', 'sleep: {seconds: 1}');
  expect(short).not.toBe(yaml);
  return await playOnPractice(short, options);
}

const effects = ({entries}: PlayedDrill) =>
  entries.flatMap((entry) => (entry.type === 'effect.seen' ? [`${entry.path} ${entry.seen}`] : []));

const undosOf = ({entries}: PlayedDrill, kind: string) =>
  entries.flatMap((entry) => (entry.type === 'undo.started' && entry.kind === kind ? [entry.by] : []));

describe('node-drain-pdb', () => {
  it('passes: the budget is honoured, no request is lost, and the node is open again', async () => {
    // Long enough for the budget to say no before the first pod is replaced.
    const containerStart: [number, number] = [3000, 3000];
    const run = await play('node-drain-pdb', {practice: {latency: {...quick, containerStart}}});
    expect(run).toMatchObject({verdict: 'passed', cleanup: 'clean', residue: []});
    expect(effects(run)).toEqual(['inject.0 true']);
    const [refused] = run.entries.filter((entry) => entry.type === 'mutation.failed');
    expect(refused).toMatchObject({
      maybeApplied: false,
      error: {message: expect.stringContaining('disruption budget')},
    });
    expect(undosOf(run, 'pod/reschedule')).toContain('step');
  }, 60_000);

  it('gives the node back when it is aborted in the middle of the drain', async () => {
    const abortAtRefusal: DrillOptions['onEntry'] = (entry, {abort}) => {
      if (entry.type === 'mutation.failed') abort('SIGINT');
    };
    const run = await play('node-drain-pdb', {onEntry: abortAtRefusal}, 4);
    expect(run).toMatchObject({verdict: 'aborted', cleanup: 'clean', residue: []});
    const cordon = run.entries.find((entry) => entry.type === 'mutation.intent' && entry.target.kind === 'Node');
    const states = run.entries.flatMap((entry) =>
      entry.type === 'undo.ended' && cordon?.type === 'mutation.intent' && entry.mutation === cordon.mutation
        ? [entry.state]
        : [],
    );
    expect(states).toHaveLength(1);
    expect(['undone', 'already']).toContain(states[0]);
  }, 60_000);

  it('leaves a node closed that somebody had closed before', async () => {
    let closed: unknown;
    const merge = {'content-type': 'application/merge-patch+json'};
    const run = await play('node-drain-pdb', {
      onEntry: (entry, {cluster}) => {
        const path = '/api/v1/nodes/practice-worker';
        if (entry.type === 'phase.entered' && entry.phase === 'steady') {
          void call(cluster, 'PATCH', path, {spec: {unschedulable: true}}, merge);
        }
        if (entry.type === 'run.ended') {
          closed = call(cluster, 'GET', path).then(({body}) => body.spec.unschedulable);
        }
      },
    });
    // The drill cannot show its node open at the end, and says so; but it does not open what it has not closed.
    expect(run.verdict).not.toBe('passed');
    expect(run).toMatchObject({cleanup: 'clean', residue: []});
    expect(await closed).toBe(true);
  }, 60_000);
});

describe('deny-all-ingress', () => {
  it('passes: the service is down until the policy is gone, and its neighbour notices nothing', async () => {
    const run = await play('deny-all-ingress');
    expect(run).toMatchObject({verdict: 'passed', cleanup: 'clean', residue: []});
    expect(effects(run)).toEqual(['service/web true']);
  }, 60_000);

  it('is inconclusive where nobody enforces policies, although the policy was there', async () => {
    const forever: [number, number] = [1e9, 1e9];
    const run = await play('deny-all-ingress', {practice: {latency: {...quick, policySync: forever}}});
    expect(run).toMatchObject({verdict: 'inconclusive', cleanup: 'clean', residue: []});
    expect(effects(run)).toEqual(['service/web false']);
  }, 90_000);
});
