import {join} from 'node:path';
import {type Case, calm, frontProbe, type Parts, type Stage} from '../../support/sabotage.ts';
import {expecting} from './crossed/table.ts';

const pretender = '[{id: fake, uses: command/run, with: {argv: ["true"], undo: {argv: ["true"]}}}]';
/** A service that is to stay up, and a check that need not turn. */
const redundant: Parts = {
  ...calm,
  type: 'redundancy',
  services: '{web: {up: [answers]}}',
  objectives: '[]',
  recover: '[]',
  checks:
    '[{name: the shop is there, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, states: {broken: skip}, control: absent}]',
};

/** What a command that does nothing is said to be proven by. */
const asked = (
  name: string,
  question: {argv?: string; expect: string},
  [verdict, because]: ['inconclusive' | 'refused', RegExp],
): Case =>
  expecting(`the proof of the fault ${name}`, verdict, because, async ({front}) => {
    const {argv = '["true"]', expect} = question;
    const effect = `{within: 300ms, prove: {uses: command, with: {argv: ${argv}}, expect: "${expect}"}}`;
    return {scenario: {...redundant, probes: frontProbe(front), inject: pretender, effect}};
  });

const object = 'apiVersion: v1, kind: ConfigMap, namespace: shop, name: prices';
const configMaps = '/api/v1/namespaces/shop/configmaps';
const furnish = ({api}: Stage) => api('POST', configMaps, {metadata: {name: 'prices'}, data: {tea: '3'}});
/** Faults of which the API server takes the write, and that nobody else takes notice of. */
const ownWrites: Readonly<Record<string, string>> = {
  'object/patch': `{uses: object/patch, with: {${object}, patch: {data: {tea: "300"}}}}`,
  'object/apply': `{uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: policy, namespace: shop}}}}`,
  'object/delete': `{uses: object/delete, with: {${object}}}`,
  'node/cordon': '{uses: node/cordon, with: {name: practice-worker}}',
};
const target =
  '{environments: [practice], maxTargets: 1, allowProtected: [{kind: Node, selector: "!node-role.kubernetes.io/control-plane", reason: a test}]}';

/** Proofs that would hold whatever the fault did. */
export const proofs: readonly Case[] = [
  asked('does not come', {expect: 'exitCode == 7'}, ['inconclusive', /not seen to take effect: effect\.prove/]),
  asked('is there already', {expect: 'exitCode == 0'}, [
    'refused',
    /effect\.prove is so already, and would prove nothing/,
  ]),
  asked(
    'is another answer each time that it is asked',
    {argv: '["sh", "-c", "echo $$"]', expect: 'stdout != before.stdout'},
    ['refused', /effect\.prove is so already/],
  ),
  asked('cannot be asked', {argv: '["/nowhere/look"]', expect: 'exitCode == 7'}, [
    'refused',
    /effect\.prove could not be asked/,
  ]),
  asked('is a question that has no answer', {expect: "int(exitCode == 0 ? stdout + 'none' : stdout) == 7"}, [
    'refused',
    /effect\.prove could not be asked/,
  ]),
  expecting(
    'the proof of the fault comes before the fault',
    'refused',
    /effect\.prove is so already/,
    async (stage) => {
      const effect = `{within: 300ms, prove: {uses: kubernetes/object, with: {${object}}}}`;
      const inject = `[{pause: 10ms}, ${pretender.slice(1)}`;
      return {
        scenario: {...redundant, probes: frontProbe(stage.front), inject, effect},
        // The gate was told no; what comes during the pause is not the fault's doing.
        onEntry: (entry) =>
          entry.type === 'step.started' && entry.path === 'inject.0' ? void furnish(stage) : undefined,
      };
    },
  ),
  ...Object.entries(ownWrites).map(([kind, step]) =>
    expecting(
      `nobody notices what ${kind} wrote, in a drill of redundancy`,
      'inconclusive',
      /Nothing shows that the fault took effect: that .* shows only that the API server took the write/,
      async (stage) => {
        await furnish(stage);
        return {scenario: {...redundant, target, probes: frontProbe(stage.front), inject: `[${step}]`}};
      },
    ),
  ),
];

/** The same kinds of fault, with somebody who looked. */
export const provenHonestly: readonly Case[] = [
  expecting(
    'a command is proven by a question that was a no before',
    'passed',
    /no user impact seen/,
    async (stage) => {
      const file = join(stage.folder, 'broken');
      const inject = `[{uses: command/run, with: {argv: [touch, "${file}"], undo: {argv: [rm, -f, "${file}"]}}}]`;
      const effect = `{within: 10s, prove: {uses: command, with: {argv: [test, -e, "${file}"]}}}`;
      return {scenario: {...redundant, probes: frontProbe(stage.front), inject, effect}};
    },
  ),
  expecting('what a patch did is asked of who reads it', 'passed', /no user impact seen/, async (stage) => {
    await furnish(stage);
    const deployment = 'apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web';
    const patch = '{spec: {template: {metadata: {annotations: {example.org/mark: "1"}}}}}';
    const inject = `[{uses: object/patch, with: {${deployment}, patch: ${patch}}}]`;
    const expect = 'object.status.observedGeneration > before.object.status.observedGeneration';
    const effect = `{within: 10s, prove: {uses: kubernetes/object, with: {${deployment}}, expect: ${expect}}}`;
    return {scenario: {...redundant, probes: frontProbe(stage.front), inject, effect}};
  }),
];
