import {altering, failing} from '../../support/proxy.ts';
import {at, type Case, calm, frontProbe, type Stage} from '../../support/sabotage.ts';

const scale = {method: 'PATCH', path: /deployments\/web\/scale/};
const killing = '[{uses: pod/delete, with: {namespace: shop, selector: app=web}}]';
const identity = {method: 'GET', path: /namespaces\/kube-system$/};
const lease = {method: 'GET', path: /leases\/drill$/};
const otherHolder = altering((object) => {
  object.spec.holderIdentity = 'somebody else';
  // Who has it renews it; of a drill long over nobody does.
  object.spec.renewTime = new Date().toISOString();
  return object;
});
/**
 * From `steady` on the API answers so, in undo it is honest again. Not from the gate's own entry on: it is written while
 * the gate asks already.
 */
const fromSteady = (
  {proxy}: Stage,
  match: Parameters<Stage['proxy']['when']>[0],
  deed: Parameters<Stage['proxy']['when']>[1],
) => at({steady: () => proxy.when(match, deed), undo: () => proxy.clear()});

/** The API server, or what stands before it, lies or fails. */
export const api: readonly Case[] = [
  {
    name: 'a login page answers the fault with 200',
    spoil: ({proxy}) => {
      proxy.when(scale, ({answer}) => answer(200, '<html>Please log in</html>', 'text/html'));
      return {};
    },
    verdict: 'error',
    exitCode: 5,
    because: /The step inject.0 \(zero\), deployment\/scale, failed: .*something else than was asked for/,
  },
  {
    name: 'the connection breaks before the API hears of the fault',
    spoil: ({proxy}) => {
      proxy.when(scale, ({cut}) => cut());
      return {};
    },
    verdict: 'error',
    exitCode: 5,
    because: /The step inject.0 \(zero\), deployment\/scale, failed: .*no answer/,
  },
  {
    name: 'the connection breaks after the API has done it',
    spoil: ({proxy}) => {
      proxy.when(scale, async ({forward, cut}) => {
        await forward();
        cut();
      });
      return {onEntry: at({undo: () => proxy.clear()})};
    },
    verdict: 'error',
    exitCode: 5,
    because: /The step inject.0 \(zero\), deployment\/scale, failed: .*no answer/,
  },
  ...([403, 409, 429, 500] as const).map(
    (status): Case => ({
      name: `the fault is answered with ${status}`,
      spoil: ({proxy}) => {
        proxy.when(scale, failing(status, 'Sabotage'));
        return {};
      },
      verdict: 'error',
      exitCode: 5,
      because: /The step inject.0 \(zero\), deployment\/scale, failed: .*Sabotage/,
    }),
  ),
  {
    name: 'the fault is never answered',
    spoil: ({proxy}) => {
      proxy.when(scale, () => undefined);
      return {
        scenario: {
          inject: '[{id: zero, timeout: 2s, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}]',
        },
      };
    },
    verdict: 'error',
    exitCode: 5,
    because: /The step inject.0 \(zero\), deployment\/scale, exceeded its time/,
  },
  {
    name: 'it is gone when the recovery is to be looked at, and the undo is played all the same',
    spoil: ({proxy, front}) => ({
      scenario: {...calm, probes: frontProbe(front), recover: '[]'},
      onEntry: at({verify: () => proxy.when({}, ({cut}) => cut()), undo: () => proxy.clear()}),
    }),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "one replica" answered blind .* after the recovery/,
  },
  {
    name: 'it is gone for good once the fault is made: the recovery fails, and the cluster is dirty',
    spoil: ({proxy, front}) => ({
      scenario: {...calm, probes: frontProbe(front), effect: '{within: 300ms}'},
      onEntry: at({injected: () => proxy.when({}, ({cut}) => cut())}),
      request: {undoWithin: 8000},
    }),
    verdict: 'failed',
    exitCode: 4,
    because: /The step recover.0 failed/,
  },
  {
    name: 'it is another cluster at the gate',
    spoil: (stage) => ({
      onEntry: fromSteady(
        stage,
        identity,
        altering((object) => {
          object.metadata.uid = '11111111-2222-3333-4444-555555555555';
          return object;
        }),
      ),
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /The cluster answers as 11111111-2222-3333-4444-555555555555 by now/,
  },
  {
    name: 'a node is not Ready at the gate',
    spoil: (stage) => ({
      onEntry: fromSteady(
        stage,
        {method: 'GET', path: /\/api\/v1\/nodes\?/},
        altering((list) => {
          for (const condition of list.items[0].status.conditions) condition.status = 'Unknown';
          return list;
        }),
      ),
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /Not Ready: /,
  },
  {
    name: 'the lock is another drill’s at the gate',
    spoil: (stage) => ({
      // The gate asks who the cluster is, then for the lock. Earlier, its renewal would find out.
      onEntry: fromSteady(stage, identity, async ({pass}) => {
        stage.proxy.when(lease, otherHolder);
        await pass();
      }),
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /The lock is not held by this run any more/,
  },
  {
    name: 'the lock is lost while the shop is down',
    spoil: ({proxy}) => ({
      scenario: {recover: '[{pause: 30s}, {undo: zero}]'},
      onEntry: at({recover: () => proxy.when(lease, otherHolder), undo: () => proxy.clear()}),
    }),
    verdict: 'error',
    exitCode: 5,
    because: /The lock is held by somebody else by now/,
  },
  {
    name: 'the target was replaced right before the call',
    spoil: ({proxy, front}) => {
      proxy.when(
        {method: 'GET', path: /shop\/pods\?.*fieldSelector=metadata.name/},
        altering((list) => {
          for (const {metadata} of list.items) metadata.uid = 'another';
          return list;
        }),
      );
      return {scenario: {...calm, probes: frontProbe(front), inject: killing, recover: '[]'}};
    },
    verdict: 'error',
    exitCode: 5,
    because: /was replaced or is on its way out since it was planned; nothing was done to it/,
  },
  {
    name: 'there are more targets when it comes to it than were planned',
    spoil: (stage) => ({
      scenario: {inject: killing, recover: '[]'},
      onEntry: fromSteady(
        stage,
        {method: 'GET', path: /shop\/pods\?.*labelSelector=app/},
        altering((list) => {
          const [pod] = list.items;
          list.items.push({...pod, metadata: {...pod.metadata, name: 'web-more', uid: 'more'}});
          return list;
        }),
      ),
    }),
    verdict: 'refused',
    exitCode: 3,
    because: /2 of at most 1 targets/,
  },
];
