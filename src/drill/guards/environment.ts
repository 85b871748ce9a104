import type {ClusterIdentity} from '../../cluster/types.ts';
import type {Exec} from '../../io/exec.ts';
import {areLocalContainers} from '../../platform/local-containers.ts';
import type {Config} from '../config/config.ts';
import type {GuardAnswer} from '../types.ts';

/** The class of a cluster and where that comes from. */
export interface Environment {
  /** `practice`, `ephemeral`, `production`, or a class that the config declares. */
  name: string;
  source: string;
}

/** Whether it is the built-in practice cluster, however it was reached. */
export function isPractice({version, nodes}: ClusterIdentity): boolean {
  return version.endsWith('+kubedrill-practice') && nodes.every(({providerId}) => providerId.startsWith('practice://'));
}

/** Providers whose nodes are containers: kind, k3d, minikube with the docker driver. */
const containerNode = /^(?:kind|k3s):\/\/|^minikube/;

/**
 * The class of a cluster: what the config declares, else practice, else ephemeral when all nodes are containers of
 * this host's engine, else production. Detection never overrides a declaration (contract section 5).
 */
export async function classify(
  {config, practice, exec}: {config: Config; practice: boolean; exec: Exec},
  identity: ClusterIdentity,
  signal: AbortSignal,
): Promise<Environment> {
  const declared = config.clusters.find(({uid}) => uid === identity.uid);
  if (declared !== undefined) return {name: declared.environment, source: `config (${declared.name})`};
  if (practice || isPractice(identity)) return {name: 'practice', source: 'practice'};
  const candidates = identity.nodes.filter(({providerId}) => containerNode.test(providerId));
  if (candidates.length === identity.nodes.length && (await areLocalContainers(exec, candidates, signal))) {
    return {name: 'ephemeral', source: "this host's engine"};
  }
  return {name: 'production', source: 'undeclared'};
}

interface EnvironmentFacts {
  environment: Environment;
  allowed: readonly string[];
  identity: ClusterIdentity;
  config: Config;
  approve: string | undefined;
  approvedBy: string | undefined;
  operator: string;
}

/** Whether the scenario may run on a cluster of this class, on this very cluster, and with whose approval. */
export function guardEnvironment(facts: EnvironmentFacts): GuardAnswer[] {
  const {environment, allowed, identity, config, approve, approvedBy, operator} = facts;
  const answers: GuardAnswer[] = [];
  const fits = allowed.includes(environment.name);
  answers.push({
    guard: 'environment',
    ok: fits,
    message: fits
      ? `the cluster is ${environment.name} (${environment.source}), which the scenario allows`
      : `the cluster is ${environment.name} (${environment.source}); the scenario allows ${allowed.join(', ')}`,
    ...(fits
      ? {}
      : {
          hint: `If that class is wrong, declare the cluster in kubedrill.config.yaml: clusters: [{name: …, uid: ${identity.uid}, environment: …}]`,
        }),
  });
  const pinned = config.clusters.find(({server}) => server !== undefined && sameServer(server, identity.server));
  if (pinned !== undefined && pinned.uid !== identity.uid) {
    answers.push({
      guard: 'identity',
      ok: false,
      message: `${identity.server} is pinned as ${pinned.name} with the kube-system UID ${pinned.uid}, but answers with ${identity.uid}`,
      hint: 'It is another cluster than the one in kubedrill.config.yaml, or one restored from another. Look before you go on.',
    });
  }
  const declared = config.clusters.filter(({uid}) => uid === identity.uid);
  const servers = declared.flatMap(({server}) => (server === undefined ? [] : [server]));
  if (
    servers.length > 0 &&
    servers.length === declared.length &&
    !servers.some((one) => sameServer(one, identity.server))
  ) {
    answers.push({
      guard: 'identity',
      ok: false,
      message: `the cluster ${identity.uid} is pinned to ${servers.join(', ')}, but this is ${identity.server}`,
      hint: 'A cluster restored from another has its UID. If it is the same one by another way, add that way to clusters.',
    });
  }
  if (environment.name === 'production') {
    const name = config.clusters.find(({uid}) => uid === identity.uid)?.name;
    const approved = approve !== undefined && (approve === identity.uid || approve === name);
    answers.push({
      guard: 'approval',
      ok: approved && approvedBy !== undefined && approvedBy !== operator,
      message: !approved
        ? `a production cluster needs --approve with its name or UID${approve === undefined ? '' : `; ${approve} is neither`}`
        : approvedBy === undefined
          ? 'a production cluster needs an approver: --approved-by'
          : approvedBy === operator
            ? `the approver must not be the operator (${operator})`
            : `approved by ${approvedBy}`,
      ...(approved ? {} : {hint: `--approve ${name ?? identity.uid}`}),
    });
  }
  return answers;
}

/** Servers are compared as URLs: case and a trailing slash do not make another one. */
export function sameServer(left: string, right: string): boolean {
  return URL.canParse(left) && URL.canParse(right) ? new URL(left).href === new URL(right).href : left === right;
}
