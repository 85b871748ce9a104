import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {proberProgram} from '../../src/drill/prober/program.ts';
import type {JournalEntry, Verdict} from '../../src/journal/types.ts';
import {type PracticeCluster, type PracticeOptions, startPractice} from '../../src/practice/index.ts';
import {type DrillOptions, type PlayedDrill, playOn} from './drill.ts';
import {type Answer, call, quick, until, webApp} from './practice.ts';
import {type ApiProxy, startProxy} from './proxy.ts';
import {type Front, startFront} from './sabotage-front.ts';

/** What a scenario of the suite may change; each part is YAML in flow style. `null` leaves it out. */
export interface Parts {
  type?: string | null;
  target?: string | null;
  canaries?: string | null;
  prepare?: string | null;
  probes?: string | null;
  services?: string | null;
  objectives?: string | null;
  steady?: string | null;
  inject?: string | null;
  effect?: string | null;
  recover?: string | null;
  within?: string | null;
  stableFor?: string | null;
  checks?: string | null;
  stopWhen?: string | null;
}

/** Where a case is played: a practice cluster with the shop in it, seen through a proxy; and a front beside it. */
export interface Stage {
  proxy: ApiProxy;
  front: Front;
  /** Asks the API itself, past the proxy. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The cluster itself, without the proxy. */
  cluster: PracticeCluster;
  folder: string;
}

/** How a case spoils its drill. */
export interface Spoiled extends Omit<DrillOptions, 'practice' | 'onEntry'> {
  scenario?: Parts;
  /** Told of every journal entry, in order. */
  onEntry?: (entry: JournalEntry, control: {abort: (signal: string) => void}) => void;
}

/** One way to make a drill look green although it proves nothing, or an honest drill to compare it with. */
export interface Case {
  name: string;
  /** Of the cluster: permissions, latencies, programs. */
  practice?: Partial<PracticeOptions>;
  spoil?: (stage: Stage) => Spoiled | Promise<Spoiled>;
  /** It holds up the whole process: nothing else may run beside it. */
  alone?: boolean;
  /** Plays it in a way of its own. */
  play?: (stage: Stage) => Promise<Outcome>;
  /** `no report`: it could not be written. */
  verdict: Verdict | 'no report';
  exitCode: number;
  /** What the reasons must name, each of them; for an honest drill, the sentence. */
  because: RegExp | readonly RegExp[];
}

/** How a case ended. */
export interface Outcome extends Pick<PlayedDrill, 'exitCode' | 'cleanup' | 'sentence'> {
  verdict: Case['verdict'];
  reasons: readonly string[];
}

/** ClusterIP of the shop's Service, for probes from the runner. */
const shop = 'http://10.96.77.77/';
/** Path of the shop's Deployment. */
export const shopDeployment = '/apis/apps/v1/namespaces/shop/deployments/web';

const defaults: Parts = {
  type: 'disaster',
  target: '{environments: [practice], maxTargets: 1}',
  probes: `[{name: answers, uses: http, from: runner, every: 200ms, with: {url: "${shop}"}}]`,
  services: '{web: {up: [answers]}}',
  objectives: '[{rto: 20s, of: web, from: fault, source: a test}]',
  steady: '{for: 300ms}',
  inject: '[{id: zero, uses: deployment/scale, with: {namespace: shop, name: web, replicas: 0}}]',
  effect: '{within: 10s}',
  recover: '[{undo: zero}]',
  within: '30s',
  stableFor: '500ms',
  checks:
    '[{name: one replica, uses: kubernetes/object, with: {apiVersion: apps/v1, kind: Deployment, namespace: shop, name: web}, expect: object.status.readyReplicas == 1}]',
  stopWhen: '{none: a test}',
};

/** A scenario as YAML; without parts an honest one: the shop is scaled to nothing, and back. */
export function scenarioOf(parts: Parts = {}): string {
  const {within, stableFor, checks, ...rest} = {...defaults, ...parts};
  const lines = Object.entries(rest).filter(([, value]) => value !== null);
  return `apiVersion: kubedrill.dev/v1
kind: Scenario
metadata: {name: sabotage, title: Sabotage, owner: tests}
spec:
${lines.map(([key, value]) => `  ${key}: ${value}\n`).join('')}  verify: {within: ${within}, stableFor: ${stableFor}, checks: ${checks}}
`;
}

