import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import process from 'node:process';
import {expect, it} from 'vitest';
import {startPracticeCluster} from '../../src/cli/support/practice.ts';
import {connect} from '../../src/cluster/connect.ts';
import type {Connection} from '../../src/cluster/types.ts';
import {createRandom} from '../../src/io/random.ts';
import {readJournal} from '../../src/journal/read.ts';
import {unexplained} from '../../src/journal/recover.ts';
import type {PracticeCluster} from '../../src/practice/index.ts';
import {comparisonIn, disagreements} from '../support/agreement.ts';
import {changes, type Snapshot, settleWorld, snapshot} from '../support/campaign.ts';
import {campaignDrills} from '../support/campaign-scenarios.ts';
import {campaignSeed, campaignSize, onlyCase, playAgain} from '../support/choice.ts';
import {rollBack} from '../support/crashed-run.ts';
import {playOn} from '../support/drill.ts';
import {type FaultKind, type FaultProxy, faultKinds, startFaultProxy} from '../support/fault-proxy.ts';
import {temporaryFolder} from '../support/kubedrill.ts';
import {quick} from '../support/practice.ts';

const variable = 'KUBEDRILL_API_FAULTS';
const size = campaignSize(variable, 500);
const workers = 4;
/** Milliseconds: the deadline of one undo, and a drill that meets it. */
const patience = 210_000;

/** The drills, and the write by which each breaks what its probe watches. */
const drills: Readonly<Record<string, RegExp>> = {
  fixtures: /^PATCH .*\/deployments\/web\/scale$/,
  prober: /^PATCH .*\/deployments\/web\/scale$/,
  deleted: /^DELETE .*\/deployments\/web$/,
};

interface Case {
  drill: string;
  at: number;
  kind: FaultKind;
}

interface Outcome extends Case {
  verdict: string;
  rolledBack: boolean;
  /** What the run's own comparison came to. */
  compared: string;
  wrong: string[];
}

it(`no drill lies or leaves anything behind when one API call goes wrong (${size} cases)`, {
  timeout: 3_600_000,
}, async () => {
  const outcomes: Outcome[] = [];
  const queue = onlyCase<Case>() ?? (await casesOf());
  const wanted = queue.length;
  await Promise.all(
    Array.from({length: workers}, async () => {
      let place = await newPlace();
      try {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const outcome = await play(place, next);
          outcomes.push(outcome);
          if (outcome.wrong.length === 0) continue;
          await place.close();
          place = await newPlace();
        }
      } finally {
        await place.close();
      }
    }),
  );
  const counts = (of: (outcome: Outcome) => string) =>
    Object.entries(Object.groupBy(outcomes, of))
      .map(([name, group]) => `${group?.length} ${name}`)
      .join(', ');
  const later = outcomes.filter(({rolledBack}) => rolledBack).length;
  process.stdout.write(
    `API faults: ${outcomes.length} cases: ${counts(({verdict}) => verdict)}; ${later} clean by the later rollback; ${counts(({compared}) => compared)}; seed ${campaignSeed}\n`,
  );
  expect(
    outcomes.filter(({wrong}) => wrong.length > 0),
    playAgain(variable, size),
  ).toEqual([]);
  expect(outcomes.length).toBe(wanted);
});

/** Every call of every drill in turn, each time with another fault; of a share, some call of each stretch, by the seed. */
async function casesOf(): Promise<Case[]> {
  const place = await newPlace();
  const calls: {drill: string; at: number}[] = [];
  for (const drill of Object.keys(drills)) {
    const {verdict, wrong} = await play(place, {drill, at: 0, kind: 'latency'});
    // On a busy machine a probe may be blind for a moment: inconclusive.
    expect({drill, verdict, wrong}).toEqual({
      drill,
      verdict: expect.stringMatching(/^(passed|inconclusive)$/),
      wrong: [],
    });
    for (let at = 1; at <= place.proxy.calls; at++) calls.push({drill, at});
  }
  await place.close();
  const random = createRandom(campaignSeed);
  const first = Math.floor(random.next() * faultKinds.length);
  const step = Math.max(1, calls.length / size);
  return Array.from({length: size}, (_, index) => {
    const round = Math.floor((index * step) / calls.length);
    const within = step > 1 ? random.next() : 0;
    const call = calls[Math.floor((index + within) * step) % calls.length] ?? {drill: '', at: 0};
    return {...call, kind: faultKinds[(first + index + round * 5) % faultKinds.length] ?? 'latency'};
  });
}

interface Place {
  cluster: PracticeCluster;
  proxy: FaultProxy;
  /** Past the proxy. */
  connection: Connection;
  before: Snapshot;
  close(): Promise<void>;
}

async function newPlace(): Promise<Place> {
  const cluster = await startPracticeCluster({seed: 1, latency: quick});
  const proxy = await startFaultProxy(cluster.url);
  const connection = await connect({kubeconfigText: cluster.kubeconfig, env: {}});
  await settleWorld(connection);
  const before = await snapshot(connection);
  const close = async () => {
    connection.close();
    await proxy[Symbol.asyncDispose]();
    await cluster.stop();
  };
  return {cluster, proxy, connection, before, close};
}

async function play(place: Place, {drill, at, kind}: Case): Promise<Outcome> {
  const folder = await temporaryFolder();
  try {
    const judged = await Promise.race([judge(place, {drill, at, kind}, folder), tooLong()]);
    return {drill, at, kind, ...judged};
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

type Judged = Pick<Outcome, 'verdict' | 'rolledBack' | 'compared' | 'wrong'>;

async function judge(place: Place, {drill, at, kind}: Case, folder: string): Promise<Judged> {
  const {cluster, proxy, connection, before} = place;
  const wrong: string[] = [];
  proxy.arm(at, kind);
  let taken: readonly string[] = [];
  let played: Awaited<ReturnType<typeof playOn>>;
  const proxied = {...cluster, url: proxy.url, kubeconfig: cluster.kubeconfig.replaceAll(cluster.url, proxy.url)};
  try {
    played = await playOn(proxied, folder, campaignDrills[drill] ?? '', {
      onEntry: ({type}) => {
        if (type !== 'run.ended') return;
        // The calls that follow are those of the test.
        taken = proxy.taken;
        if (at > 0) proxy.arm();
      },
    });
  } catch (error) {
    return {verdict: 'none', rolledBack: false, compared: 'not compared', wrong: [String(error)]};
  }
  const {verdict, cleanup} = played;
  if (verdict === 'passed' && !taken.some((write) => drills[drill]?.test(write))) {
    wrong.push(`passed, and the fault never took place: ${taken.join(', ')}`);
  }
  let left = changes(before, await snapshot(connection));
  wrong.push(...disagreements(played.entries, left));
  const rolledBack = cleanup === 'dirty';
  if (rolledBack) {
    // Past the proxy, which is another address.
    const {cleanup: later, left: open} = await rollBack({cluster}, played.folder, {moved: true});
    const {entries} = await readJournal(join(played.folder, 'journal.jsonl'));
    if (later === 'dirty') {
      const because = [...open.map(({target}) => target), ...unexplained(entries)];
      wrong.push(`dirty after the rollback: ${JSON.stringify(because)}`);
    }
    left = changes(before, await snapshot(connection));
    wrong.push(...disagreements(entries, left));
  }
  wrong.push(...left);
  return {verdict, rolledBack, compared: comparisonIn(played.entries), wrong};
}

async function tooLong(): Promise<Judged> {
  await new Promise((resolve) => setTimeout(resolve, patience).unref());
  return {verdict: 'none', rolledBack: false, compared: 'not compared', wrong: [`not done after ${patience} ms`]};
}
