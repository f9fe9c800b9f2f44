// Events for outside case systems, one row for each endpoint that may have it. A row is written in
// the transaction of the change it reports and stays a while after delivery, so that it can be
// fetched or sent again under the same id; its payload is sealed.
import { createHash } from 'node:crypto';
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import { SealBroken } from './seal.ts';
import type { Tables } from './tables.ts';
import { nextSeq } from './told.ts';
import { isPostgres, transact } from './transact.ts';

type Row = Tables['deliveries'];
export type Letter = {
  endpoint: string;
  /** Waits to be fetched and is never posted. */
  fetched: boolean;
  type: string;
  caseId: string;
  kind: string | null;
  urgent: boolean;
  /** Whether the endpoint may be told more of this request after this. */
  standing: boolean;
  /** What it says, once its number is known. */
  data(seq: number): object;
};
/** `body` is null where the row is damaged and cannot be opened. */
export type Leased = { pos: number; id: string; caseId: string; type: string; body: string | null; attempts: number; since: number };

const place = (row: string) => ({ table: 'deliveries', row, field: 'sealed' });
/** What says only that a request ended: it stays when the request's content goes. */
export const endings: readonly string[] = ['case.closed', 'case.withdrawn', 'case.erased'];
/** What claims to be further away was written before the clock was set back. */
const longestLease = 600_000;
const longestWait = 30 * 3_600_000;
const settled = ['delivered', 'dead', 'kept'] as const satisfies Row['state'][];

/** One counter, so that rows become visible in the order of their numbers: a reader's cursor never skips one. */
async function nextPos(tx: Tx): Promise<number> {
  const row = await tx
    .insertInto('counters')
    .values({ name: 'deliveries', value: 1 })
    .onConflict((c) => c.column('name').doUpdateSet((q) => ({ value: q('counters.value', '+', 1) })))
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

/** Whether an event says so little that it outlives the key of its case: news of an erasure must still go out. */
const isBare = (type: string, caseId: string) => caseId === '' || endings.includes(type);

/** The words of a row; null when its person was erased meanwhile. One that cannot be opened must not hold up the others. */
export async function openDelivery(seal: Seals, row: Pick<Row, 'id' | 'case_id' | 'sealed'>): Promise<{ text: string } | 'damaged' | null> {
  try {
    const at = place(row.id);
    const text = row.case_id === '' ? seal.open(row.sealed, at) : (await seal.openFor('desk', row.case_id))(row.sealed, at);
    return text === null ? null : { text };
  } catch (error) {
    if (error instanceof SealBroken) return 'damaged';
    throw error;
  }
}

export async function putDelivery(tx: Tx, seal: Seals, letter: Letter, now: number): Promise<void> {
  const { endpoint, type, caseId } = letter;
  const seq = await nextSeq(tx, endpoint, caseId, letter.standing);
  const id = `msg_${createHash('sha256').update(`out|${endpoint}|${caseId}|${type}|${seq}`).digest('hex').slice(0, 32)}`;
  const body = { type, timestamp: new Date(now).toISOString(), version: 1, data: letter.data(seq) };
  const own = isBare(type, caseId) ? seal : await seal.sealFor('desk', caseId);
  await tx
    .insertInto('deliveries')
    .values({
      pos: await nextPos(tx),
      endpoint,
      id,
      type,
      case_id: caseId,
      kind: letter.kind,
      seq,
      rank: letter.urgent ? 0 : 1,
      sealed: own.seal(JSON.stringify(body), place(id)),
      brief: 0,
      state: letter.fetched ? 'kept' : 'waiting',
      attempts: 0,
      due_at: now,
      tried_at: 0,
      locked_until: 0,
      since: now,
      created_at: now,
      settled_at: null,
      status: null,
      code: null,
    })
    .execute();
}

/**
 * Takes up to `limit` rows of one endpoint for `leaseMs`: of each request only the earliest, urgent ones
 * first. `probe`: one row, due or not; the one longest untried, so that a single event nobody can take
 * does not keep an endpoint asleep.
 */
export async function leaseFor(
  keep: Keep,
  seal: Seals,
  endpoint: string,
  { now, leaseMs, limit, probe }: { now: number; leaseMs: number; limit: number; probe: boolean },
): Promise<Leased[]> {
  const rows = await keep
    .with('free', (q) => {
      let free = q
        .selectFrom('deliveries as d')
        .select('d.pos')
        .where('d.endpoint', '=', endpoint)
        .where('d.state', '=', 'waiting')
        .where((e) => e.or([e('d.locked_until', '<=', now), e('d.locked_until', '>', now + longestLease)]))
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('deliveries as earlier')
                .select('earlier.pos')
                .whereRef('earlier.case_id', '=', 'd.case_id')
                .whereRef('earlier.endpoint', '=', 'd.endpoint')
                .where('earlier.state', '=', 'waiting')
                .whereRef('earlier.seq', '<', 'd.seq'),
            ),
          ),
        );
      if (!probe) free = free.where((e) => e.or([e('d.due_at', '<=', now), e('d.due_at', '>', now + longestWait)]));
      free = free.orderBy('d.rank');
      if (probe) free = free.orderBy('d.tried_at');
      free = free.orderBy('d.pos').limit(limit);
      return isPostgres(keep) ? free.forUpdate().skipLocked() : free;
    })
    .updateTable('deliveries')
    .set({ locked_until: now + leaseMs })
    .where('pos', 'in', (q) => q.selectFrom('free').select('free.pos'))
    .where((e) => e.or([e('locked_until', '<=', now), e('locked_until', '>', now + longestLease)]))
    .where('state', '=', 'waiting')
    .returning(['pos', 'id', 'case_id', 'type', 'sealed', 'attempts', 'since'])
    .execute();
  const leased: Leased[] = [];
  for (const row of rows) {
    const body = await openDelivery(seal, row);
    const { pos, id, case_id: caseId, type, attempts, since } = row;
    // Its person was erased: nobody may hear of it any more.
    if (body === null) await keep.deleteFrom('deliveries').where('pos', '=', pos).execute();
    else leased.push({ pos, id, caseId, type, body: body === 'damaged' ? null : body.text, attempts, since });
  }
  return leased;
}

