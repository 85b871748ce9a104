import {until} from '../../actions/common/objects.ts';
import type {UndoContext, UndoDefinition, UndoOutcome} from '../../actions/define.ts';
import {kubectl} from '../../cluster/names.ts';
import {isOutside, type Target} from '../../io/target.ts';
import type {Need} from '../../outside/means.ts';

/** How an undo ended, that of a recovery which stays included. */
export type Outcome = UndoOutcome | {state: 'kept'; detail: string};

/**
 * Closes a recovery whose step succeeded: what it repaired stays, if it is there still. Where nothing is left of it,
 * the undos of what was before it find their own way back; what somebody else has changed since is named.
 */
export async function keep(
  definition: UndoDefinition,
  context: UndoContext<Need>,
  {data, target}: {data: unknown; target: Target},
): Promise<Outcome> {
  if (definition.stays === undefined) {
    // The platform may be at it still: a rollout that a recovery began, say.
    const healed = await until(context, async () => {
      const seen = await definition.verify(context, data, target);
      return seen.ok ? seen : undefined;
    });
    return {state: 'kept', detail: healed.detail};
  }
  const {state, detail} = await definition.stays(context, data, target);
  if (state === 'changed') {
    const command = isOutside(target) ? undefined : kubectl('get', target, '-o yaml');
    return {
      state: 'conflict',
      detail: `somebody else has changed it since the recovery: ${detail}`,
      command: command ?? definition.command(data, target),
    };
  }
  if (state === 'gone') return {state: 'already', detail: `nothing of the recovery is left: ${detail}`};
  const fixture = context.own.fixture(target);
  return {
    state: 'kept',
    detail:
      fixture === undefined
        ? 'its step succeeded: what it repaired stays'
        : `its step succeeded, and it goes with what it repaired: ${fixture}`,
  };
}
