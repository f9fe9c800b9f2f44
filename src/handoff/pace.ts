// When to try again, and when an endpoint is left in peace. Figures and decisions only: what time it
// is and what happened come in, what is to be remembered comes out.

const minute = 60_000;
const hour = 60 * minute;
/** Waits before each attempt; together 75.6 hours. */
const waits = [0, 5_000, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

export const deadAfter = 76 * hour;
export const disabledAfter = 120 * hour;
/** How long a failing endpoint is believed to have a bad moment only. */
const doubtAfter = 5 * minute;
const failuresUntilAsleep = 5;
const probeEvery = minute;
const alerts = [15 * minute, hour, 24 * hour];
const width = 4;

/** ±20 %, so that what failed together does not come back in one wave. `chance`: from 0 up to 1. */
const spread = (ms: number, chance: number): number => Math.round(ms * (0.8 + 0.4 * chance));

/** The wait after the `attempts`th failed attempt. Never beyond the moment the event is given up. */
export function nextTry(attempts: number, since: number, now: number, chance: number): number {
  const wait = spread(waits[attempts] ?? 24 * hour, chance);
  return Math.min(now + wait, Math.max(now + probeEvery, since + deadAfter));
}

export type Health = {
  failures: number;
  failingSince: number | null;
  asleep: boolean;
  probeAt: number;
  holdUntil: number;
  slowUntil: number;
};
/** What came back: a status, or none. */
export type Failure = { status: number | null; retryAfterMs: number | null };

/** The record after some failures in a row. */
export function afterFailures(before: Health, failed: readonly Failure[], now: number): Health {
  const failures = before.failures + failed.length;
  const failingSince = before.failingSince ?? now;
  const asked = Math.max(0, ...failed.map((one) => one.retryAfterMs ?? 0));
  const busy = failed.some(({ status }) => status === 429 || status === 502 || status === 504);
  // Whoever is overrun gets one event at a time and longer and longer breaks.
  const pause = busy ? Math.max(asked, Math.min(doubtAfter, 5_000 * 2 ** Math.min(failures - 1, 6))) : asked;
  return {
    failures,
    failingSince,
    asleep: before.asleep || isDoubted({ failures, failingSince }, now),
    probeAt: now + probeEvery,
    holdUntil: Math.max(before.holdUntil, now + pause),
    slowUntil: busy ? now + doubtAfter : before.slowUntil,
  };
}

/** Five failures in a row, or five minutes without a success: from here it is only probed. */
export const isDoubted = ({ failures, failingSince }: Pick<Health, 'failures' | 'failingSince'>, now: number): boolean =>
  failures >= failuresUntilAsleep || (failingSince !== null && now - failingSince >= doubtAfter);

/** How many events at once. */
export const widthOf = ({ slowUntil, failures }: Pick<Health, 'slowUntil' | 'failures'>, now: number): number =>
  slowUntil > now || failures > 0 ? 1 : width;

/** Which alerts are due by now. */
export const alertsDue = (failingSince: number | null, now: number): number =>
  failingSince === null ? 0 : alerts.filter((after) => now - failingSince >= after).length;
