import type {Runtime} from './runtime.ts';
import {writerOf} from './session.ts';
import {type UndoDeps, undoDeadline} from './undo/undo.ts';

/** What undo needs of a running drill. */
export function undoDeps({journal, request, prepared, vault, run}: Runtime): UndoDeps {
  return {
    journal,
    deadline: undoDeadline,
    context: {
      clock: request.clock,
      log: request.log,
      cluster: prepared.connection.reader,
      write: writerOf(prepared.connection, request),
      vault,
      run,
    },
  };
}
