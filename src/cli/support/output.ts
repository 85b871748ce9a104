import {parseJson} from '../../io/json.ts';
import type {Invocation} from '../define.ts';

/** A result for machines: versioned, so that scripts can hold on to it. */
export interface ResultDocument {
  kind: string;
  [key: string]: unknown;
}

/** Prints a command's result on stdout: the text for people, or one versioned document with `-o json` and `-o yaml`. */
export async function printResult(
  {io, flags}: Pick<Invocation, 'io' | 'flags'>,
  document: ResultDocument,
  text: string,
): Promise<void> {
  const versioned = {apiVersion: 'kubedrill.dev/v1', ...document};
  if (flags.output === 'json') io.print(`${JSON.stringify(versioned, undefined, 2)}\n`);
  else if (flags.output === 'yaml') {
    const {stringify} = await import('yaml');
    // Through JSON, so that both formats leave out the same members.
    io.print(stringify(parseJson(JSON.stringify(versioned))));
  } else io.print(text.endsWith('\n') || text === '' ? text : `${text}\n`);
}
