import type {Case, Parts, Spoiled, Stage} from '../../../support/sabotage.ts';
import {calm, frontProbe} from '../../../support/sabotage.ts';
import {type Lenses, lenses, nameOf, openLenses} from './lenses.ts';
import {alikeByItself, expecting, type Row, rowsOf, type When} from './table.ts';
import {atSteps, furnish, give, mend, noEffect, roomy, signal, turn} from './timeline.ts';

interface World {
  lenses: Lenses;
  stage: Stage;
  /** Resolves when every check has answered so from now on, as the journal has it: to be called before what makes them. */
  answered(moment: string, answer: string): Promise<void>;
}

/** One drill for all kinds: each is asked by a check of its own, while the service need not notice anything. */
const checking =
  (parts: Parts, deeds: (world: World) => Parameters<typeof atSteps>[0], more = '') =>
  async (stage: Stage): Promise<Spoiled> => {
    await furnish(stage);
    const open = await openLenses(stage);
    let waiting: {moment: string; answer: string; left: Set<string>; resolve: () => void}[] = [];
    const answered: World['answered'] = (moment, answer) =>
      new Promise((resolve) => waiting.push({moment, answer, left: new Set(open.names), resolve}));
    const tell = atSteps(deeds({lenses: open, stage, answered}));
    return {
      scenario: {
        ...roomy,
        ...calm,
        // The front is the service's here, and a lens as well: the service is asked past it.
        probes: frontProbe(stage.front).replace(stage.front.url, 'http://10.96.77.77/'),
        checks: `[${open.asks.map(([name, asks]) => `{name: ${name}, ${withExpect(asks, more)}}`).join(', ')}]`,
        ...parts,
      },
      onEntry: (entry, control) => {
        tell(entry, control);
        if (entry.type === 'check.answered') {
          for (const one of waiting) {
            if (one.moment === entry.moment && one.answer === entry.answer) one.left.delete(entry.check);
          }
          const due = waiting.filter(({left}) => left.size === 0);
          waiting = waiting.filter(({left}) => left.size > 0);
          for (const {resolve} of due) resolve();
        }
        if (entry.type === 'run.ended') open.stop();
      },
    };
  };

/** What is added in the end stands for what the lens itself expects. */
const withExpect = (asks: string, more: string) =>
  more.includes('expect') ? `${asks.replace(/, expect: .*$/, '')}${more}` : `${asks}${more}`;

const each = (reason: (check: string) => string) =>
  Object.keys(lenses).map((kind) => new RegExp(reason(`[Tt]he check "${nameOf(kind)}"`)));

const byWhen: Record<Exclude<When, 'by itself'>, Case> = {
  'before the fault': expecting(
    'every kind turns red before the fault goes out',
    'refused',
    each((check) => `${check} answered fail instead of pass`),
    checking({inject: `[${signal()}, ${turn}]`}, ({lenses: all, stage}) => ({
      'inject.0 started': async () => {
        await all.down();
        await give(stage);
      },
      'recover.0 ended': all.up,
    })),
  ),
  'between fault and cure': expecting(
    'every kind is green again before the recovery acts',
    'inconclusive',
    each((check) => `${check} was well again before the recovery acted`),
    checking({recover: `[${signal()}, ${mend}]`}, ({lenses: all, stage, answered}) => ({
      'inject.0 ended': all.down,
      'recover.0 started': async () => {
        const green = answered('broken', 'pass');
        await all.up();
        await green;
        await give(stage);
      },
    })),
  ),
  'by the cure': expecting(
    'every kind turns red by the recovery',
    'inconclusive',
    each((check) => `${check} was seen as declared only after the recovery had begun to act`),
    checking({...noEffect, recover: `[${mend}, ${signal()}]`}, ({lenses: all, stage, answered}) => ({
      'recover.0 ended': async () => {
        const red = answered('broken', 'fail');
        await all.down();
        await red;
        await all.up();
        await give(stage);
      },
    })),
  ),
  'by a stranger': expecting(
    'every kind turns red again within the stability window, for a moment',
    'failed',
    each((check) => `${check} answered otherwise again`),
    checking({stableFor: '1500ms', within: '10s'}, ({lenses: all, answered}) => ({
      'inject.0 ended': all.down,
      'recover.0 ended': async () => {
        const green = answered('after', 'pass');
        await all.up();
        await green;
        const red = answered('after', 'fail');
        await all.down();
        await red;
        await all.up();
      },
    })),
  ),
  skipped: expecting(
    'no kind is asked after the recovery',
    'inconclusive',
    /No check is asked after the recovery/,
    checking(
      {},
      ({lenses: all}) => ({'inject.0 ended': all.down, 'recover.0 ended': all.up}),
      ', states: {after: skip}',
    ),
  ),
  unchanged: expecting(
    'nothing changes for any kind',
    'inconclusive',
    each((check) => `${check} answered pass while it was broken; fail is declared`),
    checking(noEffect, () => ({})),
  ),
  unseen: expecting(
    'no kind can say whether it is broken',
    'inconclusive',
    each((check) => `${check} answered error .* while it was broken; fail is declared`),
    checking({...noEffect, within: '3600ms'}, () => ({}), ', expect: 1 / 0 == 1, states: {before: skip, after: skip}'),
  ),
};

/** Each kind of check: its answers are not the fault's doing, or not what the recovery mended. */
export const checkAxis = rowsOf(Object.keys(lenses), (): Row => ({...byWhen, 'by itself': alikeByItself}));

/** The same drill, not spoiled. */
export const honestChecks = expecting(
  'every kind of check turns by the fault and by the cure',
  'passed',
  /PASSED|no user impact seen/,
  checking({}, ({lenses: all}) => ({'inject.0 ended': all.down, 'recover.0 ended': all.up})),
);
