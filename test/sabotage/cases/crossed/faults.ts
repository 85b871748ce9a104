import {at, type Case, calm, frontProbe, type Parts, type Spoiled, type Stage} from '../../../support/sabotage.ts';
import {type FaultKind, faultKinds} from './fault-kinds.ts';
import {type Cell, drillsOf, expecting, type Row, rowsOf} from './table.ts';
import {
  atSteps,
  bringBack,
  flap,
  frontOf,
  furnish,
  give,
  mend,
  noEffect,
  objectAt,
  openEyes,
  roomy,
  signal,
} from './timeline.ts';

type Deeds = Parameters<typeof atSteps>[0];
interface Plot {
  parts?: (fault: string) => Parts;
  deeds?: (world: {stage: Stage; flap: () => Promise<void>; back: () => Promise<void>}) => Deeds;
  /** Before the drill. */
  before?: (stage: Stage) => unknown;
  /** Instead of the kind's own step. */
  step?: string;
}

/** A drill with one fault of the kind, whose service is the front, which the fault does not touch. */
const drill =
  (kind: FaultKind, {parts = () => ({}), deeds = () => ({}), before, step}: Plot) =>
  async (stage: Stage): Promise<Spoiled> => {
    await furnish(stage);
    await kind.furnish?.(stage);
    await before?.(stage);
    const eyes = openEyes();
    const fault = `{id: fault, ${step ?? kind.step(stage)}}`;
    return {
      scenario: {...roomy, probes: frontProbe(stage.front), inject: `[${fault}]`, ...parts(fault)},
      onSample: eyes.onSample,
      onEntry: atSteps(
        deeds({
          stage,
          flap: () => flap(frontOf(stage), eyes, ['answers']),
          back: () => bringBack(frontOf(stage), eyes, ['answers']),
        }),
      ),
      answer: () => ({outcome: 'done', who: 'ada'}),
    };
  };

/** The fault is real, and may not be noticed. */
const quiet: Parts = {...calm, effect: '{within: 600ms}'};

/** The answer of an API that did nothing: the object as it is, or as it was sent. */
const pretend = (stage: Stage, call: NonNullable<FaultKind['call']>) =>
  stage.proxy.when(call, async ({url, method, body, answer}) => {
    const live = method === 'POST' ? undefined : await objectAt(stage, url.pathname);
    const sent = body === '' ? {} : JSON.parse(body);
    answer(200, live ?? {...sent, metadata: {...sent.metadata, uid: '00000000-0000-4000-8000-000000000000'}});
  });

