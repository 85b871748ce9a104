import type {ContainerProgram} from '../../../src/practice/index.ts';

/** The toolbox image on practice, as far as the cases use it: `sh -c` with `echo`, `sleep`, `exit` and `trap "" TERM`. */
export const shell: ContainerProgram = async ({args, print, clock, ...ends}) => {
  let {signal} = ends;
  for (const line of (args[2] ?? '').split(';').map((part) => part.trim())) {
    const [word, ...rest] = line.split(' ');
    if (word === 'trap') signal = ends.killed;
    if (word === 'echo') print(rest.join(' '));
    if (word === 'exit') return Number(rest[0]);
    if (word === 'sleep') await clock.sleep(Number(rest[0]) * 1000, signal).catch(() => {});
    if (signal.aborted) return 143;
  }
  return 0;
};
