// Events not yet delivered. A row is written in the transaction of the change it reports, leased
// while somebody posts it, and gone once the other side has it; its payload is sealed.
import { createHash } from 'node:crypto';
import type { Keep, Tx } from './keep.ts';
import type { Seals, Side } from './keys.ts';
import { type Seal, SealBroken } from './seal.ts';
import type { Tables } from './tables.ts';
import { isPostgres } from './transact.ts';

export type Target = Tables['outbox']['target'];
/** `body` is null where the row is damaged and cannot be opened. */
export type Due = { id: string; target: Target; caseId: string; body: string | null; attempts: number; refused: number; createdAt: number };

const place = (row: string) => ({ table: 'outbox', row, field: 'sealed' });

/** The webhook id: derived from sender, case, type and seq, so that a repeat is the same event. */
export function webhookId(target: Target, caseId: string, type: string, seq: number): string {
  return `msg_${createHash('sha256').update(`${target}|${caseId}|${type}|${seq}`).digest('hex').slice(0, 32)}`;
}

export type Event = { type: string; data: { case_id: string; seq: number } };

const sideOf = (target: Target): Side => (target === 'cases' ? 'bot' : 'desk');

/** What only names a case outlives its key: news of an erasure must still go out. */
const bare = ['case_id', 'seq', 'message_id', 'notice', 'possible_repeat', 'reason'];
const sealOf = async (seal: Seals, target: Target, { data }: Event): Promise<Seal> =>
  Object.keys(data).every((name) => bare.includes(name)) ? seal : seal.sealFor(sideOf(target), data.case_id);

/** Writes one event; the same one again changes nothing. */
export async function enqueue(db: Keep | Tx, seal: Seals, target: Target, event: Event, now: number): Promise<string> {
  const id = webhookId(target, event.data.case_id, event.type, event.data.seq);
  const body = JSON.stringify({ type: event.type, timestamp: new Date(now).toISOString(), version: 1, data: event.data });
  const own = await sealOf(seal, target, event);
  await db
    .insertInto('outbox')
    .values({
      id,
      target,
      case_id: event.data.case_id,
      seq: event.data.seq,
      sealed: own.seal(body, place(id)),
      due_at: now,
      attempts: 0,
      locked_until: 0,
      created_at: now,
      refused: 0,
      dead_at: null,
    })
    .onConflict((c) => c.doNothing())
    .execute();
  return id;
}

/** Nothing is put off further than this; what claims to be was written before the clock was set back. */
const farthest = 600_000;

/** Up to `limit` rows that are due and free: of each case only the earliest, so that nothing overtakes what went before. */
const freeRows = (db: Pick<Keep, 'selectFrom'>, now: number, limit: number) =>
  db
    .selectFrom('outbox as o')
    .select('o.id')
    .where((e) => e.or([e('o.due_at', '<=', now), e('o.due_at', '>', now + farthest)]))
    .where((e) => e.or([e('o.locked_until', '<=', now), e('o.locked_until', '>', now + farthest)]))
    .where('o.dead_at', 'is', null)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('outbox as earlier')
            .select('earlier.id')
            .whereRef('earlier.case_id', '=', 'o.case_id')
            .whereRef('earlier.target', '=', 'o.target')
            .whereRef('earlier.seq', '<', 'o.seq')
            .where('earlier.dead_at', 'is', null),
        ),
      ),
    )
    .orderBy('o.created_at')
    .limit(limit);

/** Takes up to `limit` due rows for `leaseMs`; a killed worker's rows come back after that. */
export async function lease(keep: Keep, seal: Seals, now: number, leaseMs: number, limit: number): Promise<Due[]> {
  const rows = await keep
    .with('free', (q) => {
      const free = freeRows(q, now, limit);
      // What another process is just taking is passed over; SQLite has no such words and no such processes.
      return isPostgres(keep) ? free.forUpdate().skipLocked() : free;
    })
    .updateTable('outbox')
    .set({ locked_until: now + leaseMs })
    .where('id', 'in', (q) => q.selectFrom('free').select('free.id'))
    .where((e) => e.or([e('locked_until', '<=', now), e('locked_until', '>', now + farthest)]))
    .returningAll()
    .execute();
  return legible(keep, seal, rows);
}

/** The same for the only process on this store, which need not tell anybody: a lease costs a write that reaches the disk. */
export async function next(keep: Keep, seal: Seals, now: number, limit: number): Promise<Due[]> {
  const rows = await keep
    .selectFrom('outbox')
    .selectAll()
    .where('id', 'in', freeRows(keep, now, limit))
    .execute();
  return legible(keep, seal, rows);
}

