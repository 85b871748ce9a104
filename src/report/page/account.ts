import type {Account, Cause, CureAccount, FaultAccount, OutageAccount, RedAccount} from '../account/types.ts';
import type {ReportModel} from '../types.ts';
import {type Block, code, joined, type Line, line, outside, own, section, strong, table} from './content.ts';
import {brokeWords} from './evidence.ts';
import {stamp} from './time.ts';

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
        ...found.canaries.map(({canary, tried, taken}) => [
          line`canary ${code(canary)}`,
          own('after the recovery'),
          own('n/a'),
          own(`${taken} of ${tried} writes taken again`),
        ]),
      ],
    ),
    ...unwatched(found),
  );
}

type Row = readonly Line[];

function faultRow(model: ReportModel, {path, what, out, why, proof, unseen, written}: FaultAccount): Row {
  const how = {effect: 'its own effect', prove: 'effect.prove', outage: 'an outage', check: 'a check'};
  return [
    line`fault ${code(path)}: ${what}`,
    own(out ? stamp(model, out) : 'never'),
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

function outageRow(model: ReportModel, {service, began, cause, faults, endedBy, menders}: OutageAccount): Row {
  const ended = {
    cure: 'back after the recovery had acted',
    other: 'back before the recovery acted',
    either: 'back after the recovery had acted, or by itself',
  };
  return [
    line`outage of ${code(service)}`,
    own(stamp(model, began)),
    causeOf(cause, faults),
    menders ? mendedBy(menders) : own(endedBy ? ended[endedBy] : 'n/a'),
  ];
}

function redRow(model: ReportModel, {check, seen, cause, faults, back, menders}: RedAccount): Row {
  return [
    line`check ${check}`,
    own(seen ? stamp(model, seen) : 'never'),
    cause ? causeOf(cause, faults) : own('n/a'),
    menders
      ? mendedBy(menders)
      : own(
          back
            ? 'well again before the recovery acted'
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
    own(acted ? stamp(model, acted) : 'never'),
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

function unwatched({watched}: Account): Block[] {
  const list = (some: Account['watched']) => some.map(({series}) => series).join(', ');
  const blind = watched.filter(({after}) => !after);
  const late = watched.filter(({after, during}) => after && during === false);
  const sentences = [
    ...(blind.length > 0 ? [`Not sampled after the effect: ${list(blind)}.`] : []),
    ...(late.length > 0 ? [`Not sampled between the effect and the recovery, or the undo: ${list(late)}.`] : []),
  ];
  return sentences.map((sentence) => ({kind: 'paragraph', line: outside(sentence)}));
}
