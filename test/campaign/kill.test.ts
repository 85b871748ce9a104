import {existsSync} from 'node:fs';
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {statusOf} from '../../src/drill/record/status.ts';
import {createRandom} from '../../src/io/random.ts';
import {readJournal} from '../../src/journal/read.ts';
import {comparisonIn, disagreements} from '../support/agreement.ts';
import {type CampaignCluster, changes, type Snapshot, snapshot, startCampaignCluster} from '../support/campaign.ts';
import {journalLines, killAt, runFolder} from '../support/campaign-program.ts';
import {campaignDrills} from '../support/campaign-scenarios.ts';
import {campaignSeed, campaignSize, onlyCase, playAgain} from '../support/choice.ts';
import {rollBack} from '../support/crashed-run.ts';
import {kubedrill, start, temporaryFolder} from '../support/kubedrill.ts';

const variable = 'KUBEDRILL_KILL_POINTS';
const points = campaignSize(variable, 200);
const workers = 2;
/** Every so many points the rollback is killed as well. */
const rollbackEvery = 4;
const delays = [0, 0, 1, 2, 5, 10, 25];

/** Where to kill. */
interface Point {
  drill: string;
  /** Lines of the journal; delay in milliseconds after the last of them. */
  run: {lines: number; delay: number};
  /** Lines that the rollback adds; absent: it is left alone. */
  rollback?: {lines: number; delay: number};
}

interface Outcome {
  point: Point;
  killed: number;
  /** Type of the journal's last entry when the run was killed. */
  at: string;
  /** What its own comparison came to. */
  compared: string;
  wrong: string[];
}

it(`kill -9 at ${points} points leaves nothing that rollback does not take back`, {timeout: 1_800_000}, async () => {
  const drills = Object.keys(campaignDrills);
  const whole = new Map<string, number>();
  const wrong: string[] = [];
  await inParallel(drills, async (place, drill) => {
    const {lines, wrong: found} = await playWhole(place, drill);
    whole.set(drill, lines);
    wrong.push(...found);
    return found.length === 0;
  });
  expect(wrong).toEqual([]);
  const outcomes: Outcome[] = [];
  const wanted = onlyCase<Point>() ?? pointsOf(whole);
  await inParallel(wanted, async (place, point) => {
    const outcome = await playPoint(place, point);
    outcomes.push(outcome);
    return outcome.wrong.length === 0;
  });
  const kills = outcomes.reduce((sum, {killed}) => sum + killed, 0);
  const places = Object.entries(Object.groupBy(outcomes, ({at}) => at)).map(([at, of]) => `${at} ${of?.length}`);
  const compared = Object.entries(Object.groupBy(outcomes, (one) => one.compared)).map(
    ([how, of]) => `${of?.length} ${how}`,
  );
  process.stdout.write(
    `kill -9: ${kills} kills at ${wanted.length} points, after ${places.sort().join(', ')}; ` +
      `${compared.sort().join(', ')}; seed ${campaignSeed}\n`,
  );
  expect(
    outcomes.filter((outcome) => outcome.wrong.length > 0),
    playAgain(variable, points),
  ).toEqual([]);
  expect(kills).toBeGreaterThanOrEqual(wanted.length);
});

/** Spread evenly over the journal of each drill. */
function pointsOf(whole: ReadonlyMap<string, number>): Point[] {
  const random = createRandom(campaignSeed);
  const drills = [...whole];
  const delay = () => delays[Math.floor(random.next() * delays.length)] ?? 0;
  return Array.from({length: points}, (_, index) => {
    const [drill = '', lines = 0] = drills[index % drills.length] ?? [];
    const turn = Math.floor(index / drills.length);
    const turns = Math.ceil(points / drills.length);
    // The last two lines are written when everything is done.
    const at = Math.min(lines - 3, Math.floor(((turn + random.next()) / turns) * (lines - 2)));
    const point = {drill, run: {lines: Math.max(0, at), delay: delay()}};
    if ((index + turn) % rollbackEvery !== 0) return point;
    return {...point, rollback: {lines: 1 + Math.floor(random.next() * 12), delay: delay()}};
  });
}

