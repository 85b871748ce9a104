import {describe, expect, test} from 'vitest';
import {createRedactor} from '../../../src/io/redact.ts';
import {redactEvent} from '../../../src/journal/redact.ts';
import {buildModel, verdict} from '../../../src/report/index.ts';
import {killCoredns, scaleToZero} from '../../support/runs.ts';

const knowing = (...secrets: string[]) => {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
};

/** Words that journals are put together by, and names of the scenarios' parts and of objects. */
const structural = [
  ...['inject', 'prepare', 'recover', 'verify', 'undo', 'report', 'fault', 'fixture', 'done', 'skipped', 'already'],
  ...['uses', 'manual', 'pod/delete', 'platform-heals', 'kill', 'dnsUdp', 'dnsTcp', 'runner', 'series/dnsUdp.jsonl'],
  ...['pass', 'fail', 'skip', 'impact', 'required', 'possible', 'disaster', 'shop', 'shopAnswers', 'kube-system'],
  ...['passed', 'clean', 'coredns-66bc5c9577-8xkqz', 'Deployment', 'kill-coredns', 'practice', 'inject.0', 'm1'],
];

describe.each([
  ['kill-coredns', killCoredns()],
  ['scale-to-zero', scaleToZero()],
])('%s', (_, {entries, series}) => {
  test('comes to the same result when secrets read like its own words', () => {
    const redactor = knowing(...structural);
    const model = buildModel(entries, series);
    const clean = buildModel(
      entries.map((entry) => redactEvent(entry, redactor)),
      series,
    );
    expect(verdict(clean)).toMatchObject({...verdict(model), reasons: expect.anything()});
    expect(clean.objectives.map(({result, bound}) => ({result, bound}))).toEqual(
      model.objectives.map(({result, bound}) => ({result, bound})),
    );
    expect(clean.mutations.map(({target}) => target)).toEqual(model.mutations.map(({target}) => target));
    expect(clean.damage).toEqual([]);
  });
});

test('inputs, outputs and texts are free of secrets, whatever their members are called', () => {
  const redactor = knowing('hunter22');
  const data = {type: 'hunter22', path: 'hunter22', kind: ['hunter22'], name: {id: 'x hunter22 y'}};
  const [plan] = killCoredns().entries.flatMap((entry) => (entry.type === 'plan.made' ? [entry.plan] : []));
  if (!plan) throw new Error('the run has no plan');
  const [step] = plan.steps;
  const steps = step ? [{...step, with: data, text: 'hunter22'}] : [];
  const probes = plan.probes.map((probe) => ({...probe, with: data, expect: 'x == "hunter22"'}));
  const events = [
    redactEvent({type: 'plan.made', plan: {...plan, steps, probes}}, redactor),
    redactEvent({type: 'step.ended', path: 'inject.0', outcome: 'failed', outputs: data, note: 'hunter22'}, redactor),
    redactEvent({type: 'note', text: 'hunter22'}, redactor),
    redactEvent(
      {type: 'undo.ended', mutation: 'm1', state: 'failed', detail: 'hunter22', command: 'x hunter22'},
      redactor,
    ),
  ];
  expect(JSON.stringify(events)).not.toContain('hunter22');
  expect(events[1]).toMatchObject({path: 'inject.0', outcome: 'failed'});
});

test('what an undo needs stays as it is', () => {
  const event = killCoredns().entries.find(({type}) => type === 'mutation.intent');
  if (!event) throw new Error('the run has no intent');
  expect(redactEvent(event, knowing('kube-system', 'coredns-66bc5c9577-8xkqz', 'platform-heals'))).toEqual(event);
});
