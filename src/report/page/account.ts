import type {Account, Cause, CureAccount, FaultAccount, OutageAccount, RedAccount} from '../account/types.ts';
import {atLeast} from '../figures.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, joined, type Line, line, own, section, strong, table} from './content.ts';
import {brokeWords} from './evidence.ts';
import {span, stamp} from './time.ts';

/** What did what: the account that the verdict's rows read. */
export function account(model: ReportModel): Block[] {
  const {account: found, injected} = model;
  if (!found || !injected) return [];
  return section(
    'What did what',
    ...table(
      ['What', 'When (UTC)', 'By what it began, or its proof', 'What it came to'],
      [
        ...found.faults.map((fault) => faultRow(model, fault)),
        ...found.outages.map((outage) => outageRow(model, outage)),
        ...found.reds.map((red) => redRow(model, red)),
        ...found.cures.map((cure) => cureRow(model, cure)),
        ...found.watched.map(seriesRow),
        ...found.held.map((held) => heldRow(model, held)),
        ...found.canaries.map(({canary, tried, taken}) => [
          line`canary ${code(canary)}`,
          own('after the recovery'),
          own('n/a'),
          own(`${taken} of ${tried} writes taken again`),
        ]),
      ],
    ),
  );
}

type Row = readonly Line[];

function faultRow(model: ReportModel, {path, what, out, why, proof, unseen, written}: FaultAccount): Row {
  const how = {effect: 'its own effect', prove: 'effect.prove', outage: 'an outage', check: 'a check'};
  return [
    line`fault ${code(path)}: ${what}`,
    own(out ? span(model, out) : 'never'),
    proof
      ? line`${own(how[proof.by])}: ${proof.detail}${own(proof.ownWrite ? onlyWritten : '')}`
      : line`${strong('none')}${noProof(unseen, written)}`,
    why === undefined ? own('went out') : line`${strong(why)}`,
  ];
}

const onlyWritten = ', which shows only that the API server took the write';

/** What speaks against the fault, or for no more than its own write. */
function noProof(unseen: string | undefined, written: string | undefined): Line {
  if (unseen !== undefined) return line`: ${unseen}`;
  return written === undefined ? [] : line`: ${written}, which is no more than its own write`;
}

function outageRow(
  model: ReportModel,
  {service, began, ended: over, cause, faults, endedBy, menders}: OutageAccount,
): Row {
  const ended = {
    cure: 'back after the recovery had acted',
    other: 'back before the recovery acted',
    either: 'back after the recovery had acted, or by itself',
  };
  return [
    line`outage of ${code(service)}`,
    own(span(model, began)),
    causeOf(cause, faults),
    menders
      ? mendedBy(menders)
      : own(over === undefined ? 'not back' : (unrecovered(model) ?? ended[endedBy ?? 'other'])),
  ];
}

function redRow(model: ReportModel, {check, seen, cause, faults, back, menders}: RedAccount): Row {
  return [
    line`check ${check}`,
    own(seen ? span(model, seen) : 'never'),
    cause ? causeOf(cause, faults) : own('n/a'),
    menders
      ? mendedBy(menders)
      : own(
          back
            ? (unrecovered(model, 'well again') ?? 'well again before the recovery acted')
            : seen
              ? 'as declared while broken'
              : 'never as declared while broken',
        ),
  ];
}

function cureRow(model: ReportModel, cure: CureAccount): Row {
  const {path, what, acted} = cure;
  return [
    line`recovery ${code(path)}: ${what}`,
    own(acted ? span(model, acted) : 'never'),
    own('n/a'),
    cameTo(model, cure),
  ];
}

/** What a program or a person did is in no journal: they are taken at their word, unless they say that they failed. */
function cameTo({steps}: ReportModel, {path, what, changed, broke, why}: CureAccount): Line {
  const isTold = what === 'command/run' || steps.some((step) => step.path === path && step.form === 'manual');
  if (broke !== undefined) {
    const done = isTold ? 'nobody knows what it did' : changed ? 'it had changed something' : 'it had changed nothing';
    return line`${strong(brokeWords[broke])}; ${own(done)}`;
  }
  return changed ? own(isTold ? 'said to be done' : 'changed something') : line`${strong(why ?? 'changed nothing')}`;
}

/** Back, where no recovery can have done it; undefined where one acted. */
function unrecovered({account: found}: ReportModel, back = 'back'): string | undefined {
  const cures = found?.cures ?? [];
  if (cures.some(({changed}) => changed)) return undefined;
  return `${back}; ${cures.length === 0 ? 'no recovery was played' : 'no step of the recovery changed anything'}`;
}

/** A further step of `inject` acted meanwhile. */
const mendedBy = (paths: readonly string[]): Line => line`perhaps back by ${named(paths)}`;

const named = (paths: readonly string[]): Line =>
  joined(
    paths.map((path) => [code(path)]),
    ' or ',
  );

/** In words; several faults are named, as any of them may have been it. */
function causeOf(cause: Cause, faults: readonly string[]): Line {
  if (cause === 'cure') return own('perhaps the recovery');
  if (cause === 'neither') return own('something before the fault');
  if (faults.length === 0) return own('the fault');
  return line`fault ${named(faults)}`;
}

/** Whether somebody looked after the fault, and before the recovery or the undo. */
function seriesRow({series, after, during}: Account['watched'][number]): Row {
  const looked = !after
    ? strong('not sampled after the effect')
    : during === false
      ? strong('not sampled between the effect and the recovery, or the undo')
      : {kind: 'own' as const, text: 'sampled after the effect'};
  return [line`series ${code(series)}`, own('after the effect'), own('n/a'), [looked]];
}

/** Whether a check went on answering as declared. */
function heldRow(model: ReportModel, {check, red, lasted}: Account['held'][number]): Row {
  const held = lasted === undefined ? 'not as declared at the end' : `as declared for ${atLeast(lasted)} at the end`;
  return [
    line`check ${check}, held`,
    own(red === undefined ? 'in verify' : stamp(model, {earliest: red, latest: red})),
    own('n/a'),
    red === undefined ? own(held) : line`${strong('answered otherwise again')}; ${own(held)}`,
  ];
}
