import * as fc from 'fast-check';
import {expect, test} from 'vitest';
import type {PlanRecord, StepRecord} from '../../../../src/journal/plan.ts';
import type {JournalEvent} from '../../../../src/journal/types.ts';
import {buildModel, verdict} from '../../../../src/report/index.ts';
import {propertyRuns, type Schedule} from '../../../support/oracle.ts';
import {planRecord} from '../../../support/plan-record.ts';
import {type MadeRun, RunMaker, started} from '../../../support/runs.ts';

/** A history: what was done, and when the service was down. Milliseconds since the run began. */
interface History {
  /** `ownWrite`: what is seen of it is what it wrote itself. `heals`: the platform makes good what it broke. */
  faults: {at: number; changes: boolean; effect: boolean; ownWrite: boolean; heals: boolean}[];
  /** `acts`: how long after its start its first call goes out. */
  cures: {at: number; acts: number; changes: boolean; skipped: boolean}[];
  down: Schedule;
  /** When the check was asked, and whether it was red then. */
  asked: {at: number; red: boolean}[];
  outage: 'required' | 'possible';
  every: number;
}

/** An instant near something that was done: random ones are hardly ever near enough to be mistaken for its doing. */
const near = fc.record({what: fc.integer({min: 0, max: 4}), by: fc.integer({min: -400, max: 900})});

const history: fc.Arbitrary<History> = fc
  .record({
    gaps: fc.array(fc.integer({min: 50, max: 3000}), {minLength: 1, maxLength: 2}),
    effects: fc.array(fc.boolean(), {minLength: 2, maxLength: 2}),
    ownWrites: fc.array(fc.boolean(), {minLength: 2, maxLength: 2}),
    heal: fc.array(fc.boolean(), {minLength: 2, maxLength: 2}),
    idle: fc.array(fc.integer({min: 0, max: 5}), {minLength: 4, maxLength: 4}),
    cureGaps: fc.array(fc.integer({min: 300, max: 3000}), {maxLength: 2}),
    acts: fc.array(fc.integer({min: 1, max: 1500}), {minLength: 2, maxLength: 2}),
    edges: fc.array(near, {maxLength: 4}),
    asked: fc.array(fc.record({at: near, red: fc.boolean()}), {minLength: 1, maxLength: 3}),
    outage: fc.constantFrom('required' as const, 'possible' as const),
    every: fc.constantFrom(100, 250, 600),
  })
  .map(({gaps, effects, ownWrites, heal, idle, cureGaps, acts, edges, asked, outage, every}) => {
    let time = 6000;
    const later = (by: number) => {
      time += by;
      return time;
    };
    const faults = gaps.map((gap, index) => ({
      ...{
        at: later(gap),
        changes: idle[index] !== 0,
        effect: effects[index] ?? false,
        ownWrite: ownWrites[index] ?? false,
        heals: heal[index] ?? false,
      },
    }));
    const cures = cureGaps.map((gap, index) => {
      const at = later(gap + 300);
      const delay = acts[index] ?? 1;
      later(delay + 50);
      return {at, acts: delay, changes: idle[index + 2] !== 0, skipped: idle[index + 2] === 1};
    });
    const instants = [...faults.map(({at}) => at), ...cures.flatMap(({at, acts: delay}) => [at, at + delay])];
    const place = ({what, by}: {what: number; by: number}) => (instants[what % instants.length] ?? 6000) + by;
    const sorted = [...new Set(edges.map(place))].toSorted((a, b) => a - b);
    const down = sorted.flatMap((from, index): Schedule => {
      const until = sorted[index + 1];
      return index % 2 === 0 && until !== undefined ? [[from, until]] : [];
    });
    const questions = asked.map(({at, red}) => ({at: Math.max(6100, place(at)), red}));
    return {faults, cures, down, asked: questions.toSorted((a, b) => a.at - b.at), outage, every};
  });

const step = (phase: 'inject' | 'recover', index: number): StepRecord => ({
  ...{path: `${phase}.${index}`, phase, form: 'uses', uses: 'object/patch', reversal: 'undoable', timeout: 1000},
  ...{targets: [], cascade: [], undoKinds: []},
});

const check = 'it works';

