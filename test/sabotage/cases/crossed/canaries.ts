import {at, type Case, frontProbe, type Parts, type Spoiled, type Stage} from '../../../support/sabotage.ts';
import {type Shelf, shelves} from './stores.ts';
import {alikeByItself, expecting, type Row, rowsOf, type When} from './table.ts';
import {furnish, mend, roomy} from './timeline.ts';

type Deeds = (all: readonly Shelf[]) => Parameters<typeof at>[0];

/** One drill for several kinds: each writes to a store of its own, while the service need not notice anything. */
const writing =
  (
    deeds: Deeds,
    parts: Parts = {},
    {rpo = '20s', every = '200ms', kinds = Object.keys(shelves), first = (_: Shelf): unknown => undefined} = {},
  ) =>
  async (stage: Stage): Promise<Spoiled> => {
    await furnish(stage);
    const open = await Promise.all(
      Object.entries(shelves)
        .filter(([name]) => kinds.includes(name))
        .map(async ([name, shelf]) => ({name, ...(await shelf(stage))})),
    );
    for (const shelf of open) await first(shelf);
    const tell = at(deeds(open));
    return {
      scenario: {
        ...roomy,
        probes: frontProbe(stage.front, '1s'),
        services: '{web: {up: [answers], outage: possible}}',
        canaries: `[${open.map(({name, writes}) => `{name: ${name}, every: ${every}, ${writes}}`).join(', ')}]`,
        objectives: `[{rto: 20s, of: web, from: fault, source: a test}, ${open
          .map(({name}) => `{rpo: ${rpo}, of: ${name}, source: a test}`)
          .join(', ')}]`,
        ...parts,
      },
      onEntry: (entry, control) => {
        tell(entry, control);
        // What it has written must be found, to be taken back.
        if (entry.type === 'phase.entered' && entry.phase === 'undo') stage.proxy.clear();
        if (entry.type !== 'run.ended') return;
        for (const shelf of open) void shelf.stop?.();
      },
    };
  };

const each = (reason: (canary: string) => string) => Object.keys(shelves).map((kind) => new RegExp(reason(kind)));
const all = (deed: (shelf: Shelf) => unknown) => (open: readonly Shelf[]) => () => Promise.all(open.map(deed));
const lying = (how: Parameters<Shelf['lie']>[0]) => all((shelf) => shelf.lie(how));
/** Time in which much is written and lost. */
const slowly = {recover: `[{pause: 2500ms}, ${mend}]`};

const byWhen: Record<Exclude<When, 'by itself' | 'before the fault'>, Case> = {
  'between fault and cure': expecting(
    'every kind of store forgets what it acknowledges from the fault on',
    'failed',
    each((canary) => `The RPO of ${canary} is .*, beyond its target of 1 s`),
    writing((open) => ({injected: lying('forgets')(open)}), slowly, {rpo: '1s'}),
  ),
  'by the cure': expecting(
    'no kind of store takes writes any more after the recovery',
    'inconclusive',
    each((canary) => `The store of the canary ${canary} took none of|The canary ${canary} did not write`),
    writing((open) => ({recover: lying('refuses')(open)}), {recover: `[{pause: 600ms}, ${mend}]`, stableFor: '1s'}),
  ),
  'by a stranger': expecting(
    'a stranger empties every kind of store after the recovery',
    'failed',
    each((canary) => `The RPO of ${canary} is .*, beyond its target of 1 s`),
    writing((open) => ({verify: all((shelf) => shelf.lose())(open)}), {...slowly, stableFor: '2s'}, {rpo: '1s'}),
  ),
  skipped: expecting(
    'no kind writes after the recovery',
    'inconclusive',
    each((canary) => `The canary ${canary} did not write after the recovery`),
    writing(() => ({}), {}, {every: '20s'}),
  ),
  unchanged: expecting(
    'every kind of store acknowledges writes after the recovery and stays as it was',
    'failed',
    each((canary) => `The RPO of ${canary} is .*, beyond its target of 1 s`),
    writing((open) => ({recover: lying('forgets')(open)}), {...slowly, stableFor: '2s'}, {rpo: '1s'}),
  ),
  unseen: expecting(
    'no kind of store says what it has after the recovery',
    'inconclusive',
    each((canary) => `The RPO of ${canary} was not measured`),
    writing((open) => ({verify: lying('unreadable')(open)})),
  ),
};

/** Each kind of canary: its store lies, loses, or says nothing. */
export const canaryAxis = rowsOf(
  Object.keys(shelves),
  (kind): Row => ({...byWhen, 'by itself': alikeByItself, 'before the fault': forgetful(kind)}),
);

/** Alone, as the run is refused for the first that proves nothing. */
function forgetful(kind: string): Case {
  return expecting(
    `${kind}: the store forgets what it acknowledges from the start`,
    'refused',
    new RegExp(`canary ${kind} proves nothing: .*acknowledged writes cannot be read back`),
    writing(() => ({}), {}, {kinds: [kind], first: (shelf) => shelf.lie('forgets')}),
  );
}

/** A patch by itself proves nothing, and nobody need notice it. */
const proven =
  '{within: 5s, prove: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: turned}, expect: object.data.state == "changed"}}';

/** The same drill, not spoiled. */
export const honestCanaries = expecting(
  'every kind of store keeps what it took',
  'passed',
  /PASSED/,
  writing(() => ({}), {stableFor: '1s', effect: proven}),
);