/** Nobody will ever be able to read it. */
export async function giveUp(keep: Keep, pos: number, now: number): Promise<void> {
  await keep
    .updateTable('deliveries')
    .set({ state: 'dead', code: 'damaged', settled_at: now, locked_until: 0 })
    .where('pos', '=', pos)
    .execute();
}

/** At the start of the only process on this store: whoever held a lease is gone. */
export async function releaseDeliveries(keep: Keep): Promise<void> {
  await keep.updateTable('deliveries').set({ locked_until: 0 }).where('locked_until', '>', 0).execute();
}

type Outcome = { status: number | null; code: string | null };

export type Taken = { pos: number; status: number; attempts: number };

/** Endpoints have these, in one transaction. Of a request that was purged meanwhile nothing stays. */
export const settle = (keep: Keep, taken: readonly Taken[], now: number): Promise<void> =>
  transact(keep, async (tx) => {
    for (const same of Map.groupBy(taken, ({ status, attempts }) => `${status} ${attempts}`).values()) {
      const { status, attempts } = same[0] as Taken;
      const rows = same.map(({ pos }) => pos);
      const set = { state: 'delivered', attempts, status, code: null, settled_at: now, tried_at: now, locked_until: 0 } as const;
      await tx.updateTable('deliveries').set(set).where('pos', 'in', rows).execute();
      await tx.deleteFrom('deliveries').where('pos', 'in', rows).where('brief', '=', 1).execute();
    }
  });

/** Not this time: again at `dueAt`, after every other that is due. */
export async function defer(keep: Keep, pos: number, outcome: Outcome, attempts: number, dueAt: number, now: number): Promise<void> {
  await keep
    .updateTable('deliveries')
    .set({ ...outcome, attempts, due_at: dueAt, tried_at: now, locked_until: 0 })
    .where('pos', '=', pos)
    .execute();
}

/** The endpoint is back: everything it waits for is due, and its outage counts against no event. */
export async function allDue(keep: Keep, endpoint: string, now: number): Promise<void> {
  await keep
    .updateTable('deliveries')
    .set({ due_at: now, attempts: 0 })
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .execute();
}

/** Gives up what has waited since before `before`; answers how many. What nobody is posting now is dead, and says why. */
export async function bury(keep: Keep, endpoint: string, before: number, now: number): Promise<number> {
  const old = await keep
    .updateTable('deliveries')
    .set({ state: 'dead', settled_at: now })
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .where('since', '<=', before)
    .where('locked_until', '<=', now)
    .returning(['pos', 'brief'])
    .execute();
  if (old.some((row) => row.brief === 1)) await keep.deleteFrom('deliveries').where('state', '=', 'dead').where('brief', '=', 1).execute();
  return old.length;
}

/** Settled long enough: nobody will ask for it again. */
export async function prune(keep: Keep, before: number): Promise<number> {
  const gone = await keep.deleteFrom('deliveries').where('state', 'in', settled).where('since', '<', before).executeTakeFirst();
  return Number(gone.numDeletedRows);
}

/** The request's content goes: so does what was said of it, and what is still under way goes once it is there. */
export async function purgeDeliveries(tx: Tx, caseId: string): Promise<void> {
  const said = tx.deleteFrom('deliveries').where('case_id', '=', caseId).where('type', 'not in', endings);
  await said.where('state', 'in', settled).execute();
  await tx
    .updateTable('deliveries')
    .set({ brief: 1 })
    .where('case_id', '=', caseId)
    .where('state', '=', 'waiting')
    .where('type', 'not in', endings)
    .execute();
}

/** Withdrawing and erasing beat everything queued. */
export async function dropDeliveries(tx: Tx, caseId: string): Promise<void> {
  await tx.deleteFrom('deliveries').where('case_id', '=', caseId).execute();
}

/** Which waiting rows an endpoint has at all. */
export async function hasWaiting(keep: Keep, endpoint: string): Promise<boolean> {
  const query = keep.selectFrom('deliveries').select('pos').where('endpoint', '=', endpoint).where('state', '=', 'waiting').limit(1);
  return (await query.executeTakeFirst()) !== undefined;
}
