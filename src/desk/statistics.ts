// The tables behind the page of statistics. All but the last two speak of the same requests, those that
// came in one month: months do not overlap, so no two tables can be taken from each other.
import { closeReasons, levels } from '../case/case.ts';
import { marksBetween, waitingNow } from '../store/statistics.ts';
import type { Desk } from './desk.ts';
import { type Cell, fewest, roughly, type Shown, suppress } from './suppress.ts';

/** `name` also is the key of its texts. */
export type Table = { name: 'arrivals' | 'outcomes' | 'languages' | 'channels' | 'waiting' | 'steps'; cells: Shown[] };
export type Figures = { month: string; over: boolean; total: number | null; tables: Table[] };

const channels = ['telegram', 'whatsapp', 'web', 'terminal'];
const outcomes = ['open', ...closeReasons.map((reason) => `closed-${reason}`), 'withdrawn'];
const mostSteps = 40;

export const monthOf = (ms: number): string => new Date(ms).toISOString().slice(0, 7);

/** The months there is something to say about, newest first: this one and the twelve before. */
export function monthsUntil(now: number): string[] {
  const today = new Date(now);
  return Array.from({ length: 13 }, (_, back) => monthOf(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back, 1)));
}

const limits = (month: string): [from: number, to: number] => {
  const from = Date.parse(`${month}-01T00:00:00Z`);
  const at = new Date(from);
  return [from, Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)];
};

/** Every code of the list, seen or not: what is missing would say something too. Others, where there are any, stand together. */
function tally<T>(rows: readonly T[], codes: readonly string[], codeOf: (row: T) => string): Cell[] {
  const counts = new Map(codes.map((code): [string, number] => [code, 0]));
  for (const row of rows) {
    const code = codes.includes(codeOf(row)) ? codeOf(row) : 'other';
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => ({ code, count }));
}

/** `present`: also what is true this moment, for those who see the queue anyway. */
export async function figuresOf(desk: Desk, month: string, offices: readonly string[], present: boolean): Promise<Figures> {
  const now = desk.now().getTime();
  const [from, to] = limits(month);
  const marks = await marksBetween(desk.keep, from, to, offices);
  const days = Array.from({ length: Math.max(1, Math.ceil((Math.min(to, now) - from) / 86_400_000)) }, (_, at) =>
    new Date(from + at * 86_400_000).toISOString().slice(0, 10),
  );
  const outcome = ({ status, closedReason }: (typeof marks)[number]) =>
    status === 'closed' ? `closed-${closedReason}` : status === 'withdrawn' ? status : 'open';
  const tables: Table[] = [
    { name: 'arrivals', cells: suppress(tally(marks, days, ({ openedAt }) => new Date(openedAt).toISOString().slice(0, 10))) },
    { name: 'outcomes', cells: suppress(tally(marks, outcomes, outcome)) },
    { name: 'languages', cells: suppress(tally(marks, desk.languages, ({ language }) => language)) },
    { name: 'channels', cells: suppress(tally(marks, channels, ({ channel }) => channel)) },
  ];
  if (present) tables.push({ name: 'waiting', cells: suppress(await waiting(desk, now, offices)) });
  const steps = desk.steps === undefined ? [] : Object.entries(await desk.steps(month));
  // Rounded before they are put in order, or the order would tell what the numbers do not.
  const reached = roughly(steps.map(([code, count]) => ({ code, count }))).filter(({ count }) => count !== null);
  reached.sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || (a.code < b.code ? -1 : 1));
  tables.push({ name: 'steps', cells: reached.slice(0, mostSteps) });
  return { month, over: to <= now, total: marks.length < fewest ? null : marks.length, tables };
}

async function waiting(desk: Desk, now: number, offices: readonly string[]): Promise<Cell[]> {
  const rows = await waitingNow(desk.keep, offices);
  const codes = levels.flatMap((level) => [`${level}-in-time`, `${level}-late`]);
  return tally(rows, codes, ({ level, since }) => `${level}-${now - since > desk.targets[level] * 60_000 ? 'late' : 'in-time'}`);
}
