import {isAway} from '../../cluster/errors.ts';
import {messageOf} from '../../io/errors.ts';
import type {Look} from '../guards/memory.ts';
import {enforce} from '../guards/targets.ts';
import {guardSteps} from '../plan/guard-steps.ts';
import type {Runtime} from '../runtime.ts';
import type {GuardAnswer} from '../types.ts';

type Guarded = Pick<Runtime, 'prepared' | 'request' | 'journal' | 'unconfirmed'>;

/**
 * The guards' second look, right before a step. Notes whether they had to go by what was seen while the API server
 * answered, and what they say once it answers again. Rejects with the first no, and with a ClusterError when the cluster
 * does not answer what `look` cannot recall.
 */
export async function guardStep(runtime: Guarded, path: string, look: Look): Promise<void> {
  const {prepared, request, unconfirmed} = runtime;
  const answers = await guardSteps(prepared, request, look);
  if (!look.recalled) await confirm(runtime, answers);
  enforce(answers);
  if (!look.recalled) return;
  unconfirmed.push(path);
  await note(runtime, {
    guard: 'API away',
    ok: true,
    message: `${path} was guarded by what was seen while the API server answered: it gives no answer now`,
  });
}

/**
 * Asks again for the steps that were guarded while the API server was away. Rejects when the answer is no: the rest of
 * the drill is undone. That it still gives no answer is noted, as nobody looked then.
 */
export async function confirmGuards(runtime: Guarded): Promise<void> {
  const {prepared, request, unconfirmed} = runtime;
  if (unconfirmed.length === 0) return;
  try {
    const answers = await guardSteps(prepared, request, prepared.seen.look({recall: false}));
    await confirm(runtime, answers);
    enforce(answers);
  } catch (error) {
    if (!isAway(error)) throw error;
    await note(runtime, {
      guard: 'API away',
      ok: false,
      message: `nobody could look again whether ${unconfirmed.join(', ')} changed nothing protected: ${messageOf(error)}`,
    });
  }
}

async function confirm(runtime: Guarded, answers: readonly GuardAnswer[]): Promise<void> {
  const paths = runtime.unconfirmed.splice(0);
  if (paths.length === 0) return;
  const no = answers.find(({ok}) => !ok);
  await note(runtime, {
    guard: 'API back',
    ok: no === undefined,
    message: `${paths.join(', ')}, asked again: ${no === undefined ? 'all guards say yes' : `${no.guard}: ${no.message}`}`,
    ...(no?.hint === undefined ? {} : {hint: no.hint}),
  });
}

async function note({journal}: Guarded, answer: GuardAnswer): Promise<void> {
  await journal.append({type: 'guard.answered', phase: 'recover', ...answer});
}
