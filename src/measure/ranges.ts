/** Whole numbers as text, runs of them shortened: `0-41,44`. Order and repetitions of the input do not matter. */
export function toRanges(numbers: Iterable<number>): string {
  const runs: [first: number, last: number][] = [];
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && number === run[1] + 1) run[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

/** Most numbers that are read from one text: a damaged file must not fill the memory. */
const most = 10_000_000;

/** The numbers of {@link toRanges}; undefined when the text is something else. */
export function fromRanges(text: string): Set<number> | undefined {
  const numbers = new Set<number>();
  if (text === '') return numbers;
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) - Number(from) + numbers.size >= most) {
      return undefined;
    }
    for (let number = Number(from); number <= Number(to); number++) numbers.add(number);
  }
  return numbers;
}
