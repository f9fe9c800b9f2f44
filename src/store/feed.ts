// Reading back what was or is to be told to an endpoint: the pull interface, the page of its
// deliveries, sending some of it again, and a few figures.

import { openDelivery } from './deliveries.ts';
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import type { Tables } from './tables.ts';

type Row = Tables['deliveries'];
export type Seen = Pick<
  Row,
  'pos' | 'id' | 'type' | 'case_id' | 'seq' | 'state' | 'attempts' | 'created_at' | 'settled_at' | 'status' | 'code'
>;

/** In the order they happened, after a cursor; `next` while there is more. `protection`: whether such requests exist for whoever asks. */
export async function readFeed(
  keep: Keep,
  seal: Seals,
  endpoint: string,
  { after, limit, protection }: { after: number; limit: number; protection: boolean },
): Promise<{ events: { pos: number; id: string; body: string }[]; next: number | null }> {
  let query = keep
    .selectFrom('deliveries')
    .select(['pos', 'id', 'case_id', 'sealed'])
    .where('endpoint', '=', endpoint)
    .where('pos', '>', after);
  if (!protection) query = query.where((q) => q.or([q('kind', 'is', null), q('kind', '!=', 'protection')]));
  const rows = await query
    .orderBy('pos')
    .limit(limit + 1)
    .execute();
  const events: { pos: number; id: string; body: string }[] = [];
  for (const row of rows.slice(0, limit)) {
    const body = await openDelivery(seal, row);
    // Not there: its person was erased meanwhile, or the row is damaged.
    if (body !== null && body !== 'damaged') events.push({ pos: row.pos, id: row.id, body: body.text });
  }
  return { events, next: rows.length > limit ? (rows[limit - 1]?.pos ?? null) : null };
}

/** The newest first, without what they say. */
export function listDeliveries(keep: Keep, endpoint: string, before: number | null, limit: number): Promise<Seen[]> {
  let query = keep
    .selectFrom('deliveries')
    .select(['pos', 'id', 'type', 'case_id', 'seq', 'state', 'attempts', 'created_at', 'settled_at', 'status', 'code'])
    .where('endpoint', '=', endpoint);
  if (before !== null) query = query.where('pos', '<', before);
  return query.orderBy('pos', 'desc').limit(limit).execute();
}

/** Which events to send again: all of a time, some by id, or all that nobody took. */
export type Which = { since: number } | { ids: readonly string[] } | { dead: true };

/** They wait again, under the id they had. What is on its way already is left alone. */
export async function sendAgain(tx: Tx, endpoint: string, which: Which, now: number): Promise<number> {
  let query = tx
    .updateTable('deliveries')
    .set({ state: 'waiting', attempts: 0, due_at: now, since: now, locked_until: 0, settled_at: null })
    .where('endpoint', '=', endpoint);
  if ('since' in which) query = query.where('created_at', '>=', which.since).where('state', 'in', ['delivered', 'dead']);
  else if ('ids' in which) query = query.where('id', 'in', [...which.ids, '']).where('state', 'in', ['delivered', 'dead']);
  else query = query.where('state', '=', 'dead');
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Per endpoint and state, for figures and pages. */
export async function deliveryCounts(keep: Keep): Promise<{ endpoint: string; state: Row['state']; count: number; oldest: number }[]> {
  const rows = await keep
    .selectFrom('deliveries')
    .select((q) => ['endpoint', 'state', q.fn.countAll<number>().as('n'), q.fn.min('since').as('oldest')])
    .groupBy(['endpoint', 'state'])
    .execute();
  return rows.map(({ endpoint, state, n, oldest }) => ({ endpoint, state, count: Number(n), oldest: Number(oldest) }));
}
