import {describe, expect, it} from 'vitest';
import type {KubeObject} from '../../../../src/cluster/types.ts';
import {describeTrouble, podReady} from '../../../../src/drill/prober/pod-state.ts';
import type {JsonObject} from '../../../../src/io/json.ts';

const pod = (status: JsonObject, spec: JsonObject = {nodeName: 'n1'}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {name: 'prober'},
  spec,
  status,
});
const waiting = (reason: string, more: JsonObject = {}) =>
  pod({phase: 'Pending', containerStatuses: [{state: {waiting: {reason, message: 'said so'}}, ...more}]});

describe('describeTrouble', () => {
  it.each(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])(
    'sees at once that %s will not pass',
    (reason) => {
      expect(describeTrouble(waiting(reason), false)).toEqual({kind: 'image', detail: `${reason} on node n1: said so`});
    },
  );

  it('waits when a pull failed once, and names it in the end', () => {
    expect(describeTrouble(waiting('ErrImagePull'), false)).toBeUndefined();
    expect(describeTrouble(waiting('ErrImagePull'), true)).toMatchObject({kind: 'image'});
    expect(describeTrouble(waiting('ContainerCreating'), false)).toBeUndefined();
  });

  it('says how a prober that crashes ended', () => {
    const lastState = {terminated: {exitCode: 137, reason: 'OOMKilled'}};
    expect(describeTrouble(waiting('CrashLoopBackOff', {lastState}), false)).toEqual({
      kind: 'other',
      detail: 'CrashLoopBackOff on node n1: said so; its last run ended with exit code 137 (OOMKilled)',
    });
  });

  it('says in the end that no node takes the pod', () => {
    const unscheduled = pod({conditions: [{type: 'PodScheduled', status: 'False', message: '0/3 nodes'}]}, {});
    expect(describeTrouble(unscheduled, false)).toBeUndefined();
    expect(describeTrouble(unscheduled, true)).toEqual({kind: 'other', detail: '0/3 nodes'});
  });
});

describe('podReady', () => {
  it('does not count a pod on its way out', () => {
    const ready = pod({conditions: [{type: 'Ready', status: 'True'}]});
    expect(podReady(ready)).toBe(true);
    expect(podReady({...ready, metadata: {name: 'prober', deletionTimestamp: '2026-01-01T00:00:00Z'}})).toBe(false);
    expect(podReady(pod({conditions: [{type: 'Ready', status: 'False'}]}))).toBe(false);
  });
});