function planOf({faults, cures, outage, every}: History): PlanRecord {
  return planRecord({
    steps: [...faults.map((_, index) => step('inject', index)), ...cures.map((_, index) => step('recover', index))],
    probes: [{name: 'web', uses: 'http', from: 'runner', every, timeout: every, with: {}}],
    services: [{name: 'web', up: ['web'], outage, by: 'inject', okRatio: 1}],
    objectives: [{metric: 'rto', target: 600_000, of: 'web', from: 'impact', source: 'policy'}],
    checks: [{name: check, uses: 'http', with: {}, states: {before: 'pass', broken: 'fail', after: 'pass'}}],
    stableFor: 500,
  });
}

function play(told: History): MadeRun {
  const {faults, cures, down, asked, every} = told;
  const events: [number, JournalEvent][] = [];
  let mutations = 0;
  const change = (at: number, path: string, role: 'fault' | 'recovery', heals = false) => {
    const mutation = `m${++mutations}`;
    const target = {apiVersion: 'v1', kind: 'ConfigMap', name: mutation};
    const phase = role === 'fault' ? ('inject' as const) : ('recover' as const);
    const undo = {kind: heals ? 'platform/heals' : 'object/put-back', data: {}};
    events.push([at, {type: 'mutation.intent', mutation, role, phase, step: path, target, undo}]);
    events.push([at + 5, {type: 'mutation.applied', mutation}]);
    events.push([28_500, {type: 'undo.ended', mutation, state: role === 'fault' ? 'undone' : 'kept'}]);
  };
  for (const [index, {at, changes, effect, ownWrite, heals}] of faults.entries()) {
    const path = `inject.${index}`;
    events.push([at - 5, {type: 'step.started', path}]);
    if (changes) change(at, path, 'fault', heals);
    events.push([at + 20, {type: 'step.ended', path, outcome: 'done'}]);
    const written = ownWrite ? {ownWrite} : {};
    if (effect && changes) events.push([at + 30, {type: 'effect.seen', path, seen: true, detail: 'seen', ...written}]);
  }
  for (const [index, {at, acts, changes, skipped}] of cures.entries()) {
    const path = `recover.${index}`;
    events.push([at, {type: 'step.started', path}]);
    if (changes && !skipped) change(at + acts, path, 'recovery');
    events.push([at + acts + 20, {type: 'step.ended', path, outcome: skipped ? 'skipped' : 'done'}]);
  }
  for (const {at, red} of asked) {
    const [start, end] = [1000 + at - 5, 1000 + at];
    events.push([at, {type: 'check.answered', check, moment: 'broken', answer: red ? 'fail' : 'pass', start, end}]);
  }
  const [start, end] = [6000, 6005];
  events.push([5005, {type: 'check.answered', check, moment: 'before', answer: 'pass', start, end}]);
  events.push([23_000, {type: 'check.answered', check, moment: 'after', answer: 'pass', start: 23_990, end: 23_999}]);
  const maker = new RunMaker()
    .add(0, started('trial', 'A trial'))
    .add(50, {type: 'plan.made', plan: planOf(told)})
    .phase(60, 'steady')
    .sampled(60, 'web', {every, from: 60, until: 28_000, down})
    .add(70, {type: 'control.answered', series: 'web', state: 'bad'})
    .phase(5900, 'inject');
  for (const [at, event] of events.toSorted(([a], [b]) => a - b)) {
    if (at >= 28_000 && !maker.entries.some((entry) => entry.type === 'phase.entered' && entry.phase === 'undo')) {
      maker.phase(28_000, 'undo');
    }
    maker.add(at, event);
  }
  return maker.phase(29_000, 'report').done();
}

/** What can be seen of the history: samples, effects (less a fault's own write), answers. On the runner's clock. */
function seenOf({entries, series}: MadeRun, {faults, cures}: History) {
  const samples = [...series.values()].flat();
  const intent = (at: number) => at + 1000;
  const actors = [
    ...faults.map(({at, changes}, index) => ({
      ...{id: `inject.${index}`, at: intent(at), mends: undefined, changes, begins: changes},
    })),
    ...cures.map(({at, acts, changes, skipped}, index) => ({
      id: `recover.${index}`,
      // What may have been done before the first call cannot be excluded; what mends cannot come before it.
      at: intent(at),
      mends: intent(at + acts),
      changes: changes && !skipped,
      // One that says that it only looks may have done something.
      begins: !skipped,
    })),
  ];
  const edges = samples.flatMap((sample, index) => {
    const before = samples[index - 1];
    if (before === undefined || before.state === sample.state) return [];
    return [{to: sample.state, at: sample.end, last: before.start}];
  });
  const effects = entries.flatMap((entry) =>
    entry.type === 'effect.seen' && entry.seen && !entry.ownWrite ? [entry.path] : [],
  );
  const reds = entries.flatMap((entry) =>
    entry.type === 'check.answered' && entry.moment === 'broken' && entry.answer === 'fail' ? [entry.end] : [],
  );
  return {actors, edges, effects, reds};
}

