import type {Case, Parts, Spoiled, Stage} from '../../../support/sabotage.ts';
import {type Lenses, lenses, nameOf, openLenses} from './lenses.ts';
import {alikeByItself, expecting, type Row, rowsOf, type When} from './table.ts';
import {
  atSteps,
  bringBack,
  type Eyes,
  flap,
  furnish,
  give,
  mend,
  noEffect,
  openEyes,
  roomy,
  signal,
  turn,
} from './timeline.ts';

type Deeds = (world: {lenses: Lenses; eyes: Eyes; stage: Stage}) => Parameters<typeof atSteps>[0];

/** One drill for all kinds: each is the only probe of a service of its own, which has its own reasons. */
const watching =
  (parts: Parts, deeds: Deeds, {every = '500ms', rto = '20s', kinds = Object.keys(lenses)} = {}) =>
  async (stage: Stage): Promise<Spoiled> => {
    await furnish(stage);
    const open = await openLenses(stage, kinds);
    const eyes = openEyes();
    const tell = atSteps(deeds({lenses: open, eyes, stage}));
    return {
      scenario: {
        ...roomy,
        probes: `[${open.asks.map(([name, asks]) => `{name: ${name}, from: runner, every: ${every}, ${asks}}`).join(', ')}]`,
        services: `{${open.names.map((name) => `${name}: {up: [${name}]}`).join(', ')}}`,
        objectives: `[${open.names.map((name) => `{rto: ${rto}, of: ${name}, from: fault, source: a test}`).join(', ')}]`,
        ...parts,
      },
      onSample: eyes.onSample,
      onEntry: (entry, control) => {
        tell(entry, control);
        if (entry.type === 'run.ended') open.stop();
      },
    };
  };

/** A reason of each kind. */
const each = (reason: (name: string) => string) =>
  Object.keys(lenses).map((kind) => new RegExp(`^${reason(`The service ${nameOf(kind)}`)}`, 'm'));

const byWhen: Record<Exclude<When, 'by itself' | 'unseen'>, Case> = {
  'before the fault': expecting(
    'every kind sees an outage before the fault, and none by it',
    'inconclusive',
    each((service) => `${service} was (not seen down|seen down only in an outage that had begun before the fault)`),
    watching({...noEffect, inject: `[${signal()}, ${turn}]`}, ({lenses: all, eyes, stage}) => ({
      'inject.0 started': async () => {
        await flap(all, eyes, all.names);
        await give(stage);
      },
    })),
  ),
  'between fault and cure': expecting(
    'every kind sees the service back before the recovery acts',
    'inconclusive',
    each((service) => `${service} was back before the recovery acted`),
    watching({recover: `[${signal()}, ${mend}]`}, ({lenses: all, eyes, stage}) => ({
      'inject.0 ended': all.down,
      'recover.0 started': async () => {
        await all.up();
        await eyes.see('ok', all.names);
        await give(stage);
      },
    })),
  ),
  'by the cure': expecting(
    'every kind sees an outage that the recovery makes',
    'inconclusive',
    each((service) => `${service} was seen down only after the recovery had begun to act`),
    watching({...noEffect, recover: `[${mend}, ${signal()}]`}, ({lenses: all, eyes, stage}) => ({
      'recover.0 ended': async () => {
        await flap(all, eyes, all.names);
        await give(stage);
      },
    })),
  ),
  'by a stranger': expecting(
    'every kind sees a stranger break it again after the recovery',
    'failed',
    each((service) => `${service} was (still down when the drill ended|bad again after it had recovered)`),
    watching(
      {recover: `[${mend}, ${signal()}]`, within: '1600ms'},
      ({lenses: all, eyes, stage}) => ({
        'inject.0 ended': all.down,
        'recover.0 ended': async () => {
          await all.up();
          await eyes.see('ok', all.names);
          await all.down();
          await eyes.see('bad', all.names);
          await give(stage);
        },
      }),
      {rto: '1s'},
    ),
  ),
  skipped: expecting(
    'every kind sees the service come back, and the recovery was skipped',
    'inconclusive',
    /No step of the recovery changed anything: recover\.0 \(Put it back\) was skipped/,
    watching({recover: '[{manual: Put it back, unattended: skip}]'}, ({lenses: all}) => ({
      'inject.0 ended': all.down,
      'recover.0 ended': all.up,
    })),
  ),
  unchanged: expecting(
    'nothing changes for any kind',
    'inconclusive',
    each((service) => `${service} was not seen down; an outage of up to .* could have gone unseen`),
    watching(noEffect, () => ({})),
  ),
};

/** Each kind of probe: what it sees is not the fault's doing, or not what the recovery mended. */
export const probeAxis = rowsOf(
  Object.keys(lenses),
  (kind): Row => ({...byWhen, 'by itself': alikeByItself, unseen: unseenBy(kind)}),
);

/** Alone, as the first sample of a slow series may be long in coming beside others. */
function unseenBy(kind: string): Case {
  return expecting(
    `${kind} looks away while the service is down`,
    'inconclusive',
    [
      new RegExp(`The service ${nameOf(kind)} was not seen down`),
      new RegExp(`No sample of ${nameOf(kind)} .* began after the fault had taken effect`),
    ],
    watching(
      {...noEffect, within: '1600ms'},
      ({lenses: all}) => ({'inject.0 ended': all.down, 'recover.0 started': all.up}),
      {every: '60s', rto: '1s', kinds: [kind]},
    ),
  );
}

/** The same drill, not spoiled. */
export const honestProbes = expecting(
  'every kind of probe sees the fault and the cure',
  'passed',
  /was back after/,
  watching({}, ({lenses: all, eyes}) => ({
    'inject.0 ended': all.down,
    'recover.0 ended': () => bringBack(all, eyes, all.names),
  })),
);
