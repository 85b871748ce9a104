import {describe, expect, test} from 'vitest';
import {loadText, scenarioText} from '../../../support/scenario.ts';

/** What a file is warned of; that most of these have no checks is told by a test of its own. */
const warned = async (spec: string) => (await warnings(spec)).filter((one) => !one.endsWith('W_NO_CHECK'));
const warnings = async (spec: string) => {
  const {diagnostics, warnings: found} = await loadText(scenarioText(spec));
  expect(diagnostics).toEqual([]);
  return found.map(({path, code}) => `${path} ${code}`);
};
const kill = '{id: kill, uses: pod/delete, with: {selector: app=web, count: 1}}';
const cut = '{id: cut, uses: network/isolate, with: {selector: app=web}}';
const looks = '{id: looks, uses: command/run, with: {argv: ["true"], mutates: false}}';
const byHand = '{manual: Pull the plug, unattended: refuse}';
const prove = 'effect: {prove: {uses: tcp, with: {address: "localhost:81"}}}';
const disaster = 'type: disaster\nobjectives: [{rto: 10s, of: web, from: impact, source: x}]';

test('a fault that shows its own effect needs no word', async () => {
  expect(await warned(`inject: [${kill}]`)).toEqual([]);
  expect(await warned(`inject: [${looks}, {pause: 1s}, ${kill}]`)).toEqual([]);
});

test('one that does not is proven by an outage or a check alone, if one may come', async () => {
  expect(await warned(`inject: [${cut}]`)).toEqual(['spec.inject[0] W_NO_PROOF']);
  expect(await warned(`${disaster}\ninject: [${cut}]`)).toEqual([]);
  const checks = 'verify: {within: 1m, checks: [{name: it answers, uses: tcp, with: {address: "localhost:80"}}]}';
  expect(await warned(`inject: [${cut}]\n${checks}`)).toEqual([]);
});

test('beside another fault it needs a proof of its own, wherever it stands', async () => {
  expect(await warned(`${disaster}\ninject: [${kill}, ${cut}]`)).toEqual(['spec.inject[1] W_NO_PROOF']);
  expect(await warned(`${disaster}\ninject: [{parallel: [${kill}, ${byHand}]}]`)).toEqual([
    'spec.inject[0].parallel[1] W_NO_PROOF',
  ]);
  expect(await warned(`${disaster}\ninject: [${kill}, ${cut}]\n${prove}`)).toEqual([]);
});

test('a proof that reads the fault’s own write back is told as such', async () => {
  const object = 'apiVersion: v1, kind: ConfigMap, name: settings';
  const fault = `{uses: object/patch, with: {${object}, patch: {data: {mode: broken}}}}`;
  const reads = (expect: string, of = object) => `{uses: kubernetes/object, with: {${of}}, expect: '${expect}'}`;
  const spec = (outage: string) => `${disaster}\nservices: {web: {up: [web], outage: ${outage}}}\ninject: [${fault}]`;
  const proving = (question: string, outage = 'possible') => `${spec(outage)}\neffect: {prove: ${question}}`;
  const own = reads('object.data.mode == "broken"');
  expect(await warned(proving(own))).toEqual(['spec.effect.prove W_OWN_WRITE']);
  expect(await warned(proving(own, 'required'))).toEqual([]);
  expect(await warned(proving(reads('object.status.mode == "broken"')))).toEqual([]);
  expect(await warned(proving(reads('object.data.mode == "status"')))).toEqual(['spec.effect.prove W_OWN_WRITE']);
  expect(await warned(proving(reads('object.data.a == "b"', object.replace('settings', 'other'))))).toEqual([]);
  const check = own.replace('{', '{name: the setting, ').replace('broken', 'normal');
  expect(await warned(`${spec('possible')}\nverify: {within: 1m, checks: [${check}]}`)).toEqual([
    'spec.verify.checks[0] W_OWN_WRITE',
  ]);
});

test('a recovery of what comes back by itself can show nothing', async () => {
  const note = '{uses: object/patch, with: {apiVersion: v1, kind: ConfigMap, name: a, patch: {data: {b: c}}}}';
  const only = `${disaster}\ninject: [${kill}]\nrecover:`;
  expect(await warned(`${only} [{pause: 1s}, ${note}]`)).toEqual(['spec.recover[1] W_HEALS']);
  expect(await warned(`${only} [{parallel: [{manual: Look, unattended: skip}, ${note}]}]`)).toEqual([
    'spec.recover[0].parallel[0] W_HEALS',
  ]);
  expect(await warned(`${only} [{pause: 1s}, {undo: kill}, ${looks}]`)).toEqual([]);
  expect(await warned(`${disaster}\ninject: [${kill}, ${cut}]\n${prove}\nrecover: [${note}]`)).toEqual([]);
});

