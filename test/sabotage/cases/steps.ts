import {join} from 'node:path';
import {at, type Case, outcomeOf, playSpoiled} from '../../support/sabotage.ts';

const command = (argv: string, more: string) => `{uses: command/run, with: {argv: ${argv}, ${more}}}`;
const scale = {method: 'PATCH', path: /deployments\/web\/scale/};

/** A step fails, takes too long, or is cut off; an undo does not do what it says. */
export const steps: readonly Case[] = [
  {
    name: 'the command of the fault exceeds its time',
    spoil: () => ({
      scenario: {
        inject: `[${command('[sleep, "30"]', 'timeout: 300ms, undo: {argv: ["true"]}')}]`,
        recover: '[]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /sleep did not end within 0.3 s and was killed/,
  },
  {
    name: 'the command of the fault fails',
    spoil: () => ({
      scenario: {inject: `[${command('["false"]', 'undo: {argv: ["true"]}')}]`, recover: '[]'},
    }),
    verdict: 'error',
    exitCode: 5,
    because: /false ended with exit code 1 instead of 0/,
  },
  {
    name: 'what the drill needs is never ready',
    spoil: () => ({
      scenario: {
        prepare:
          '[{waitFor: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: never}}, within: 500ms, every: 100ms}]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /prepare.0: kubernetes\/object was not ok within 500ms: bad \(not found\)/,
  },
  {
    name: 'the fault does not show up in the time that a step of inject gives it',
    spoil: () => ({
      scenario: {
        inject:
          '[{id: zero, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}, {waitFor: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: never}}, within: 300ms, every: 100ms}]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /inject.1: kubernetes\/object was not ok within 300ms/,
  },
  {
    name: 'one of two faults at the same time fails',
    spoil: () => ({
      scenario: {
        inject: `[{parallel: [{id: zero, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}, ${command('["false"]', 'mutates: false')}]}]`,
        recover: '[]',
      },
    }),
    verdict: 'error',
    exitCode: 5,
    because: /false ended with exit code 1 instead of 0/,
  },
  {
    name: 'the recovery waits in vain',
    spoil: () => ({
      scenario: {
        recover:
          '[{waitFor: {uses: kubernetes/object, with: {apiVersion: v1, kind: ConfigMap, namespace: shop, name: never}}, within: 300ms, every: 100ms}, {undo: zero}]',
      },
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /recover.0: kubernetes\/object was not ok within 300ms/,
  },
  {
    name: 'the recovery exceeds its time',
    spoil: () => ({
      scenario: {
        recover: `[{timeout: 300ms, ${command('[sleep, "30"]', 'mutates: false').slice(1)}, {undo: zero}]`,
      },
    }),
    verdict: 'failed',
    exitCode: 1,
    because: /The step recover.0, command\/run, exceeded its time/,
  },
  {
    name: 'a person ends it',
    spoil: () => ({
      scenario: {recover: '[{manual: Decide}, {undo: zero}]'},
      answer: () => ({outcome: 'abort', who: 'ada', note: 'not today'}),
    }),
    verdict: 'aborted',
    exitCode: 130,
    because: /ended by ada: not today/,
  },
  {
    name: 'SIGINT between the intent of the fault and its answer',
    spoil: ({proxy}) => {
      const intent = Promise.withResolvers<void>();
      proxy.when(scale, async ({forward}) => {
        await forward();
        intent.resolve();
      });
      return {
        onEntry: at({intent: ({abort}) => intent.promise.then(() => abort('SIGINT')), undo: () => proxy.clear()}),
      };
    },
    verdict: 'aborted',
    exitCode: 130,
    because: /It was ended by SIGINT/,
  },
  {
    name: 'SIGTERM before the fault',
    spoil: () => ({onEntry: at({steady: ({abort}) => abort('SIGTERM')})}),
    verdict: 'aborted',
    exitCode: 143,
    because: /It was ended by SIGTERM/,
  },
  {
    name: 'SIGINT after a bystander was hit: the miss is still in the exit code',
    spoil: ({front}) => ({
      scenario: {
        probes: `[{name: answers, uses: http, from: runner, every: 100ms, with: {url: "http://10.96.77.77/"}}, {name: other, uses: http, from: runner, every: 100ms, with: {url: "${front.url}"}}]`,
        services: '{web: {up: [answers]}, neighbour: {up: [other], outage: none}}',
        recover: '[{pause: 20s}, {undo: zero}]',
      },
      onEntry: at({
        injected: () => Object.assign(front, {mood: 503}),
        recover: async ({abort}) => {
          await front.asked(3);
          abort('SIGINT');
        },
      }),
    }),
    verdict: 'aborted',
    exitCode: 1,
    because: /It was ended by SIGINT/,
  },
  {
    name: 'the second of three undos fails: the others are played, and it is dirty',
    play: async (stage) => {
      const undone = (name: string) => `undo: {argv: [touch, "${join(stage.folder, name)}"]}`;
      const inject = [undone('one'), 'undo: {argv: ["false"]}', undone('three')].map((undo) =>
        command('["true"]', undo),
      );
      const scenario = {
        target: '{environments: [practice], maxTargets: 3}',
        inject: `[${inject.join(', ')}]`,
        effect: '{within: 300ms}',
        recover: '[]',
      };
      const drill = await playSpoiled(stage, {scenario});
      const ends = drill.entries.flatMap((entry) =>
        entry.type === 'undo.ended' && entry.command !== undefined ? [`${entry.state} ${entry.command}`] : [],
      );
      const states = drill.entries.flatMap((entry) => (entry.type === 'undo.ended' ? [entry.state] : []));
      if (!/^failed cd [^,]* && false$/.test(ends.join()) || states.filter((state) => state === 'undone').length < 3) {
        throw new Error(`the undos ended otherwise: ${states.join()}; ${ends.join()}`);
      }
      return outcomeOf(drill);
    },
    verdict: 'inconclusive',
    exitCode: 4,
    because: /Nothing shows that the fault took effect|web was not seen down/,
  },
  {
    name: 'an undo says that it is done, and a look shows otherwise',
    spoil: () => ({
      scenario: {
        inject: `[${command('["true"]', 'undo: {argv: ["true"], verify: ["false"]}')}]`,
        effect: '{within: 300ms}',
        recover: '[]',
      },
    }),
    verdict: 'inconclusive',
    exitCode: 4,
    because: /web was not seen down/,
  },
];
