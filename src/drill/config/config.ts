import {existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import * as z from 'zod';
import {UsageError} from '../../io/errors.ts';
import type {JsonObject} from '../../io/json.ts';
import {type Diagnostic, ScenarioError} from '../../scenario/diagnostics.ts';
import {limited, Problems} from '../../scenario/problems.ts';
import {checkShape} from '../../scenario/shape.ts';
import {readOne} from '../../scenario/yaml/files.ts';
import {readYaml} from '../../scenario/yaml/yaml.ts';
import {blackoutSchema} from './blackout.ts';

/** Name of the config file. */
export const configName = 'kubedrill.config.yaml';

const text = (description: string) => z.string().min(1, {error: 'must not be empty'}).describe(description);
const jsonObject = (description: string) =>
  // YAML gives JSON; what is in it is the API server's business.
  (z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonObject, JsonObject>).describe(description);

const clusterSchema = z
  .strictObject({
    name: text('Name for people'),
    uid: text('UID of the namespace kube-system: the identity of the cluster'),
    server: z.url({error: 'expected the URL of the API server'}).optional().describe('URL of the API server'),
    environment: z
      .string()
      .regex(/^[a-z][a-z0-9-]*$/, {error: 'an environment class has lower-case letters, digits and dashes'})
      .describe('Class of the cluster, as scenarios name it in target.environments'),
  })
  .describe('A cluster and its class');

const proberSchema = z
  .strictObject({
    image: text('Image of the prober pod').optional(),
    pullSecrets: z.array(text('Name of a Secret in the namespace kubedrill')).optional().describe('imagePullSecrets'),
    tolerations: z.array(jsonObject('A toleration')).optional().describe('Tolerations of the prober pod'),
    resources: jsonObject('Requests and limits of the prober container').optional(),
    priorityClassName: text('Priority class of the prober pod').optional(),
  })
  .describe('The pod that samples inside the cluster');

export const configSchema = z
  .strictObject({
    clusters: z.array(clusterSchema).default([]).describe('Clusters that are known, with their class'),
    protectedNamespaces: z
      .array(text('A namespace'))
      .default([])
      .describe('Namespaces to protect beside those of Kubernetes and kubedrill'),
    allowCommands: z
      .array(z.array(z.string()).min(1))
      .default([])
      .describe('Exact argument lists that command/run may run outside practice and ephemeral clusters'),
    blackout: z.array(blackoutSchema).default([]).describe('Times in which no drill may run'),
    freeze: z
      .strictObject({reason: text('Why; told to everybody who is refused')})
      .optional()
      .describe('No drill may begin while this is here; drills that are running end, undo and report'),
    prober: proberSchema.default({}),
    reports: text('Folder of the run folders; relative to the config file').optional(),
  })
  .describe('kubedrill.config.yaml');

/** What the config file says; paths are absolute. */
export type Config = z.output<typeof configSchema>;

/** What holds where there is no config file. */
export const defaultConfig: Config = {
  clusters: [],
  protectedNamespaces: [],
  allowCommands: [],
  blackout: [],
  prober: {},
};

export interface ConfigPlace {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** `--config`; must exist. */
  path?: string;
}

/**
 * Reads the config: `path`, else the first kubedrill.config.yaml from `cwd` upwards, else that in
 * $XDG_CONFIG_HOME/kubedrill (or ~/.config/kubedrill), else {@link defaultConfig}.
 * Rejects with a UsageError when `path` does not exist, and with a ScenarioError that lists every problem of the file.
 */
export async function loadConfig({cwd, env, path}: ConfigPlace): Promise<Config> {
  const file = path === undefined ? findConfig(cwd, env) : resolve(cwd, path);
  if (file === undefined) return defaultConfig;
  if (!existsSync(file)) {
    throw new UsageError(`${path}: there is no such config file`, {
      code: 'E_NO_CONFIG',
      hint: `--config and KUBEDRILL_CONFIG name a file; without them ${configName} is looked up.`,
    });
  }
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic) => diagnostics.push(diagnostic);
  const source = readOne(file, path ?? file, report);
  const documents = source ? readYaml(source, report) : [];
  let config: Config | undefined;
  const [document, second] = documents;
  if (document) {
    const problems = new Problems(document);
    // A file of comments only is a config that says nothing.
    config = checkShape(configSchema, document.value ?? {}, (problem) => problems.add(problem));
    diagnostics.push(...problems.list());
  }
  if (second) {
    diagnostics.push(
      second.source.diagnostic([second.start, second.start + 1], {
        code: 'E_CONFIG',
        message: 'a config file holds one document only',
      }),
    );
  }
  if (diagnostics.length > 0 || !config) throw new ScenarioError(limited(diagnostics));
  return config.reports === undefined ? config : {...config, reports: resolve(dirname(file), config.reports)};
}

function findConfig(cwd: string, env: ConfigPlace['env']): string | undefined {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, configName);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) break;
  }
  const home = env.XDG_CONFIG_HOME || (env.HOME ? join(env.HOME, '.config') : undefined);
  const file = home === undefined ? undefined : join(home, 'kubedrill', configName);
  return file !== undefined && existsSync(file) ? file : undefined;
}
