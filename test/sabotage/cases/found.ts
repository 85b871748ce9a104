import {type Case, calm, frontProbe, type Parts, type Stage} from '../../support/sabotage.ts';
import {expecting} from './crossed/table.ts';
import {
  atSteps,
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
} from './crossed/timeline.ts';

const configMaps = '/api/v1/namespaces/shop/configmaps';
const state = (name: string, wanted: string, more = '') =>
  `{name: ${name}, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: turned}, expect: object.data.state == '${wanted}'${more}}`;
const turned = `[${state('the state', 'as it was')}]`;

/** A real fault and its undo, a service that need not notice, and a check that turns. */
const calmly = ({front}: Stage, parts: Parts = {}): Parts => ({
  ...roomy,
  ...calm,
  probes: frontProbe(front),
  recover: '[{undo: turn}]',
  checks: turned,
  ...parts,
});

const env = {FIRST: 'alpha', SECOND: 'bravo'};
/** The namespaces are the values of environment variables, as are parts of names. */
const named = (parts: (stage: Stage) => Parts) => async (stage: Stage) => {
  await furnish(stage);
  return {
    scenario: calmly(stage, parts(stage)),
    request: {env, given: {cli: {}, files: [], env}},
  };
};
const reading = (variable: string, name: string) =>
  `{name: ${name}, uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: "\${{ env.${variable} }}", name: cfg}}`;

const nothing = 'uses: command/run, with: {argv: ["true"], undo: {argv: ["true"]}}';
/** Of two faults one is real. */
const halfReal = (name: string, inject: string, path: string): Case =>
  expecting(name, 'inconclusive', new RegExp(`Nothing shows that ${path} took effect\\.`), async (stage) => {
    await furnish(stage);
    return {scenario: calmly(stage, {inject}), answer: () => ({outcome: 'done', who: 'ada'})};
  });

