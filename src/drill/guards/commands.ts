import {actions} from '../../actions/index.ts';
import {canaries as canaryKinds} from '../../canary/index.ts';
import type {JsonObject} from '../../io/json.ts';
import type {ProbeDefinition} from '../../probes/define.ts';
import {probeOf} from '../../probes/index.ts';
import {parseInput, resolveLate, type Spec} from '../../scenario/index.ts';
import type {Config} from '../config/config.ts';
import type {PlannedStep, Scope} from '../session.ts';
import type {GuardAnswer} from '../types.ts';
import type {Environment} from './environment.ts';
import {questionsOf} from './questions.ts';

interface CommandFacts {
  spec: Spec;
  scope: Scope;
  /** All of them, also those within others. */
  steps: readonly PlannedStep[];
  config: Pick<Config, 'allowCommands'>;
  environment: Pick<Environment, 'name'>;
}

interface Started {
  where: string;
  argv: readonly string[];
}

/**
 * Outside practice and ephemeral clusters a program is started only when the config allows exactly these arguments,
 * whatever starts it: a step, a canary, or a question, which is asked with the same rights.
 */
export function guardCommands({spec, scope, steps, config, environment}: CommandFacts): GuardAnswer[] {
  const {name} = environment;
  if (name === 'practice' || name === 'ephemeral') return [];
  const allowed = new Set(config.allowCommands.map((argv) => JSON.stringify(argv)));
  return [...ofSteps(steps), ...ofCanaries(spec, scope), ...ofQuestions(spec, scope)]
    .map(({where, argv}) => ({where, argv: JSON.stringify(argv)}))
    .filter(({argv}) => !allowed.has(argv))
    .map(({where, argv}) => ({
      guard: 'command',
      ok: false,
      message: `${where}: on a ${name} cluster the config must allow this command`,
      hint: `In kubedrill.config.yaml: allowCommands: [${argv}]`,
    }));
}

const ofSteps = (steps: readonly PlannedStep[]): Started[] =>
  steps
    .filter(({record}) => record.uses !== undefined && record.skipped !== true)
    .flatMap(({record}) => {
      const started = actions[record.uses ?? '']?.commands?.(record.with ?? {}) ?? [];
      return started.map((argv) => ({where: record.path, argv}));
    });

const ofCanaries = ({canaries = []}: Spec, scope: Scope): Started[] =>
  canaries.flatMap(({name, uses, with: given = {}}) => started(`the canary ${name}`, canaryKinds[uses], given, scope));

const ofQuestions = (spec: Spec, scope: Scope): Started[] =>
  questionsOf(spec).flatMap(({where, uses, with: given}) => started(where, probeOf(uses), given, scope));

/** Of an input that a step has yet to complete, texts still hold their `${{ }}`, which no config allows. */
function started(
  where: string,
  definition: Pick<ProbeDefinition, 'input' | 'commands'> | undefined,
  given: JsonObject,
  scope: Scope,
): Started[] {
  if (definition?.commands === undefined) return [];
  const input = parseInput(definition.input, resolveLate(given, scope, {partial: true}).value, where);
  return definition.commands(input).map((argv) => ({where, argv}));
}
