import {runLabel} from '../../actions/common/objects.ts';
import type {RunInfo} from '../../actions/define.ts';
import type {KubeObject} from '../../cluster/types.ts';
import {messageOf} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import type {Log} from '../../io/log.ts';
import type {ProbeRecord} from '../../journal/plan.ts';
import {createControls, hasControl} from './controls.ts';
import {createGroup, type DeployDeps, waitForGroup} from './deploy.ts';
import type {OpenedSeries, ProbingHandle, ProbingListener} from './handle.ts';
import {groupLabel, groupProbes, type ManifestInput, type ProberGroup, type ProberSettings} from './manifests.ts';
import {followMember, type Member} from './member.ts';
import {nodeOf, podReady} from './pod-state.ts';

export interface ProberOptions extends DeployDeps, ProbingListener {
  run: RunInfo;
  /** Those with `from: cluster`. */
  probes: readonly ProbeRecord[];
  settings: ProberSettings;
  /** Variables that every `expect` may name; they end up in a ConfigMap, so no secrets. */
  scope: JsonObject;
  namespace: string;
  /** Nodes that the drill is going to break: no prober there unless it is to be on each node. */
  targetNodes: readonly string[];
  /** Milliseconds after which a forgotten prober stops by itself: the run's deadline and some more. */
  lifetime: number;
  log: Log;
}

/** Milliseconds: between two looks for new pods of a DaemonSet; for the last samples at the end; and between looks. */
const timing = {newPods: 2000, lastSamples: 3000, look: 20};

/**
 * Brings the prober into the cluster and follows it: every object is created through `mutate`, so that `undo` removes
 * it. Resolves when every pod is ready, its clock is known and its series are open. Rejects with a RefusedError when
 * the prober cannot get ready, with a ClusterError when the API does not do its part.
 */
export async function startProber(options: ProberOptions): Promise<ProbingHandle> {
  const {run, probes, namespace, clock, signal, log, lifetime} = options;
  const following = new AbortController();
  const stopFollowing = () => following.abort();
  signal.addEventListener('abort', stopFollowing, {once: true});
  const members = new Map<string, Member>();
  const series: OpenedSeries[] = [];
  const controls = createControls(clock);

  const follow = (pod: KubeObject, group: ProberGroup) => {
    const key = pod.metadata.uid ?? pod.metadata.name;
    if (members.has(key)) return;
    const node = nodeOf(pod);
    const nameOf = (probe: string) => (group.on === 'oneNode' ? probe : `${probe}@${node}`);
    for (const probe of group.probes) if (hasControl(probe)) controls.expect(nameOf(probe.name));
    const member = followMember({
      ...options,
      controls,
      pod: {namespace, name: pod.metadata.name},
      node,
      probes: group.probes,
      signal: following.signal,
      nameOf,
      open: (probe, clockName) => {
        const name = nameOf(probe);
        const before = series.filter((one) => one.series === name).length;
        const file = `series/${name}${before === 0 ? '' : `~${before + 1}`}.jsonl`;
        const opened = {series: name, probe, ...(node === undefined ? {} : {node}), file, clock: clockName};
        series.push(opened);
        return opened;
      },
    });
    members.set(key, member);
  };

  const groups = groupProbes(run, probes);
  const expires = new Date(clock.wall().getTime() + lifetime);
  try {
    const inputs = groups.map((group): ManifestInput => ({...options, group, expires}));
    for (const input of inputs) await createGroup(options, input);
    for (const input of inputs) for (const pod of await waitForGroup(options, input)) follow(pod, input.group);
    await Promise.all([...members.values()].map(({ready}) => ready));
  } catch (error) {
    following.abort();
    throw error;
  }
  const watching = watchForNewPods(options, groups, following.signal, follow);
  const measureClock = async () => {
    await Promise.all(
      [...members.values()].map((member) =>
        member.measure().catch((error) => {
          log.warn('the clock of a prober did not answer', {pod: member.name, error: messageOf(error)});
        }),
      ),
    );
  };
  return {
    get pods() {
      return [...members.values()].map(({name, node}) => ({name, node}));
    },
    series,
    controls: controls.all,
    measureClock,
    stop: async () => {
      const now = clock.mono();
      const all = () => [...members.values()];
      while (!signal.aborted && clock.mono() < now + timing.lastSamples && !all().every((one) => one.reached(now))) {
        await clock.sleep(timing.look, signal).catch(() => undefined);
      }
      following.abort();
      signal.removeEventListener('abort', stopFollowing);
      await Promise.all([watching, ...all().map(({done}) => done)]);
    },
  };
}

/** A DaemonSet replaces a pod that dies and follows new nodes: looks for such pods. The API may be away meanwhile. */
async function watchForNewPods(
  {cluster, namespace, run, clock}: ProberOptions,
  groups: readonly ProberGroup[],
  signal: AbortSignal,
  follow: (pod: KubeObject, group: ProberGroup) => void,
): Promise<void> {
  const changing = groups.filter(({on}) => on !== 'oneNode');
  if (changing.length === 0) return;
  const query = {apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `${runLabel}=${run.label}`};
  while (!signal.aborted) {
    await clock.sleep(timing.newPods, signal).catch(() => undefined);
    const pods = await cluster.list(query, {signal}).catch(() => []);
    for (const pod of pods.filter(podReady)) {
      const group = changing.find(({name}) => name === pod.metadata.labels?.[groupLabel]);
      if (group && !signal.aborted) follow(pod, group);
    }
  }
}
