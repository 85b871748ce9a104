import {type Command, InvalidArgumentError, Option} from 'commander';
import type {Needed} from '../drill/plan/offline.ts';
import {ExitCode} from '../io/errors.ts';
import type {JsonObject} from '../io/json.ts';
import type {ScenarioFile} from '../scenario/index.ts';
import {defineCommand, type Invocation} from './define.ts';
import {defined} from './support/defined.ts';
import {collect, collectPair} from './support/flags.ts';
import {loadForDrill} from './support/inputs.ts';
import {printResult} from './support/output.ts';
import {readCall} from './support/request.ts';
import {connectAs} from './support/targets.ts';

interface ServiceAccount {
  namespace: string;
  name: string;
}

interface RbacFlags {
  serviceAccount: ServiceAccount;
  environment?: string;
  inPod?: boolean;
  discover?: boolean;
  compare?: boolean;
  var?: Record<string, string>;
  varFile?: string[];
}

/** `kubedrill rbac FILE...`. */
export const rbac = defineCommand<RbacFlags>({
  describe: (command: Command) => {
    command
      .description(
        'Prints the ServiceAccount, Roles and bindings with exactly the permissions that the drills need, for\n' +
          '`kubectl apply -f -`. Needs no cluster: what it assumes stands in comments on top; with --discover\n' +
          'it asks one what custom resources are called.',
      )
      .argument('<input...>', 'files, folders, `-` for stdin, or names of shipped scenarios')
      .addOption(
        new Option('--service-account <namespace:name>', 'who gets them')
          .argParser(parseServiceAccount)
          .default({namespace: 'kubedrill', name: 'kubedrill'}, 'kubedrill:kubedrill'),
      )
      .option(
        '--environment <class>',
        "class of the cluster, for variables that differ by it; default: the scenario's defaults",
      )
      .option('--in-pod', "kubedrill runs in a pod of the cluster, in the service account's namespace")
      .option('--discover', 'ask the cluster, as kubectl finds it, what the kinds are called and which have namespaces')
      .option(
        '--compare',
        'also what it takes to compare everything in reach with what it was before: listing, Secrets too',
      )
      .addOption(
        new Option('--var <name=value>', 'set a variable of the scenario; may be repeated').argParser(collectPair),
      )
      .addOption(new Option('--var-file <file>', 'variables from a YAML file; may be repeated').argParser(collect));
  },
  examples: [
    'kubedrill rbac kill-coredns | kubectl apply -f -',
    'kubedrill rbac drills/ --service-account ops:drills --environment staging --in-pod',
  ],
  run: async (invocation) => {
    const scenarios = await loadForDrill(invocation.args, invocation.io);
    const {objects, assumed} = await rolesFor(invocation, scenarios);
    const {stringify} = await import('yaml');
    const text = objects.map((object) => stringify(object)).join('---\n');
    await printResult(
      invocation,
      {kind: 'Rbac', assumed, objects},
      `${assumed.map((line) => `# ${line}\n`).join('')}${text}`,
    );
    return ExitCode.passed;
  },
});

async function rolesFor(
  invocation: Invocation<RbacFlags>,
  scenarios: readonly ScenarioFile[],
): Promise<{objects: JsonObject[]; assumed: string[]}> {
  const {flags} = invocation;
  const {serviceAccount, environment, namespace = 'default'} = flags;
  const call = await readCall(invocation, scenarios);
  const {permissionsOffline, rbacObjects} = await import('../drill/index.ts');
  const {systemClock} = await import('../io/clock.ts');
  const {directDial} = await import('../io/dial.ts');
  const {createExec} = await import('../io/exec.ts');
  const {silentLog} = await import('../io/log.ts');
  const surroundings = {clock: systemClock, dial: directDial, exec: createExec(), log: silentLog};
  const connection = flags.discover ? await connectAs(invocation) : undefined;
  const needs = [];
  try {
    for (const scenario of scenarios) {
      const {given, config} = call;
      const signal = AbortSignal.timeout(60_000);
      const place = {namespace, ...defined({environment, discover: connection?.reader})};
      needs.push(await permissionsOffline({scenario, given, config, ...surroundings, ...place, signal}));
    }
  } finally {
    connection?.close();
  }
  const makes = [...new Set(needs.flatMap((need) => need.makes))];
  const names = scenarios.map(({scenario}) => scenario.metadata.name);
  const ownPod = {verb: 'get', group: '', resource: 'pods', namespace: serviceAccount.namespace};
  const compares = flags.compare ? needs.flatMap((need) => need.compares) : [];
  const objects = rbacObjects({
    permissions: [...needs.flatMap(({permissions}) => permissions), ...(flags.inPod ? [ownPod] : []), ...compares],
    makes,
    serviceAccount,
    name: `kubedrill-${names.length === 1 ? names[0] : 'drills'}`,
  });
  const assumed = [
    `For ${names.join(', ')}, as ${serviceAccount.namespace}:${serviceAccount.name}. Assumed${flags.discover ? '' : ', as no cluster was asked'}:`,
    `- environment: ${environment ?? "not given, so variables have the scenario's defaults"}`,
    `- namespace of what names none: ${namespace}`,
    '- the namespace kubedrill stays: made here, so that no drill needs to make and delete it',
    ...new Set(needs.flatMap((need) => need.assumed.map(assumedName))),
    '- the cluster lets every authenticated user discover the API and ask for its own permissions, as is the default',
    ...(flags.compare
      ? []
      : ['- not in here: listing all that a drill may reach, to compare it with what it was before (--compare)']),
    ...makes.map(
      (made) => `- ${made} is made by a drill: a Role cannot be in it before, so its rules hold in every namespace`,
    ),
    ...needs
      .flatMap(({open}) => open)
      .map((step) => `- not in here: what ${step} needs, whose input an earlier step gives`),
  ];
  return {objects, assumed};
}

function assumedName({apiVersion, kind, resource}: Needed['assumed'][number]): string {
  const [group] = apiVersion.split('/');
  const check = `kubectl api-resources --api-group ${group}`;
  return `- ${kind} of ${group} is called ${resource}; a cluster that serves it knows: ${check}, or --discover`;
}

function parseServiceAccount(text: string): ServiceAccount {
  const [, namespace, name] = /^([a-z0-9-]+):([a-z0-9.-]+)$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) throw new InvalidArgumentError('Write it as namespace:name.');
  return {namespace, name};
}