/** Plays a case from an empty cluster to its report. */
export async function playCase({practice, spoil, play}: Case): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'kubedrill-sabotage-'));
  const programs = {'kubedrill/kubedrill': proberProgram, ...practice?.programs};
  const cluster = await startPractice({seed: 1, latency: quick, ...practice, programs});
  try {
    await using proxy = await startProxy(cluster);
    await using front = await startFront();
    const api: Stage['api'] = (method, path, body, headers) => call(cluster, method, path, body, headers);
    await openShop(api);
    const stage: Stage = {proxy, front, api, cluster, folder};
    return play ? await play(stage) : outcomeOf(await playSpoiled(stage, (await spoil?.(stage)) ?? {}));
  } finally {
    await cluster.stop();
    await rm(folder, {recursive: true, force: true});
  }
}

/** Plays a drill through the stage's proxy, which is honest again once the run is over. */
export function playSpoiled({proxy, folder}: Stage, {scenario, onEntry, ...options}: Spoiled): Promise<PlayedDrill> {
  return playOn(proxy.cluster, folder, scenarioOf(scenario), {
    ...options,
    onEntry: (entry, control) => {
      onEntry?.(entry, control);
      if (entry.type === 'run.ended') proxy.clear();
    },
  });
}

/** What a case is judged by. */
export function outcomeOf({verdict, exitCode, cleanup, sentence, entries}: PlayedDrill): Outcome {
  const reasons = entries.findLast((entry) => entry.type === 'verdict')?.reasons ?? [];
  return {verdict, exitCode, cleanup, sentence, reasons};
}

/** The shop: one pod behind a Service at a fixed address. */
async function openShop(api: Stage['api']): Promise<void> {
  const {deployment, service} = webApp('shop', 1);
  // A loaded machine answers late, which is no reason to take the shop out of its Service.
  deployment.spec.template.spec.containers[0].readinessProbe.timeoutSeconds = 20;
  const posts: [string, object][] = [
    ['/api/v1/namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}}],
    ['/apis/apps/v1/namespaces/shop/deployments', deployment],
    ['/api/v1/namespaces/shop/services', {...service, spec: {...service.spec, clusterIP: '10.96.77.77'}}],
  ];
  for (const [path, body] of posts) {
    const {status} = await api('POST', path, body);
    if (status !== 201) throw new Error(`the shop cannot be opened: POST ${path} was answered with ${status}`);
  }
  await until(
    () => api('GET', shopDeployment),
    ({body}) => body.status?.readyReplicas === 1,
  );
}

/** What to do at an instant of a drill. */
type Deeds = Partial<Record<Moment, (control: {abort: (signal: string) => void}) => unknown>>;
/** An instant that the journal names: a phase begins, the fault is about to be made, was made, or was seen to bite. */
type Moment =
  | 'steady'
  | 'gate'
  | 'inject'
  | 'effect'
  | 'recover'
  | 'verify'
  | 'undo'
  | 'intent'
  | 'injected'
  | 'seenDown';

/** Does each deed once, when its moment has come. */
export function at(deeds: Deeds): NonNullable<Spoiled['onEntry']> {
  const open = new Map(Object.entries(deeds));
  return (entry, control) => {
    const moment = momentOf(entry) ?? '';
    const deed = open.get(moment);
    open.delete(moment);
    void deed?.(control);
  };
}

function momentOf(entry: JournalEntry): string | undefined {
  if (entry.type === 'phase.entered') return entry.phase;
  if (entry.type === 'mutation.intent' && entry.role === 'fault') return 'intent';
  if (entry.type === 'step.ended' && entry.path === 'inject.0') return 'injected';
  if (entry.type === 'effect.seen' && entry.path.startsWith('service/') && entry.seen) return 'seenDown';
  return undefined;
}

/** The service is what the front says, not the shop. An answer that is later than `every` is none. */
export const frontProbe = ({url}: Front, every = '200ms'): string =>
  `[{name: answers, uses: http, from: runner, every: ${every}, with: {url: "${url}"}}]`;

/**
 * A service that need not go down, and little time: for drills whose fault or checks are the lie. A busy machine answers
 * late now and then, which is no miss.
 */
export const calm = {
  services: '{web: {up: [answers], outage: possible}}',
  objectives: '[{rto: 3s, of: web, from: fault, source: a test}]',
  within: '3600ms',
} satisfies Parts;
