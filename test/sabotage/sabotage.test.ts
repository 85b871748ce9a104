import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {DrillError, ExitCode} from '../../src/io/errors.ts';
import {readModel, verdict} from '../../src/report/index.ts';
import {renderDiagnostics} from '../../src/scenario/index.ts';
import {type Case, type Outcome, outcomeOf, playCase, playSpoiled, scenarioOf} from '../support/sabotage.ts';
import {loadText} from '../support/scenario.ts';
import {api} from './cases/api.ts';
import {checks} from './cases/checks.ts';
import {disks} from './cases/disks.ts';
import {faults} from './cases/faults.ts';
import {files} from './cases/files.ts';
import {guards} from './cases/guards.ts';
import {honest} from './cases/honest.ts';
import {honestInspection, inspections} from './cases/inspections.ts';
import {losses} from './cases/losses.ts';
import {prober} from './cases/prober.ts';
import {probes} from './cases/probes.ts';
import {type RecordCase, records} from './cases/records.ts';
import {recoveries} from './cases/recoveries.ts';
import {restored} from './cases/restored.ts';
import {steps} from './cases/steps.ts';
import {targets} from './cases/targets.ts';

/** Every theme is a way of lying; the honest drills show that the suite cannot be satisfied by refusing everything. */
const themes: Readonly<Record<string, readonly Case[]>> = {
  'the fault': faults,
  'the target': targets,
  'the probe': probes,
  'the check': checks,
  'the recovery': recoveries,
  'what is restored': restored,
  'the API server': api,
  'the prober': prober,
  'a loss': losses,
  'an inspection': inspections,
  'the beginning': guards,
  'a step': steps,
  'the disk': disks,
  'an honest drill': [...honest, honestInspection],
};

/** What the table shows. */
interface Row {
  theme: string;
  name: string;
  verdict: string;
  exitCode: number;
}
const rows: Row[] = [];

interface Expected extends Pick<Case, 'name' | 'exitCode' | 'because'> {
  verdict: string;
}

function compare(theme: string, expected: Expected, found: Omit<Outcome, 'verdict'> & {verdict: string}): void {
  const {name, verdict: wanted, exitCode, because} = expected;
  rows.push({theme, name, verdict: found.verdict, exitCode: found.exitCode});
  const said = found.verdict === 'passed' ? found.sentence : found.reasons.join('\n');
  expect([found.verdict, found.exitCode, said]).toEqual([wanted, exitCode, said]);
  for (const reason of [because].flat()) expect(said).toMatch(reason);
  expect(found.cleanup).toBe(exitCode === ExitCode.dirty ? 'dirty' : 'clean');
}

const named = <One extends {name: string}>(cases: readonly One[]) => cases.map((one) => [one.name, one] as const);

describe.concurrent.each(Object.entries(themes))('%s', (theme, cases) => {
  it.each(named(cases.filter(({alone}) => !alone)))('%s', async (_, one) => compare(theme, one, await playCase(one)));
});

/** After the others, one by one. */
const alone = Object.entries(themes).flatMap(([theme, cases]) =>
  cases.filter((one) => one.alone).map((one) => [theme, one.name, one] as const),
);
it.each(alone)('%s > %s', async (theme, _, one) => compare(theme, one, await playCase(one)));

describe('the file', () => {
  it.each(named(files))('%s', async (_, {name, scenario, because}) => {
    const {scenarios, diagnostics} = await loadText(scenarioOf(scenario));
    expect(scenarios).toEqual([]);
    const outcome = {
      verdict: 'no run',
      exitCode: ExitCode.usage,
      cleanup: 'clean',
      sentence: '',
      reasons: [renderDiagnostics(diagnostics)],
    } as const;
    compare('the file', {name, verdict: 'no run', exitCode: 2, because}, outcome);
  });
});

describe('the record', () => {
  let folder: string;
  let run: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubedrill-record-'));
    const original: Case = {
      name: 'the original',
      play: async (stage) => {
        const drill = await playSpoiled({...stage, folder}, {scenario: {stableFor: '2s'}});
        run = drill.folder;
        return outcomeOf(drill);
      },
      verdict: 'passed',
      exitCode: 0,
      because: /./,
    };
    const {verdict: found, sentence} = await playCase(original);
    if (found !== 'passed') throw new Error(`the drill whose record is changed did not pass: ${sentence}`);
  });
  afterAll(() => rm(folder, {recursive: true, force: true}));

  it.each(named(records))('%s', async (name, changed) => {
    const copy = join(folder, name.replaceAll(/\W/g, ''));
    await cp(run, copy, {recursive: true});
    await change(copy, changed);
    compare('the record', changed, await judge(copy));
  });
});

/** What a later look at a run folder comes to; a folder that cannot be read is a usage error. */
async function judge(folder: string): Promise<Parameters<typeof compare>[2]> {
  try {
    return {...verdict(await readModel(folder)), sentence: ''};
  } catch (error) {
    if (!(error instanceof DrillError)) throw error;
    const {exitCode, message} = error;
    return {verdict: 'no run', exitCode, cleanup: 'clean', sentence: '', reasons: [message]};
  }
}

async function change(folder: string, {journal, series, clumsy = false}: RecordCase): Promise<void> {
  const keep = async (
    path: string,
    which: NonNullable<RecordCase['journal']>,
    number = (line: string, _index: number) => line,
  ) => {
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    const kept = lines.filter(which);
    expect(kept.length).toBeLessThan(lines.length);
    await writeFile(path, kept.map((line, index) => `${number(line, index)}\n`).join(''));
  };
  const numbered = (line: string, seq: number) => JSON.stringify({...JSON.parse(line), seq});
  if (journal) await keep(join(folder, 'journal.jsonl'), journal, clumsy ? undefined : numbered);
  for (const name of await readdir(join(folder, 'series'))) {
    if (series === false) await rm(join(folder, 'series', name));
    else if (series) await keep(join(folder, 'series', name), series);
  }
}

afterAll(() => {
  const width = Math.max(...rows.map(({verdict: found}) => found.length));
  const lines = rows.map(
    ({theme, name, verdict: found, exitCode}) =>
      `${found.padEnd(width)}  ${String(exitCode).padStart(3)}  ${theme}: ${name}`,
  );
  const counts = Map.groupBy(rows, ({verdict: found}) => found);
  const summary = [...counts].map(([found, of]) => `${of.length} ${found}`).join(', ');
  process.stdout.write(`\n${lines.sort().join('\n')}\n${rows.length} cases: ${summary}\n`);
});
