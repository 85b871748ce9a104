/** Longest duration accepted, in milliseconds: a Node timer longer than 2^31-1 ms (24.8 days) fires at once. */
export const maxDuration = 24 * 24 * 3_600_000;

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const whole = /^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/**
 * Milliseconds of a Go duration string (`1m30s`, `500ms`, `0`), as in Go's time.ParseDuration less negative ones.
 * Undefined when the text is no duration or exceeds {@link maxDuration}.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!whole.test(text)) return undefined;
  let total = 0;
  for (const [, figure, unit] of text.matchAll(part)) total += Number(figure) * (unitMs[unit ?? ''] ?? Number.NaN);
  return total <= maxDuration ? total : undefined;
}

/** A duration in Go's form with whole milliseconds at the finest: `1m30s`, `1.25s`, `250ms`. */
export function formatDuration(ms: number): string {
  const rounded = Math.round(ms);
  if (rounded === 0) return '0s';
  if (Math.abs(rounded) < 1000) return `${rounded}ms`;
  const sign = rounded < 0 ? '-' : '';
  const positive = Math.abs(rounded);
  const hours = Math.floor(positive / 3_600_000);
  const minutes = Math.floor((positive % 3_600_000) / 60_000);
  const seconds = (positive % 60_000) / 1000;
  const head = `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}`;
  return `${sign}${head}${seconds || !head ? `${seconds}s` : ''}`.replace(/^(-?(?:\d+h)?)0m$/, '$1');
}
