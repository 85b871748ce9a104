import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {defaultConfig} from '../../../src/drill/config/config.ts';
import {startProxy} from '../../support/proxy.ts';
import {at, type Case, outcomeOf, playSpoiled, type Stage} from '../../support/sabotage.ts';

/** The practice cluster, declared to be production. */
async function production({api}: Stage) {
  const {body} = await api('GET', '/api/v1/namespaces/kube-system');
  const uid: string = body.metadata.uid;
  return {
    uid,
    scenario: {target: '{environments: [production], maxTargets: 1}'},
    config: {...defaultConfig, clusters: [{name: 'shops', uid, environment: 'production'}]},
  };
}

/** It must not begin at all. */
export const guards: readonly Case[] = [
  {
    name: 'another drill is running on the cluster',
    play: async (stage) => {
      const folder = join(stage.folder, 'second');
      await mkdir(folder);
      await using proxy = await startProxy(stage.cluster);
      const second = Promise.withResolvers<Awaited<ReturnType<typeof playSpoiled>>>();
      // The first one waits for the second at its gate.
      const first = await playSpoiled(stage, {
        onEntry: at({
          steady: () => {
            stage.proxy.when({method: 'GET', path: /namespaces\/kube-system$/}, async ({pass}) => {
              await second.promise;
              await pass();
            });
            second.resolve(playSpoiled({...stage, proxy, folder}, {}));
          },
        }),
      });
      // It must have run; what it could prove on a busy machine is not this case's question.
      if (!['passed', 'inconclusive'].includes(first.verdict))
        throw new Error(`the first drill ended otherwise: ${first.sentence}`);
      return outcomeOf(await second.promise);
    },
    verdict: 'refused',
    exitCode: 3,
    because: /another drill is running on this cluster/i,
  },
  {
    name: 'a permission is missing',
    practice: {
      deny: ({resource, subresource, verb}) => `${verb} ${resource}/${subresource}` === 'patch deployments/scale',
    },
    verdict: 'refused',
    exitCode: 3,
    because: /patch deployments/,
  },
  {
    name: 'the scenario is not for clusters of this class',
    spoil: () => ({scenario: {target: '{environments: [staging], maxTargets: 1}'}}),
    verdict: 'refused',
    exitCode: 3,
    because: /The cluster is practice .*; the scenario allows staging/,
  },
  {
    name: 'production, and nobody approves',
    spoil: production,
    verdict: 'refused',
    exitCode: 3,
    because: /A production cluster needs --approve/,
  },
  {
    name: 'production, and the operator approves of themselves',
    spoil: async (stage) => {
      const {uid, ...declared} = await production(stage);
      return {...declared, approve: uid, people: {operator: 'ada', approvedBy: 'ada'}};
    },
    verdict: 'refused',
    exitCode: 3,
    because: /The approver must not be the operator \(ada\)/,
  },
  {
    name: 'the cluster is not the one that is pinned to its address',
    spoil: ({proxy}) => ({
      config: {
        ...defaultConfig,
        clusters: [{name: 'ours', uid: 'other', server: proxy.cluster.url, environment: 'practice'}],
      },
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /is pinned as ours .*, but answers with/,
  },
  {
    name: 'there is a freeze',
    spoil: () => ({config: {...defaultConfig, freeze: {reason: 'the books are being closed'}}}),
    verdict: 'refused',
    exitCode: 3,
    because: /the books are being closed/,
  },
  {
    name: 'the target is protected',
    spoil: () => ({
      scenario: {
        inject: '[{uses: deployment/scale, with: {namespace: kube-system, name: coredns, replicas: 0}}]',
        recover: '[]',
      },
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /Deployment kube-system\/coredns, which is protected/,
  },
  {
    name: 'more pods match than may be hit',
    spoil: () => ({
      scenario: {
        inject: '[{uses: pod/delete, with: {namespace: kube-system, selector: k8s-app=kube-dns}}]',
        recover: '[]',
        target:
          '{environments: [practice], maxTargets: 1, allowProtected: [{namespace: kube-system, kind: Pod, selector: k8s-app=kube-dns, reason: a test}]}',
      },
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /2 of at most 1 targets/,
  },
  {
    name: 'a step needs a person, and nobody is there',
    spoil: () => ({scenario: {recover: '[{manual: Look at it}, {undo: zero}]'}}),
    verdict: 'refused',
    exitCode: 3,
    because: /recover.0 needs a person: Look at it/i,
  },
];