/** Plays the items on a few clusters; one that was left in a mess is replaced by a new one. */
async function inParallel<T>(items: readonly T[], play: (place: Place, item: T) => Promise<boolean>): Promise<void> {
  const queue = [...items];
  const work = async () => {
    let place = await newPlace();
    try {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
        if (await play(place, item)) continue;
        await place.cluster[Symbol.asyncDispose]();
        place = await newPlace();
      }
    } finally {
      await place.cluster[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({length: workers}, work));
}

interface Place {
  cluster: CampaignCluster;
  before: Snapshot;
}

async function newPlace(): Promise<Place> {
  const cluster = await startCampaignCluster();
  return {cluster, before: await snapshot(cluster.connection)};
}

/** A drill that nobody kills: how long its journal is, and that it leaves nothing by itself. */
async function playWhole({cluster, before}: Place, drill: string): Promise<{lines: number; wrong: string[]}> {
  const cwd = await folderFor(drill);
  const {code, stdout, stderr} = await kubedrill(runArgs(cluster), {cwd});
  const folder = await runFolder(join(cwd, 'reports'));
  const lines = folder === undefined ? 0 : (await journalLines(folder)).length;
  const wrong = changes(before, await snapshot(cluster.connection));
  if (folder !== undefined) wrong.push(...disagreements(await entriesOf(folder), wrong));
  await rm(cwd, {recursive: true});
  // On a busy machine a probe may be blind for a moment: inconclusive.
  return {lines, wrong: code === 0 || code === 6 ? wrong : [`${drill}: exit ${code}: ${stdout}${stderr}`, ...wrong]};
}

async function playPoint({cluster, before}: Place, point: Point): Promise<Outcome> {
  const cwd = await folderFor(point.drill);
  const reports = join(cwd, 'reports');
  const child = start(runArgs(cluster), {cwd});
  let killed = Number(await killAt(child, reports, point.run));
  await child.ended;
  const folder = await runFolder(reports);
  // Killed before it had begun.
  if (folder === undefined || !existsSync(join(folder, 'journal.jsonl'))) {
    return {
      point,
      killed,
      at: 'nothing',
      compared: 'not compared',
      wrong: changes(before, await snapshot(cluster.connection)),
    };
  }
  const lines = await journalLines(folder);
  const at = typeOf(lines.at(-1));
  const rollback = ['rollback', folder, '--kubeconfig', cluster.kubeconfigFile];
  if (point.rollback !== undefined) {
    const first = start(rollback, {cwd});
    const {lines: more, delay} = point.rollback;
    killed += Number(await killAt(first, reports, {lines: lines.length + more, delay}));
    await first.ended;
  }
  const {code, stdout, stderr} = await kubedrill(rollback, {cwd});
  const wrong = changes(before, await snapshot(cluster.connection));
  const entries = lines.length > 0 ? await entriesOf(folder) : [];
  wrong.push(...disagreements(entries, wrong));
  if (lines.length > 0) {
    if (code !== 0) wrong.push(`rollback ended with ${code}: ${stdout}${stderr}`);
    wrong.push(...(await lookAfter(cluster, folder)));
  }
  await rm(cwd, {recursive: true});
  return {point, killed, at, compared: comparisonIn(entries), wrong};
}

/** What must hold once a rollback has ended: it is done, and doing it again changes nothing. */
async function lookAfter(cluster: CampaignCluster, folder: string): Promise<string[]> {
  const wrong: string[] = [];
  const {state, outstanding} = await statusOf(folder);
  if (state !== 'clean') wrong.push(`status is ${state}, with ${outstanding.length} outstanding`);
  if (existsSync(join(folder, 'vault'))) wrong.push('the vault is still there');
  if (!existsSync(join(folder, 'report.md'))) wrong.push('there is no report');
  const path = join(folder, 'journal.jsonl');
  const journal = await readFile(path, 'utf8');
  await rollBack({cluster}, folder);
  if ((await readFile(path, 'utf8')) !== journal) wrong.push('a second rollback wrote into the journal');
  return wrong;
}

const entriesOf = async (folder: string) => (await readJournal(join(folder, 'journal.jsonl'))).entries;

async function folderFor(drill: string): Promise<string> {
  const cwd = await temporaryFolder();
  await writeFile(join(cwd, 'scenario.yaml'), campaignDrills[drill] ?? '');
  return cwd;
}

const runArgs = ({kubeconfigFile}: CampaignCluster) => ['run', 'scenario.yaml', '--kubeconfig', kubeconfigFile, '-q'];

function typeOf(line = '{}'): string {
  const entry: unknown = JSON.parse(line);
  return String(Object(entry).type);
}