async function legible(keep: Keep, seal: Seals, rows: Tables['outbox'][]): Promise<Due[]> {
  const due: Due[] = [];
  for (const row of rows) {
    const { id, target, case_id: caseId, attempts, refused, created_at: createdAt } = row;
    const body = await opened(seal, row);
    // Its person was erased: nobody may hear of it any more.
    if (body === 'gone') await delivered(keep, [id]);
    else due.push({ id, target, caseId, body: body?.text ?? null, attempts, refused, createdAt });
  }
  return due;
}

/** One row that cannot be opened must not hold up the others. */
async function opened(seal: Seals, row: Tables['outbox']): Promise<{ text: string } | 'gone' | null> {
  try {
    const text = (await seal.openFor(sideOf(row.target), row.case_id))(row.sealed, place(row.id));
    return text === null ? 'gone' : { text };
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** At the start of the only process on this store: whoever held a lease is gone. */
export async function releaseLeases(keep: Keep): Promise<void> {
  await keep.updateTable('outbox').set({ locked_until: 0 }).where('locked_until', '>', 0).execute();
}

export async function delivered(keep: Keep, ids: string[]): Promise<void> {
  if (ids.length > 0) await keep.deleteFrom('outbox').where('id', 'in', ids).execute();
}

/** Not delivered: free again, due at `dueAt`. */
export async function postpone(keep: Keep, id: string, attempts: number, refused: number, dueAt: number): Promise<void> {
  await keep.updateTable('outbox').set({ attempts, refused, due_at: dueAt, locked_until: 0 }).where('id', '=', id).execute();
}

/** Nobody takes it: it stays, posted no more, and the later events of its case go on. */
export async function setAside(keep: Keep, id: string, now: number): Promise<void> {
  await keep.updateTable('outbox').set({ dead_at: now, locked_until: 0 }).where('id', '=', id).execute();
}

/** Events that were set aside are posted again. */
export async function takeUpAgain(keep: Keep, now: number): Promise<number> {
  const again = { dead_at: null, refused: 0, attempts: 0, due_at: now, created_at: now };
  return Number((await keep.updateTable('outbox').set(again).where('dead_at', 'is not', null).executeTakeFirst()).numUpdatedRows);
}

/** How many events were set aside. */
export async function asideCount(keep: Keep): Promise<number> {
  const count = keep.selectFrom('outbox').where('dead_at', 'is not', null);
  return Number((await count.select((q) => q.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n);
}

/** Erasing or withdrawing wins over queued work. */
export async function dropQueued(db: Keep | Tx, caseId: string, target: Target): Promise<void> {
  await db.deleteFrom('outbox').where('case_id', '=', caseId).where('target', '=', target).execute();
}

/** When the next row falls due, counting leases, if there is one. */
export async function nextDue(keep: Keep): Promise<number | null> {
  const row = await keep
    .selectFrom('outbox')
    .where('dead_at', 'is', null)
    .select((q) => {
      // The larger of two is called max here and greatest there.
      const free = q.case().when('due_at', '>', q.ref('locked_until')).then(q.ref('due_at')).else(q.ref('locked_until')).end();
      return q.fn.min<number | null>(free).as('due');
    })
    .executeTakeFirst();
  return row?.due ?? null;
}

/** Age in milliseconds of the oldest undelivered event. */
export async function oldestAge(keep: Keep, now: number): Promise<number> {
  const row = await keep
    .selectFrom('outbox')
    .where('dead_at', 'is', null)
    .select((q) => q.fn.min<number | null>('created_at').as('at'))
    .executeTakeFirst();
  return row?.at == null ? 0 : Math.max(0, now - row.at);
}

/** Events tried so often in vain that somebody should look. */
const manyTries = 10;

export async function stuckEvents(keep: Keep): Promise<number> {
  const row = await keep
    .selectFrom('outbox')
    .where('attempts', '>=', manyTries)
    .select((q) => q.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** Notes a webhook id; false when it was handled before. Call it in the transaction of its effect. */
export async function firstTime(tx: Tx, id: string, now: number): Promise<boolean> {
  const row = await tx
    .insertInto('handled')
    .values({ id, at: now })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Longer than anything could still be repeated: a request nobody claims lives for thirty days. */
const rememberedFor = 35 * 86_400_000;

export async function forgetHandled(keep: Keep, now: number): Promise<void> {
  await keep
    .deleteFrom('handled')
    .where('at', '<', now - rememberedFor)
    .execute();
}