/**
 * By brute force: every set of faults and cures that may have done something, and nothing else, such that all that was
 * seen is explained. What turns bad needs a doer that had begun by then; what turns good again after the recovery has
 * begun to mend needs one that mends, and before that the platform may have done it.
 */
function worlds(run: MadeRun, told: History): Set<string>[] {
  const {actors, edges, effects, reds} = seenOf(run, told);
  const firstFault = Math.min(
    ...actors.filter(({changes, id}) => changes && id.startsWith('inject')).map(({at}) => at),
  );
  // Bit n of the number says whether actor n is in the set.
  const subsets = Array.from({length: 2 ** actors.length}, (_, bits) => actors.filter((_actor, n) => bits & (1 << n)));
  const did = subsets.filter((set) => {
    const ids = new Set(set.map(({id}) => id));
    const doneBy = (time: number) => set.some((actor) => actor.at <= time && actor.begins);
    const explained = edges.every(({to, at}) => to !== 'bad' || at < firstFault || doneBy(at));
    return explained && effects.every((path) => ids.has(path)) && reds.every((time) => doneBy(time));
  });
  return did.map((set) => new Set(set.map(({id}) => id)));
}

test('behind a pass there is no world in which a fault did nothing', () => {
  let passed = 0;
  void fc.assert(
    fc.property(history, (told) => {
      const run = play(told);
      if (verdict(buildModel(run.entries, run.series)).verdict !== 'passed') return;
      passed += 1;
      for (const did of worlds(run, told)) {
        for (const index of told.faults.keys()) expect(did).toContain(`inject.${index}`);
      }
      const {actors, edges} = seenOf(run, told);
      const [first, acted] = ['inject', 'recover'].map((phase) =>
        Math.min(...actors.filter(({id, begins}) => begins && id.startsWith(phase)).map(({at}) => at)),
      );
      const byFault = edges.filter(({to, at}) => to === 'bad' && at >= (first ?? 0) && at <= (acted ?? 0));
      if (told.outage === 'required') expect(byFault).not.toEqual([]);
    }),
    {numRuns: propertyRuns},
  );
  // Else nothing was tried.
  expect(passed).toBeGreaterThan(propertyRuns / 50);
});

test('nor one in which the recovery did nothing, or the service was back before it', () => {
  let passed = 0;
  void fc.assert(
    fc.property(history, (told) => {
      const run = play(told);
      if (told.cures.length === 0 || verdict(buildModel(run.entries, run.series)).verdict !== 'passed') return;
      passed += 1;
      const {actors, edges} = seenOf(run, told);
      const mending = actors.flatMap((actor) => (actor.mends !== undefined && actor.changes ? [actor.mends] : []));
      expect(mending.length).toBeGreaterThan(0);
      const begun = Math.min(...told.cures.flatMap(({at, skipped}) => (skipped ? [] : [at + 1000])));
      const firstFault = Math.min(...actors.filter(({id}) => id.startsWith('inject')).map(({at}) => at));
      const outages = edges.filter(({to, at}) => to === 'bad' && at >= firstFault && at <= begun);
      const last = outages.at(-1);
      const back = last && edges.find(({to, at}) => to === 'ok' && at > last.at);
      // Still bad at an instant after the first change: else it may have been back before.
      if (back) expect(back.last).toBeGreaterThanOrEqual(Math.min(...mending));
      // Where everything that was broken heals, the platform alone may have mended it.
      expect(told.faults.some(({changes, heals}) => changes && !heals)).toBe(true);
    }),
    {numRuns: propertyRuns},
  );
  // Else nothing was tried.
  expect(passed).toBeGreaterThan(propertyRuns / 200);
});
