import {type Condition, setCondition} from '../objects.ts';
import type {ContainerStatus, Pod} from '../workloads.ts';
import type {ContainerKeeper} from './containerKeeper.ts';

interface Circumstances {
  failure: {reason: string; message: string} | undefined;
  now: string;
}

/** The parts of a pod's status that follow from its containers. */
export function podStatus(
  pod: Pod,
  keepers: readonly ContainerKeeper[],
  {failure, now}: Circumstances,
): Partial<Pod['status']> {
  const statuses = keepers.map((keeper) => keeper.status());
  const phase = phaseOf(pod, statuses, failure !== undefined);
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const unready = statuses.filter((each) => !each.ready).map((each) => each.name);
  const allReady = unready.length === 0 && !finished;
  const why = finished
    ? {reason: phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed'}
    : {reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]`};
  const ready = (type: string): Condition => (allReady ? {type, status: 'True'} : {type, status: 'False', ...why});
  const conditions = [
    {type: 'PodReadyToStartContainers', status: pod.status.podIP && !finished ? 'True' : 'False'},
    {type: 'Initialized', status: 'True', ...(phase === 'Succeeded' ? {reason: 'PodCompleted'} : {})},
    ready('Ready'),
    ready('ContainersReady'),
  ] satisfies Condition[];
  return {
    phase,
    ...failure,
    conditions: conditions.reduce<Condition[]>(
      (all, each) => setCondition(all, each, now),
      pod.status.conditions ?? [],
    ),
    containerStatuses: statuses,
  };
}

function phaseOf(pod: Pod, statuses: readonly ContainerStatus[], failed: boolean): Pod['status']['phase'] {
  const codes = statuses.map((each) => each.state.terminated?.exitCode);
  const done = codes.every((code) => code !== undefined);
  if (failed && done) return 'Failed';
  const stays = pod.spec.restartPolicy !== 'Always' || pod.metadata.deletionTimestamp !== undefined;
  const restarts =
    pod.spec.restartPolicy === 'OnFailure' && codes.some((code) => code !== 0) && !pod.metadata.deletionTimestamp;
  if (done && stays && !restarts) return codes.every((code) => code === 0) ? 'Succeeded' : 'Failed';
  const everStarted = statuses.some((each) => each.containerID !== undefined);
  return everStarted ? 'Running' : 'Pending';
}
