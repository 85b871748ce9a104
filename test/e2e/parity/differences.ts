/** What practice is known to answer otherwise. */
export interface Difference {
  /** The sentence that stands for it in docs/practice.md. */
  says: string;
  /** For each case, where its answers differ: number of the answer and path in it. */
  cases: Readonly<Record<string, readonly string[]>>;
}

/** All known differences. What is not here fails; what is here and differs no longer fails as well. */
export const known: readonly Difference[] = [];
