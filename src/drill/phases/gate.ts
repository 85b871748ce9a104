import {RefusedError} from '../../io/errors.ts';
import {guardCalendar} from '../guards/calendar.ts';
import {currentConfig} from '../guards/freeze.ts';
import {guardSteps} from '../plan/guard-steps.ts';
import type {Runtime} from '../runtime.ts';
import type {GuardAnswer} from '../types.ts';
import {askBefore} from './steady.ts';

/**
 * The last look before the fault: the same cluster, still ours, still well, nothing more in reach than
 * before, and still a time for drills.
 * Notes every answer; rejects with a RefusedError when one is no.
 */
export async function passGate(runtime: Runtime, signal: AbortSignal): Promise<void> {
  const {prepared, journal, request} = runtime;
  const answers: GuardAnswer[] = [
    ...(await sameAndWell(runtime, signal)),
    ...(await guardSteps(prepared, request, prepared.seen.look({recall: false}))),
    ...guardCalendar({config: await currentConfig(request), now: request.clock.wall(), span: 0}),
  ];
  for (const answer of answers) await journal.append({type: 'guard.answered', phase: 'gate', ...answer});
  const no = answers.filter(({ok}) => !ok);
  if (no.length === 0) {
    await askBefore(runtime, signal);
    return;
  }
  throw new RefusedError(`the gate said no: ${no.map(({message}) => message).join('; ')}`, {
    code: 'E_GATE',
    hint: 'No fault was injected.',
  });
}

async function sameAndWell({prepared, lock}: Runtime, signal: AbortSignal): Promise<GuardAnswer[]> {
  const {connection, identity} = prepared;
  const now = await connection.identify({signal});
  const held = (await lock?.held()) === true;
  const sick = now.nodes.filter(({ready}) => !ready).map(({name}) => name);
  return [
    now.uid === identity.uid
      ? {guard: 'identity', ok: true, message: `still the cluster ${identity.uid}`}
      : {guard: 'identity', ok: false, message: `the cluster answers as ${now.uid} by now, it was ${identity.uid}`},
    held
      ? {guard: 'lock', ok: true, message: 'the lock is held'}
      : {guard: 'lock', ok: false, message: 'the lock is not held by this run any more'},
    sick.length === 0
      ? {guard: 'nodes', ok: true, message: `all ${now.nodes.length} nodes are Ready`}
      : {
          guard: 'nodes',
          ok: false,
          message: `not Ready: ${sick.join(', ')}`,
          hint: 'A drill on a sick cluster proves nothing.',
        },
  ];
}
