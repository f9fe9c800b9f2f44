// What may be counted of requests: marks alone, without protection requests and without those erased,
// of whom nothing is left to count.
import { type Level, levelOf, openStatuses } from '../case/case.ts';
import { caseOf } from './cases.ts';
import type { Keep } from './keep.ts';

export type Mark = { openedAt: number; status: string; closedReason: string | null; channel: string; language: string };

const seen = (keep: Keep, offices: readonly string[]) => {
  const query = keep.selectFrom('cases').where('kind', '!=', 'protection').where('status', '!=', 'erased');
  return offices.length === 0 ? query : query.where((q) => q.or([q('office', 'is', null), q('office', 'in', offices)]));
};

/** Requests that came in this time. */
export async function marksBetween(keep: Keep, from: number, to: number, offices: readonly string[]): Promise<Mark[]> {
  const rows = await seen(keep, offices)
    .where('opened_at', '>=', from)
    .where('opened_at', '<', to)
    .select(['opened_at', 'status', 'closed_reason', 'channel', 'language'])
    .execute();
  return rows.map((row) => ({
    openedAt: Number(row.opened_at),
    status: row.status,
    closedReason: row.closed_reason,
    channel: row.channel,
    language: row.language,
  }));
}

/** Those whose turn is ours, and since when they wait. */
export async function waitingNow(keep: Keep, offices: readonly string[]): Promise<{ level: Level; since: number }[]> {
  const ours = openStatuses.filter((status) => status === 'new' || status === 'claimed' || status === 'waiting_us');
  const rows = await seen(keep, offices)
    .where((q) => q.or([q('status', 'in', ours), q('referred_from', 'in', ours)]))
    .selectAll()
    .execute();
  return rows.map(caseOf).map((kase) => ({ level: levelOf(kase), since: kase.waitingSince }));
}
