// Requests made up by a program look alike and come within a minute. They are shown as one row that
// opens, and nothing more: none is deleted, hidden for good or moved, for one of them may be real.
import type { Opening } from './case.ts';

/** So many within a minute are taken for a flood; a busy shelter is not. */
export const floodSize = 10;
export const floodMs = 60_000;

/** What two requests of a flood have in common, as text to be hashed: link code, kind and what was told. A phone number always differs. */
export function alikeness({ kind, channel, language, country, link, answers }: Opening): string {
  const told = Object.entries(answers)
    .filter(([item]) => item !== 'number')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([kind, channel, language, country, link ?? null, told]);
}

export type Run = { flood: string; first: number };

/** The run a new request belongs to: that of its likes of the last minute, counted from the first, or one of its own. */
export const runOf = (id: string, at: number, before: Run | null): string =>
  before !== null && Math.abs(at - before.first) < floodMs ? before.flood : id;
