import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {stepForms} from '../../../../src/scenario/schema/steps.ts';
import type {Case, Parts, Spoiled, Stage} from '../../../support/sabotage.ts';
import {frontProbe} from '../../../support/sabotage.ts';
import {type Cell, expecting, type Row, rowsOf} from './table.ts';
import {
  atSteps,
  bringBack,
  flap,
  frontOf,
  furnish,
  give,
  mend,
  mergePatch,
  noEffect,
  openEyes,
  roomy,
  signal,
  turn,
} from './timeline.ts';

type Form = (typeof stepForms)[number];

interface World {
  stage: Stage;
  /** The front down until seen, and up until seen. */
  flap: () => Promise<void>;
  down: () => unknown;
  up: () => unknown;
  /** Up once it was seen down again. */
  back: () => Promise<void>;
}

/** A drill whose service is the front, with real steps of all forms to choose from. */
const drill =
  (parts: Parts, deeds: (world: World) => Parameters<typeof atSteps>[0], more: Partial<Spoiled> = {}) =>
  async (stage: Stage): Promise<Spoiled> => {
    await furnish(stage);
    const eyes = openEyes();
    const front = frontOf(stage);
    const world = {
      stage,
      flap: () => flap(front, eyes, ['answers']),
      back: () => bringBack(front, eyes, ['answers']),
      ...front,
    };
    return {
      scenario: {...roomy, probes: frontProbe(stage.front), ...parts},
      onSample: eyes.onSample,
      onEntry: atSteps(deeds(world)),
      answer: () => ({outcome: 'done', who: 'ada'}),
      ...more,
    };
  };

const waits = {never: 'waiting brings nothing back: no cure has this form'};
const alike = {never: 'what a person did is only known from what they say'};

const writes = (name: string) =>
  `uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, namespace: shop}, data: {state: restored}}}`;
/** Does what the step {@link writes} would do. */
const write = ({api}: Stage, name: string) =>
  api('POST', '/api/v1/namespaces/shop/configmaps', {metadata: {name}, data: {state: 'restored'}});

/** A step that changes something in the recovery, by its form, as far as there is one; without its braces. */
const cures: Readonly<Partial<Record<Form, string>>> = {
  uses: writes('one'),
  manual: 'manual: Put it back',
  undo: 'undo: turn',
  parallel: `parallel: [{${writes('one')}}, {${writes('two')}}]`,
};
/** A step that changes nothing, and ends with the outsider's sign, by its form, as far as there is one. */
const lookouts: Readonly<Partial<Record<Form, (stage: Stage) => string>>> = {
  uses: (stage) =>
    `{uses: command/run, with: {mutates: false, argv: [sh, -c, 'until test -e "$0"; do sleep 0.05; done', "${signFile(stage)}"]}}`,
  waitFor: () => signal(),
  pause: () => '{pause: 3s}',
  parallel: () => `{parallel: [${signal()}, {pause: 100ms}]}`,
};
const signFile = ({folder}: Stage) => join(folder, 'go');
const sign = (stage: Stage) => Promise.all([give(stage), writeFile(signFile(stage), '')]);

const inconclusive = (name: string, because: Case['because'], spoil: NonNullable<Case['spoil']>) =>
  expecting(name, 'inconclusive', because, spoil);

/** The service is down by the fault, and up once the last step of the recovery has ended. */
const healing =
  (last: string) =>
  ({down, back}: World) => ({'inject.0 ended': down, [`${last} ended`]: back});

function beforeFault(form: Form): Cell {
  const lookout = lookouts[form];
  if (form === 'manual') return {never: 'what a person does in `inject` is a fault: its row is there'};
  if (lookout === undefined) return {never: 'it stands in `recover` alone'};
  return inconclusive(
    `${form}: the service is down in a step of this form before the fault`,
    /The service web was (not seen down|seen down only in an outage that had begun before the fault)/,
    (stage) =>
      drill({...noEffect, inject: `[${lookout(stage)}, ${turn}]`}, ({flap: flapFront}) => ({
        'inject.0 started': () => flapFront().then(() => sign(stage)),
      }))(stage),
  );
}

const between = (form: Form): Cell =>
  inconclusive(
    form in lookouts
      ? `${form}: the service is back in a step of this form that only waits`
      : `${form}: the service is back before a step of this form`,
    /The service web was back before the recovery acted/,
    (stage) => {
      const lookout = lookouts[form]?.(stage) ?? signal();
      const cure = form in lookouts ? mend : `{${cures[form]}}`;
      return drill({recover: `[${lookout}, ${cure}]`}, ({flap: flapFront, down}) => ({
        'inject.0 ended': down,
        recover: () => flapFront().then(() => sign(stage)),
      }))(stage);
    },
  );

function byCure(form: Form): Cell {
  if (cures[form] === undefined) return waits;
  return inconclusive(
    `${form}: the service goes down by it`,
    /The service web was seen down only after the recovery had begun to act/,
    (stage) =>
      drill({...noEffect, recover: `[{${cures[form]}}, ${signal()}]`}, ({flap: flapFront}) => ({
        'recover.0 ended': () => flapFront().then(() => sign(stage)),
      }))(stage),
  );
}

