import type {Verdict} from '../../../src/journal/types.ts';

/** A change of the run folder of an honest drill, by line. */
export interface RecordCase {
  name: string;
  /** Which lines of the journal stay; all when absent. */
  journal?: (line: string, index: number, all: readonly string[]) => boolean;
  /** The same for the series; `false`: the file is gone. */
  series?: false | RecordCase['journal'];
  /** Lines are taken out and the others keep their numbers: clumsy. */
  clumsy?: boolean;
  verdict: Verdict | 'no run';
  exitCode: number;
  because: RegExp;
}

const has = (line: string, ...parts: string[]) => parts.every((part) => line.includes(part));
const indexOf = (all: readonly string[], ...parts: string[]) => all.findIndex((line) => has(line, ...parts));

/** The record says less than the run: what is missing from it cannot be shown any more. */
export const records: readonly RecordCase[] = [
  {
    name: 'a line of the journal is gone, and the others keep their numbers',
    journal: (line) => !has(line, 'check.answered', '"broken"'),
    clumsy: true,
    verdict: 'no run',
    exitCode: 2,
    because: /journal.jsonl:\d+ is damaged: entry \d+ was expected, not \d+/,
  },
  {
    name: 'the series is gone',
    series: false,
    verdict: 'inconclusive',
    exitCode: 6,
    because: /There is not one sample of the service web/,
  },
  {
    name: 'every bad sample is gone from the series',
    series: (line) => !has(line, '"bad"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'the series ends with the last bad sample: nobody saw it come back',
    series: (_line, index, all) => index <= all.findLastIndex((line) => has(line, '"bad"')),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /could not be seen at the end of the drill|Nobody could see whether the service web came back/,
  },
  {
    name: 'the series ends before the fault',
    series: (_line, index, all) => index < indexOf(all, '"bad"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was not seen down/,
  },
  {
    name: 'the series begins with the fault: there is no baseline',
    series: (_line, index, all) => index >= indexOf(all, '"bad"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /web was unknown right before the fault/,
  },
  {
    name: 'what the check answered after the recovery is gone',
    journal: (line) => !has(line, 'check.answered', '"after"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "one replica" was not asked after the recovery/,
  },
  {
    name: 'what the check answered while it was broken is gone',
    journal: (line) => !has(line, 'check.answered', '"broken"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "one replica" was not asked while it was broken/,
  },
  {
    name: 'what the check answered before the fault is gone',
    journal: (line) => !has(line, 'check.answered', '"before"'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /The check "one replica" was not asked before the fault/,
  },
  {
    name: 'the plan is gone',
    journal: (line) => !has(line, 'plan.made'),
    verdict: 'inconclusive',
    exitCode: 6,
    because: /There is no plan in the journal/,
  },
  {
    name: 'the process died in verify, and the fault is not undone',
    journal: (_line, index, all) => index <= indexOf(all, 'phase.entered', '"verify"'),
    verdict: 'error',
    exitCode: 4,
    because: /The run was cut off in the phase verify/,
  },
  {
    name: 'the process died right before the fault',
    journal: (_line, index, all) => index <= indexOf(all, 'phase.entered', '"inject"'),
    verdict: 'error',
    exitCode: 4,
    because: /The run was cut off in the phase inject/,
  },
];
