import type {ResidentCanary} from '../../canary/define.ts';
import type {CanaryRecord} from '../../journal/plan.ts';
import {startSampler} from '../../measure/sampler.ts';
import type {ReadyRun} from '../session.ts';
import {note, type RunningCanary, readAfter, readOnce, untrusted} from './reading.ts';

/** Looks at a resident canary again and again: every number that was ever there was acknowledged. */
export async function watchResident(
  runtime: ReadyRun,
  {name, every}: CanaryRecord,
  canary: ResidentCanary,
): Promise<RunningCanary> {
  const {clock} = runtime.request;
  const {resident} = canary;
  const known = new Set<number>();
  await runtime.journal.append({type: 'canary.opened', canary: name, resident});
  const over = new AbortController();
  const sampler = startSampler({
    clock,
    series: [
      {
        name,
        every,
        sample: async () => {
          const answer = await readOnce(canary, over.signal);
          if ('error' in answer) return {state: 'blind', detail: answer.error};
          for (const number of answer.numbers) known.add(number);
          return {state: 'ok'};
        },
      },
    ],
    onSample: () => undefined,
  });
  return {
    prove: async (signal) => {
      const asked = clock.mono();
      const answer = await readOnce(canary, signal);
      if ('error' in answer) throw untrusted(name, `it cannot be read: ${answer.error}`);
      const last = Math.max(...answer.numbers);
      const age = clock.wall().getTime() - (last + 1) * resident.every;
      if (answer.numbers.length === 0) throw untrusted(name, 'it has written nothing yet');
      if (age > 2 * resident.every) throw untrusted(name, `its last write is ${Math.round(age / 60_000)} minutes old`);
      // A write stands for the stretch that begins with it: by an equal clock none has begun before its time.
      const ahead = -age - resident.every;
      if (ahead > 0) throw untrusted(name, `its clock is at least ${Math.ceil(ahead / 1000)} s ahead of this one`);
      for (const number of answer.numbers) known.add(number);
      await note(runtime, name, 'before', asked, answer);
    },
    count: async (signal) => {
      await sampler.stop();
      await note(runtime, name, 'known', clock.mono(), {numbers: [...known]});
      await readAfter(runtime, name, canary, signal);
    },
    stop: async () => {
      over.abort();
      await sampler.stop();
    },
  };
}
