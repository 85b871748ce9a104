import process from 'node:process';
import {afterAll, describe, expect, it} from 'vitest';
import {ExitCode} from '../../src/io/errors.ts';
import {type Case, type Outcome, playCase} from './sabotage.ts';

/** What the table shows. */
interface Row {
  theme: string;
  name: string;
  verdict: string;
  exitCode: number;
}

interface Expected extends Pick<Case, 'name' | 'exitCode' | 'because'> {
  verdict: string;
}

/** What was found, as far as it is judged. */
export type Found = Omit<Outcome, 'verdict'> & {verdict: string};

/** A theme is a way of lying. Its file has the rows of its cases printed at its end. */
export function theme(name: string): {compare: (expected: Expected, found: Found) => void} {
  const rows: Row[] = [];
  afterAll(() => print(rows));
  return {
    compare: (expected, found) => {
      const {verdict: wanted, exitCode, because} = expected;
      rows.push({theme: name, name: expected.name, verdict: found.verdict, exitCode: found.exitCode});
      const said = found.verdict === 'passed' ? found.sentence : found.reasons.join('\n');
      expect([found.verdict, found.exitCode, said]).toEqual([wanted, exitCode, said]);
      for (const reason of [because].flat()) expect(said).toMatch(reason);
      expect(found.cleanup).toBe(exitCode === ExitCode.dirty ? 'dirty' : 'clean');
    },
  };
}

export const named = <One extends {name: string}>(cases: readonly One[]) =>
  cases.map((one) => [one.name, one] as const);

/** Plays the cases of a theme, some at a time; after them those that must be alone, one by one. */
export function playTheme(name: string, cases: readonly Case[]): void {
  const {compare} = theme(name);
  const play = async (_: string, one: Case) => compare(one, await playCase(one));
  describe(name, () => {
    it.concurrent.each(named(cases.filter(({alone}) => !alone)))('%s', play);
    it.each(named(cases.filter(({alone}) => alone)))('%s', play);
  });
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({verdict: found}) => found.length));
  const lines = rows.map(
    ({theme: of, name, verdict: found, exitCode}) =>
      `${found.padEnd(width)}  ${String(exitCode).padStart(3)}  ${of}: ${name}`,
  );
  const counts = Map.groupBy(rows, ({verdict: found}) => found);
  const summary = [...counts].map(([found, of]) => `${of.length} ${found}`).join(', ');
  process.stdout.write(`\n${lines.sort().join('\n')}\n${rows.length} cases: ${summary}\n`);
}
