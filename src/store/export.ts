// What may leave as a file: marks of requests, never what a person told, and nothing of protection
// requests. A request that was taken back or erased is nobody's to pass on.
import { levelOf, openStatuses } from '../case/case.ts';
import { caseOf } from './cases.ts';
import type { Keep, Tx } from './keep.ts';

export const exported = [
  'ref',
  'kind',
  'status',
  'level',
  'channel',
  'language',
  'country',
  'office',
  'opened',
  'closed',
  'closed_reason',
] as const;
export type Exported = Record<(typeof exported)[number], string>;

/** The day alone: an hour would point at one person among few. */
const day = (ms: number | null) => (ms === null ? '' : new Date(ms).toISOString().slice(0, 10));

/** Oldest first. `offices`: those of whoever asks; none: all. */
export async function exportRows(db: Keep | Tx, which: 'open' | 'all', offices: readonly string[]): Promise<Exported[]> {
  let query = db
    .selectFrom('cases')
    .selectAll()
    .where('kind', 'in', ['return', 'talk'])
    .where('status', 'in', which === 'open' ? openStatuses : [...openStatuses, 'closed']);
  if (offices.length > 0) query = query.where((q) => q.or([q('office', 'is', null), q('office', 'in', offices)]));
  const rows = await query.orderBy('opened_at').orderBy('id').execute();
  return rows.map(caseOf).map((kase) => ({
    ref: kase.ref,
    kind: kase.kind,
    status: kase.status,
    level: levelOf(kase),
    channel: kase.channel,
    language: kase.language,
    country: kase.country ?? '',
    office: kase.office ?? '',
    opened: day(kase.openedAt),
    closed: day(kase.closedAt),
    closed_reason: kase.closedReason ?? '',
  }));
}
