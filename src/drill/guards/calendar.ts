import {formatDuration} from '../../io/duration.ts';
import {type Blackout, describeBlackout, firstInstant, insideOf} from '../config/blackout.ts';
import type {Config} from '../config/config.ts';
import type {GuardAnswer} from '../types.ts';

/** Milliseconds in which the next free time is looked for: a week, after which weekly windows repeat. */
const lookAhead = 8 * 24 * 3_600_000;

interface Calendar {
  config: Pick<Config, 'blackout' | 'freeze'>;
  now: Date;
  /** Milliseconds that the drill is going to take when all goes as planned. */
  span: number;
}

/** Whether a drill may run now: no freeze, and no blackout window from now until it would be done. */
export function guardCalendar({config, now, span}: Calendar): GuardAnswer[] {
  const {blackout: windows, freeze} = config;
  const answers: GuardAnswer[] = [];
  if (freeze !== undefined) {
    answers.push({
      guard: 'freeze',
      ok: false,
      message: `drills are frozen: ${freeze.reason}`,
      hint: 'Take `freeze` out of kubedrill.config.yaml when it is over.',
    });
  }
  if (windows.length === 0) return answers;
  const checks = windows.map((window) => ({window, inside: insideOf(window)}));
  for (const {window, inside} of checks) {
    const at = firstInstant(now, span, inside);
    if (at !== undefined) answers.push({guard: 'blackout', ok: false, message: sayWhen(window, now, at)});
  }
  const refused = answers.find(({guard}) => guard === 'blackout');
  if (refused === undefined) {
    answers.push({guard: 'blackout', ok: true, message: 'no blackout window is open before the drill would be done'});
  } else {
    const free = nextFree(now, span, (instant) => checks.some(({inside}) => inside(instant)));
    refused.hint =
      free === undefined
        ? 'There is no free time for this drill in the next eight days.'
        : `There is time for it at ${free.toISOString().slice(0, 16)}Z.`;
  }
  return answers;
}

function sayWhen(window: Blackout, now: Date, at: Date): string {
  const what = `a blackout window (${window.reason}: ${describeBlackout(window)})`;
  if (at.getTime() === now.getTime()) return `${what} is open`;
  return `${what} opens in ${formatDuration(Math.ceil((at.getTime() - now.getTime()) / 1000) * 1000)}, before the drill would be done`;
}

/** The first instant after which a drill would be done before any window opens. */
function nextFree(now: Date, span: number, inside: (instant: Date) => boolean): Date | undefined {
  const end = now.getTime() + lookAhead;
  for (let at: Date | undefined = now; at !== undefined && at.getTime() < end; ) {
    const hit = firstInstant(at, span, inside);
    if (hit === undefined) return at;
    at = firstInstant(hit, end - hit.getTime(), (instant) => !inside(instant));
  }
  return undefined;
}
