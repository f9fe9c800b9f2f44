// Who did what, in a chain: each row's seal covers the row before it, so a changed or missing row
// breaks everything after. Rows hold ids and codes only, for they outlive what they speak of.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Entry } from '../case/case.ts';
import type { Keep, Tx } from './keep.ts';
import type { Tables } from './tables.ts';
import { oneWriter } from './transact.ts';

export type AuditRow = Tables['audit'];
export type Head = { seq: number; mac: string };

const macOf = (key: Buffer, row: Omit<AuditRow, 'mac'>) =>
  createHmac('sha256', key)
    .update(JSON.stringify([row.seq, row.at, row.actor, row.action, row.subject, row.detail, row.prev]))
    .digest('hex');

/** Adds one row. It takes a transaction, so that nothing happens unwritten and nothing is written that did not happen. */
export async function appendAudit(tx: Tx, key: Buffer, entry: Entry, now: number): Promise<void> {
  // Two at once would both follow the same row.
  await oneWriter(tx);
  const last = await headOf(tx);
  const row = { seq: last.seq + 1, at: now, ...entry, prev: last.mac };
  const { seq, at, actor, action, subject, detail, prev } = row;
  await tx
    .insertInto('audit')
    .values({ seq, at, actor, action, subject, detail, prev, mac: macOf(key, row) })
    .execute();
}

/** The newest row; published elsewhere it shows later whether the tail was cut. */
export async function headOf(db: Keep | Tx): Promise<Head> {
  const last = await db.selectFrom('audit').select(['seq', 'mac']).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return last ?? { seq: 0, mac: '' };
}

/** Walks the whole chain; names the first row that does not fit. A head published elsewhere also shows a cut tail. */
export async function verifyAudit(
  keep: Keep,
  key: Buffer,
  published?: Head,
): Promise<{ ok: true; head: Head } | { ok: false; seq: number }> {
  let head: Head = { seq: 0, mac: '' };
  for (;;) {
    const rows = await keep.selectFrom('audit').selectAll().where('seq', '>', head.seq).orderBy('seq').limit(1000).execute();
    if (rows.length === 0) break;
    // A year's log is long: whoever else needs this process gets a turn between two thousands.
    await new Promise((resolve) => setImmediate(resolve));
    for (const row of rows) {
      const wanted = Buffer.from(macOf(key, row), 'hex');
      const given = Buffer.from(row.mac, 'hex');
      const fits = given.length === wanted.length && timingSafeEqual(given, wanted);
      if (!fits || row.seq !== head.seq + 1 || row.prev !== head.mac) return { ok: false, seq: head.seq + 1 };
      if (published?.seq === row.seq && published.mac !== row.mac) return { ok: false, seq: row.seq };
      head = { seq: row.seq, mac: row.mac };
    }
  }
  if (published !== undefined && published.seq > head.seq) return { ok: false, seq: head.seq + 1 };
  return { ok: true, head };
}

/** What was done with one request; looking at it is left out, for that is in the log. */
export function historyOf(db: Keep | Tx, subject: string): Promise<AuditRow[]> {
  return db.selectFrom('audit').selectAll().where('subject', '=', subject).where('action', '!=', 'case.read').orderBy('seq').execute();
}

export type AuditFilter = { actor?: string | undefined; subjects?: readonly string[] | undefined };

/** The newest rows before `before`, of all or of one actor, about all or about these. */
export function auditPage(db: Keep | Tx, before: number | null, limit: number, { actor, subjects }: AuditFilter = {}): Promise<AuditRow[]> {
  let query = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(limit);
  if (before !== null) query = query.where('seq', '<', before);
  if (actor !== undefined) query = query.where('actor', '=', actor);
  if (subjects !== undefined) query = query.where('subject', 'in', subjects);
  return query.execute();
}