test('the proof of the scenario speaks of one fault, not of two', async () => {
  expect(await warned(`inject: [${cut}]\n${prove}`)).toEqual([]);
  expect(await warned(`inject: [${cut}, ${byHand}]\n${prove}`)).toEqual([
    'spec.inject[0] W_NO_PROOF',
    'spec.inject[1] W_NO_PROOF',
  ]);
});

test('an effect that reads only its own write back is no proof', async () => {
  const object = 'apiVersion: v1, kind: ConfigMap, name: coredns';
  const ownWrites = [
    `{uses: object/patch, with: {${object}, patch: {data: {a: b}}}}`,
    `{uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}}}`,
    `{uses: object/delete, with: {${object}}}`,
    `{uses: object/delete, with: {apiVersion: apps/v1, kind: Deployment, name: web, propagationPolicy: Orphan}}`,
    `{uses: node/cordon, with: {name: one}}`,
  ];
  for (const fault of ownWrites) {
    expect(await warned(`inject: [${fault}]`), fault).toEqual(['spec.inject[0] W_NO_PROOF']);
    expect(await warned(`inject: [${fault}]\n${prove}`), fault).toEqual([]);
    expect(await warned(`${disaster}\ninject: [${fault}]`), fault).toEqual([]);
  }
  const more = [
    '{uses: object/delete, with: {apiVersion: apps/v1, kind: Deployment, name: web}}',
    '{uses: object/delete, with: {apiVersion: v1, kind: Pod, name: web}}',
    '{uses: deployment/scale, with: {name: web, replicas: 0}}',
    '{uses: node/drain, with: {name: one}}',
  ];
  for (const fault of more) expect(await warned(`inject: [${fault}]`), fault).toEqual([]);
});

test('what looks or writes less often than the drill holds still may never do so after the fault', async () => {
  const probes = 'probes: [{name: web, uses: tcp, from: runner, every: 30s, with: {address: "localhost:80"}}]';
  expect(await warned(`${probes}\nverify: {within: 1m, stableFor: 30s}`)).toEqual([]);
  expect(await warned(`${probes}\nverify: {within: 1m, stableFor: 20s}`)).toEqual(['spec.probes[0].every W_TOO_SLOW']);
  const canaries = 'canaries: [{name: orders, uses: kubernetes, every: 20s}]';
  expect(await warned(`${canaries}\nverify: {within: 1m, stableFor: 10s}`)).toEqual([
    'spec.canaries[0].every W_TOO_SLOW',
  ]);
});

describe('checks by which nothing can pass', () => {
  const verify = (checks: string) => `inject: [${kill}]\nverify: {within: 1m, checks: [${checks}]}`;
  const green = 'states: {before: pass, broken: skip, after: pass}';
  const tcp = 'uses: tcp, with: {address: "localhost:80"}';
  const command = 'uses: command, with: {argv: ["true"], controlArgv: ["false"]}';

  test('none at all', async () => {
    expect(await warnings(verify(''))).toEqual(['spec.verify.checks W_NO_CHECK']);
    expect(await warnings(verify(`{name: a, ${tcp}, states: {broken: fail, after: skip}}`))).toEqual([
      'spec.verify.checks W_NO_CHECK',
    ]);
  });

  test('one that is never to turn, and has no control', async () => {
    expect(await warned(verify(`{name: a, ${command}, ${green}}`))).toEqual(['spec.verify.checks[0] W_NEVER_RED']);
    expect(await warned(verify(`{name: a, ${command}, ${green}, control: controlArgv}`))).toEqual([]);
    expect(await warned(verify(`{name: a, ${command}}`))).toEqual([]);
    const {warnings: found} = await loadText(scenarioText(verify(`{name: a, ${command}, ${green}}`)));
    expect(found[0]?.hint).toBe(
      'Give it a control (`control: controlArgv`); or where the fault turns it, ask it then: `states: {broken: fail}`.',
    );
  });

  test('a control that there is not says the way on', async () => {
    const hints = async (check: string) =>
      (await loadText(scenarioText(verify(`{name: a, ${check}, ${green}}`)))).diagnostics.map(({message, hint}) => [
        message,
        hint,
      ]);
    expect(await hints('uses: command, with: {argv: ["true"]}, control: controlArgv')).toEqual([
      [
        'the input of this check offers no control "controlArgv"',
        expect.stringContaining('Give `with` a `controlArgv`'),
      ],
    ]);
    expect(await hints('uses: command, with: {argv: ["true"]}, control: absent')).toEqual([
      ['command has no control "absent"', 'Known: controlArgv.'],
    ]);
  });
});
