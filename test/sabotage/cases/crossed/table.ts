import type {
  CanaryAccount,
  Cause,
  CureAccount,
  FaultAccount,
  HeldAccount,
  OutageAccount,
  WatchAccount,
} from '../../../../src/report/account/types.ts';
import type {Case} from '../../../support/sabotage.ts';

/** When, or by whom, a drill is spoiled: the columns. */
export const whens = [
  'before the fault',
  'between fault and cure',
  'by the cure',
  'by a stranger',
  'by itself',
  'skipped',
  'unchanged',
  'unseen',
] as const;
export type When = (typeof whens)[number];

/** Everything that the account can say against a drill. */
type Word =
  | Exclude<Cause, 'fault'>
  | Exclude<NonNullable<OutageAccount['endedBy']>, 'cure'>
  | NonNullable<FaultAccount['why']>
  | NonNullable<CureAccount['why']>
  | keyof Pick<FaultAccount, 'unseen' | 'written'>
  | keyof Pick<HeldAccount, 'red'>
  | keyof Pick<WatchAccount, 'after'>
  | keyof Pick<CanaryAccount, 'taken'>;

/** The column in which each word of the account is brought about. A word that is new there does not compile here. */
export const columnOf = {
  neither: 'before the fault',
  other: 'between fault and cure',
  cure: 'by the cure',
  taken: 'by the cure',
  red: 'by a stranger',
  either: 'by itself',
  skipped: 'skipped',
  'not played': 'skipped',
  'changed nothing': 'unchanged',
  unseen: 'unseen',
  written: 'unseen',
  after: 'unseen',
} satisfies Record<Word, When>;

/** A drill that is played, or why there can be none. */
export type Cell = Case | {never: string};
export type Row = Readonly<Record<When, Cell>>;
/** What looks has no say in whether what was broken comes back by itself. */
export const alikeByItself: Cell = {
  never: 'whether what was broken comes back by itself does not hang on who looks: faults and steps',
};
/** By kind. */
export type Axis = Readonly<Record<string, Row>>;

/** The drills of some rows, each once: one drill may be the case of several cells. */
export const drillsOf = (axis: Axis): Case[] => [
  ...new Set(Object.values(axis).flatMap((row) => Object.values(row).flatMap((cell) => ('never' in cell ? [] : cell)))),
];

/** A row for each kind, made by one rule. */
export const rowsOf = <Kind extends string>(kinds: readonly Kind[], rowOf: (kind: Kind) => Row): Axis =>
  Object.fromEntries(kinds.map((kind) => [kind, rowOf(kind)]));

const codes = {passed: 0, failed: 1, refused: 3, inconclusive: 6, error: 5} as const;

/** A case by its verdict, whose exit code follows from it. */
export const expecting = (
  name: string,
  verdict: keyof typeof codes,
  because: Case['because'],
  spoil: NonNullable<Case['spoil']>,
): Case => ({name, verdict, exitCode: codes[verdict], because, spoil});