/** Wrong verdicts of version 0.1 that readers found, each with its kin. */
export const found: readonly Case[] = [
  expecting(
    'the names of two checks hold values of variables, and would become one when these are hidden',
    'refused',
    [/name of spec\.verify\.checks\.0 holds the value/, /name of spec\.verify\.checks\.1 holds the value/],
    named(() => ({checks: `[${reading('FIRST', 'alpha is well')}, ${reading('SECOND', 'bravo is well')}]`})),
  ),
  expecting(
    'the names of a probe, a service and a step hold values of variables',
    'refused',
    [/name of spec\.probes\.0 holds/, /name of spec\.services \(number 1\) holds/, /name of spec\.inject\.0 holds/],
    named(({front}) => ({
      probes: frontProbe(front).replace('answers', 'alphaAnswers'),
      services: '{alpha: {up: [alphaAnswers], outage: possible}}',
      objectives: '[{rto: 3s, of: alpha, from: fault, source: a test}]',
      inject: `[${turn.replace('id: turn', 'id: bravo')}]`,
      recover: '[{undo: bravo}]',
      checks: `[${reading('FIRST', 'one')}, ${reading('SECOND', 'two')}]`,
    })),
  ),
  expecting(
    'of two checks of almost one name, only one is brought back',
    'failed',
    /^After the recovery, the check "alpha is well" answered fail instead of pass\.$/,
    async (stage) => {
      await furnish(stage);
      const second = turn.replace('id: turn', 'id: other').replace('name: turned', 'name: mended');
      const other = state('bravo is well', 'as it was').replace('name: turned', 'name: mended');
      return {
        scenario: calmly(stage, {
          inject: `[${turn}, ${second}]`,
          recover: '[{undo: other}]',
          checks: `[${state('alpha is well', 'as it was')}, ${other}]`,
        }),
      };
    },
  ),
  halfReal('of two faults the first does nothing', `[{${nothing}}, ${turn}]`, 'inject\\.0'),
  halfReal('of two faults the second does nothing', `[${turn}, {${nothing}}]`, 'inject\\.1'),
  halfReal('of two faults at once one does nothing', `[{parallel: [{${nothing}}, ${turn}]}]`, 'inject\\.0\\.0'),
  halfReal('of two faults one is a person’s word', `[{manual: Pull the plug}, ${turn}]`, 'inject\\.0'),
  expecting(
    'the service flaps before the fault, and goes down again by a recovery that says it only looks',
    'inconclusive',
    /web was seen down only after the recovery had begun to act/,
    async (stage) => {
      await furnish(stage);
      const eyes = openEyes();
      const flapFront = (name: string) => flap(frontOf(stage), eyes, ['answers']).then(() => give(stage, name));
      const look = '{uses: command/run, with: {mutates: false, argv: ["true"]}}';
      return {
        scenario: {
          ...roomy,
          ...noEffect,
          probes: frontProbe(stage.front),
          inject: `[${signal('flapped')}, ${turn}]`,
          recover: `[${look}, ${signal('cured')}, {undo: turn}]`,
        },
        onSample: eyes.onSample,
        onEntry: atSteps({
          'inject.0 started': () => flapFront('flapped'),
          'recover.0 ended': () => flapFront('cured'),
        }),
      };
    },
  ),
  expecting(
    'nobody is there for the only step of the recovery that does something, and somebody else restores the service',
    'inconclusive',
    /No step of the recovery changed anything: recover\.1 \(Put it back\) was skipped/,
    async (stage) => {
      await furnish(stage);
      const {down, up} = frontOf(stage);
      return {
        scenario: {
          ...roomy,
          probes: frontProbe(stage.front),
          recover: '[{pause: 300ms}, {manual: Put it back, unattended: skip}]',
        },
        onEntry: atSteps({'inject.0 ended': down, 'recover.1 ended': up}),
      };
    },
  ),
  expecting(
    'the check is green for a moment, red for a moment, again and again',
    'failed',
    /the check "the state" answered (otherwise again|fail instead of pass)/i,
    async (stage) => {
      await furnish(stage);
      const become = (data: string) => stage.api('PATCH', `${configMaps}/turned`, {data: {state: data}}, mergePatch);
      return {
        // Nothing is to be taken back that a stranger has changed since.
        scenario: calmly(stage, {recover: `[{undo: turn}, ${mend}]`, stableFor: '1200ms', within: '4200ms'}),
        onEntry: (entry) => {
          if (entry.type !== 'check.answered' || entry.moment !== 'after') return;
          void become(entry.answer === 'pass' ? 'broken' : 'as it was');
        },
      };
    },
  ),
  ...(['redundancy', 'disaster'] as const).map((type) =>
    expecting(
      `of two faults one is there as written, in a drill of ${type}`,
      'inconclusive',
      /The fault inject\.0 \(object\/apply\) changed nothing/,
      async (stage) => {
        await furnish(stage);
        await stage.api('POST', configMaps, {metadata: {name: 'policy'}, data: {allow: 'none'}});
        const apply =
          '{uses: object/apply, with: {inline: {apiVersion: v1, kind: ConfigMap, metadata: {name: policy, namespace: shop}, data: {allow: none}}}}';
        const redundant = {services: '{web: {up: [answers]}}', objectives: '[]'};
        return {
          scenario: calmly(stage, {type, inject: `[${apply}, ${turn}]`, ...(type === 'redundancy' ? redundant : {})}),
        };
      },
    ),
  ),
];

/** Right verdicts that version 0.1 did not give. */
export const foundHonest: readonly Case[] = [
  expecting('a secret that a check reads is part of the name of another check', 'passed', /PASSED/, async (stage) => {
    await furnish(stage);
    const stringData = {user: 'reachable'};
    await stage.api('POST', '/api/v1/namespaces/shop/secrets', {metadata: {name: 'db'}, stringData});
    const user =
      '{name: user, uses: kubernetes/object, with: {apiVersion: v1, kind: Secret, namespace: shop, name: db}, states: {broken: skip}, control: absent}';
    return {scenario: calmly(stage, {checks: `[${state('the shop is reachable', 'as it was')}, ${user}]`})};
  }),
];
