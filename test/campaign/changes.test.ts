import {readFile} from 'node:fs/promises';
import process from 'node:process';
import {expect, it} from 'vitest';
import {type ChangeCase, changeCases} from '../support/changes/cases.ts';
import {ground, type Outcome} from '../support/changes/play.ts';
import {campaignSeed, campaignSize, onlyCase, playAgain} from '../support/choice.ts';

const variable = 'KUBEDRILL_CHANGES';
const size = campaignSize(variable, 600);
const perDrill = 15;
const kubeconfig = process.env.KUBEDRILL_E2E_SINGLE ?? '';
if (kubeconfig === '')
  process.stderr.write('SKIPPED: changes, as KUBEDRILL_E2E_SINGLE names no kubeconfig of a real cluster\n');

it.skipIf(kubeconfig === '')(
  `what a drill leaves of its changes is told, and nothing else (${size} changes)`,
  {
    timeout: 7_200_000,
  },
  async () => {
    const drills = onlyCase<ChangeCase[]>() ?? changeCases(campaignSeed, size, perDrill);
    const outcomes: Outcome[] = [];
    await using place = await ground(kubeconfig, await readFile(kubeconfig, 'utf8'));
    for (const [index, cases] of drills.entries()) {
      const outcome = await place.play(cases, index);
      outcomes.push(outcome);
      const lines = [...outcome.wrong, ...outcome.left.map((line) => `left, and told: ${line}`)];
      if (lines.length > 0) process.stdout.write(`${JSON.stringify(cases)}\n  ${lines.join('\n  ')}\n`);
    }
    const made = outcomes.reduce((sum, one) => sum + one.made, 0);
    const dirty = outcomes.filter(({cleanup}) => cleanup === 'dirty').length;
    process.stdout.write(
      `changes: ${made} in ${outcomes.length} drills, ${dirty} of them dirty; seed ${campaignSeed}\n`,
    );
    expect(
      outcomes.filter(({wrong}) => wrong.length > 0).map(({cases, wrong}) => ({case: JSON.stringify(cases), wrong})),
      playAgain(variable, size),
    ).toEqual([]);
  },
);