function rowOf(name: string): Row {
  const kind = faultKinds[name];
  if (kind === undefined) throw new Error(`no fault of the kind ${name}`);
  const inconclusive = (what: string, because: Case['because'], plot: Plot) =>
    expecting(`${name}: ${what}`, 'inconclusive', because, drill(kind, plot));
  return {
    'before the fault': inconclusive(
      'the service is down before it goes out, and not by it',
      /The service web was (not seen down|seen down only in an outage that had begun before the fault)/,
      {
        parts: (fault) => ({...noEffect, inject: `[${signal()}, ${fault}]`}),
        deeds: ({stage, flap: flapFront}) => ({'inject.0 started': () => flapFront().then(() => give(stage))}),
      },
    ),
    'between fault and cure': inconclusive(
      'the service is back before the recovery acts',
      /The service web was back before the recovery acted/,
      {
        parts: () => ({recover: `[${signal()}, ${mend}]`}),
        deeds: ({stage, flap: flapFront}) => ({'inject.0 ended': () => flapFront().then(() => give(stage))}),
      },
    ),
    'by the cure': inconclusive(
      'the service goes down by the recovery',
      /The service web was seen down only after the recovery had begun to act/,
      {
        parts: () => ({...noEffect, recover: `[${mend}, ${signal()}]`}),
        deeds: ({stage, flap: flapFront}) => ({'recover.0 ended': () => flapFront().then(() => give(stage))}),
      },
    ),
    'by a stranger': byStranger(name, kind),
    'by itself': kind.heals
      ? inconclusive('it comes back by itself, and a recovery acts', /What was broken comes back by itself/, {
          deeds: ({stage, back}) => ({'inject.0 ended': frontOf(stage).down, 'recover.0 ended': back}),
        })
      : {never: 'its undo does more than wait, or nobody knows: it is not known to come back by itself'},
    skipped:
      name === 'manual'
        ? expecting(`${name}: nobody is there`, 'error', /No fault was injected/, async (stage) => {
            const {answer: _, ...unattended} = await drill(kind, {
              step: `${kind.step(stage)}, unattended: skip`,
              parts: () => noEffect,
            })(stage);
            return unattended;
          })
        : expecting(`${name}: its \`if\` is false`, 'error', /No fault was injected/, async (stage) =>
            drill(kind, {step: `if: 1 > 2, ${kind.step(stage)}`, parts: () => ({recover: '[]', ...noEffect})})(stage),
          ),
    unchanged: inconclusive('it changes nothing', kind.unseen, {
      ...(kind.idle === undefined ? {} : {step: kind.idle}),
      parts: () => quiet,
      before: (stage) => (kind.call === undefined ? undefined : pretend(stage, kind.call)),
    }),
    unseen: inconclusive('nobody sees anything of it', /The service web was not seen down; an outage of up to/, {
      parts: () => noEffect,
    }),
  };
}

function byStranger(name: string, kind: FaultKind): Cell {
  const {call, hinder, forestall, revert, letGo} = kind;
  if (hinder === undefined && forestall === undefined && revert === undefined) {
    return {never: 'what a person did and a stranger took back looks as what a person did not do: `unchanged`'};
  }
  return expecting(`${name}: a stranger keeps it from biting`, 'inconclusive', kind.unseen, async (stage) => {
    const spoiled = await drill(kind, {parts: () => quiet, before: (one) => hinder?.(one)})(stage);
    if (call !== undefined) {
      stage.proxy.when(call, async ({forward, answer}) => {
        await forestall?.(stage);
        const {status, body} = await forward();
        await revert?.(stage);
        answer(status, body);
      });
    }
    const deeds = at({
      injected: () => (call === undefined ? revert?.(stage) : undefined),
      // Nobody hinders what takes it back.
      undo: () => {
        stage.proxy.clear();
        return letGo?.(stage);
      },
    });
    return {...spoiled, onEntry: deeds};
  });
}

/** Each kind of fault: it did not go out, did not bite, or is not what the service suffered from. */
export const faultAxis = rowsOf(Object.keys(faultKinds), rowOf);

/** The same drill, not spoiled: the service goes down by the fault, and comes back by the cure. */
const honest = (name: string, kind: FaultKind): Case =>
  expecting(
    `${name}: it takes the service down, and ${kind.heals ? 'it comes back' : 'the recovery brings it back'}`,
    'passed',
    /web was back after/,
    drill(kind, {
      // What comes back by itself has no recovery to be credited with.
      ...(kind.heals ? {parts: () => ({recover: '[]'})} : {}),
      deeds: ({stage, back}) => ({
        'inject.0 ended': frontOf(stage).down,
        [kind.heals ? 'verify' : 'recover.0 ended']: back,
      }),
    }),
  );

const familyOf = (name: string) =>
  ({deployment: 'workloads', pod: 'workloads', node: 'nodes', network: 'nodes', object: 'objects'})[
    name.split('/')[0] ?? ''
  ] ?? 'others';

/** The drills of a family of faults: each family has a file, so that they are played side by side. */
export const faultsOf = (family: 'workloads' | 'nodes' | 'objects' | 'others'): readonly Case[] =>
  Object.entries(faultKinds)
    .filter(([name]) => familyOf(name) === family)
    .flatMap(([name, kind]) => [honest(name, kind), ...drillsOf({[name]: faultAxis[name] ?? rowOf(name)})]);
