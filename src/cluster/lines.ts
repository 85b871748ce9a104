/**
 * Cuts a byte stream into lines: over chunk borders, with multi-byte characters kept whole, without the line feed.
 * `end` gives the last line when nothing ended it.
 */
export function createLineSplitter(onLine: (line: string) => void): {push(chunk: Uint8Array): void; end(): void} {
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  const take = (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return {
    push: (chunk) => take(decoder.decode(chunk, {stream: true})),
    end: () => {
      take(decoder.decode());
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