/** The recovery of one step, that changes nothing. */
const idle = (name: string, why: string, parts: Parts, more: {before?: (stage: Stage) => unknown; alone?: true} = {}) =>
  inconclusive(name, new RegExp(`No step of the recovery changed anything: .*${why}`), async (stage) => {
    await more.before?.(stage);
    const spoiled = await drill(parts, healing('recover.0'))(stage);
    if (more.alone !== true) return spoiled;
    const {answer: _, ...unattended} = spoiled;
    return unattended;
  });

function byStranger(form: Form): Cell {
  if (form === 'manual') return alike;
  const cure = cures[form];
  if (cure === undefined) return waits;
  if (form !== 'undo') {
    return inconclusive(
      `${form}: a stranger does all of it right before it`,
      /No step of the recovery changed anything: .* changed nothing/,
      (stage) =>
        drill({recover: `[${signal()}, {${cure}}]`}, ({down, up}) => ({
          'inject.0 ended': down,
          'recover.0 started': async () => {
            await Promise.all([write(stage, 'one'), write(stage, 'two')]);
            await give(stage);
          },
          'recover.1 ended': up,
        }))(stage),
    );
  }
  return inconclusive(
    'undo: a stranger has taken the fault back before it',
    /No step of the recovery changed anything: recover\.1 \(turn\) changed nothing/,
    (stage) =>
      drill({recover: `[${signal()}, {undo: turn}]`}, ({down, up}) => ({
        'inject.0 ended': down,
        'recover.0 started': async () => {
          const body = {data: {state: 'as it was'}};
          await stage.api('PATCH', '/api/v1/namespaces/shop/configmaps/turned', body, mergePatch);
          await give(stage);
        },
        'recover.1 ended': up,
      }))(stage),
  );
}

function byItself(form: Form): Cell {
  if (form === 'undo') return {never: 'the undo of what comes back by itself waits for it: it is no cure'};
  if (cures[form] === undefined) return waits;
  return inconclusive(
    `${form}: it acts, and what was broken comes back by itself`,
    /What was broken comes back by itself: nothing shows that the recovery did it/,
    drill(
      {inject: '[{uses: pod/delete, with: {namespace: shop, selector: app=web}}]', recover: `[{${cures[form]}}]`},
      healing('recover.0'),
    ),
  );
}

function skipped(form: Form): Cell {
  const cure = cures[form];
  if (cure === undefined) return waits;
  return form === 'manual'
    ? idle('manual: nobody is there', 'was skipped', {recover: `[{${cure}, unattended: skip}]`}, {alone: true})
    : idle(`${form}: its \`if\` is false`, 'was (skipped|not played)', {recover: `[{if: 1 > 2, ${cure}}]`});
}

function unchanged(form: Form): Cell {
  const cure = cures[form];
  if (form === 'manual') return alike;
  if (form === 'undo') return {never: 'what it finds taken back was taken back by a stranger: that cell'};
  if (cure === undefined) return waits;
  return idle(
    `${form}: all of it is as written from the start`,
    'changed nothing',
    {recover: `[{${cure}}]`},
    {
      before: (stage) => Promise.all([write(stage, 'one'), write(stage, 'two')]),
    },
  );
}

const unseen = (form: Form): Cell =>
  inconclusive(
    `${form}: nobody sees what it would bring back`,
    /The service web was not seen down; an outage of up to/,
    (stage) =>
      drill({...noEffect, recover: `[${form in cures ? `{${cures[form]}}` : lookouts[form]?.(stage)}]`}, () => ({
        recover: () => sign(stage),
      }))(stage),
  );

const rowOf = (form: Form): Row => ({
  'before the fault': beforeFault(form),
  'between fault and cure': between(form),
  'by the cure': byCure(form),
  'by a stranger': byStranger(form),
  'by itself': byItself(form),
  skipped: skipped(form),
  unchanged: unchanged(form),
  unseen: unseen(form),
});

/** Each form of step: as what comes before the fault, and as the recovery. */
export const stepAxis = rowsOf(stepForms, rowOf);

/** The same drills, not spoiled. Where the recovery only waits, what comes back by itself is what was to be shown. */
export const honestSteps: readonly Case[] = [
  ...stepForms.map((form) =>
    expecting(`${form}: the recovery is a step of this form`, 'passed', /web was back after/, (stage) => {
      const cure = form in cures ? `{${cures[form]}}` : lookouts[form]?.(stage);
      const deeds = (world: World) => ({...healing('recover.0')(world), recover: () => sign(stage)});
      return drill({recover: `[${cure}]`}, deeds)(stage);
    }),
  ),
  expecting(
    'uses: what is left out by its `if` would only have looked',
    'passed',
    /web was back after/,
    drill({recover: '[{if: 1 > 2, uses: command/run, with: {mutates: false, argv: ["true"]}}]'}, healing('recover.0')),
  ),
];
