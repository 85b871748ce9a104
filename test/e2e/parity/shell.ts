import type {ContainerProgram} from '../../../src/practice/index.ts';

/** The toolbox image on practice, as far as the cases use it: `sh -c` with `echo`, `sleep` and `exit`. */
export const shell: ContainerProgram = async ({args, print, clock, signal}) => {
  for (const line of (args[2] ?? '').split(';').map((part) => part.trim())) {
    const [word, ...rest] = line.split(' ');
    if (word === 'echo') print(rest.join(' '));
    if (word === 'exit') return Number(rest[0]);
    if (word === 'sleep') await clock.sleep(Number(rest[0]) * 1000, signal).catch(() => {});
    if (signal.aborted) return 143;
  }
  return 0;
};
