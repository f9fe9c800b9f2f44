// Organisations that share a link. What is counted is how often their page was opened and in which
// language: nothing about what anybody did afterwards is kept with a link (R21).
import type { Keep, Tx } from './keep.ts';
import type { Tables } from './tables.ts';

/** `code`: without its signature. */
export type Partner = { code: string; name: string; createdAt: number; expiresAt: number | null; revokedAt: number | null };

const partnerOf = (row: Tables['partners']): Partner => ({
  code: row.code,
  name: row.name,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  revokedAt: row.revoked_at,
});

export async function addPartner(tx: Tx, code: string, name: string, by: string, expiresAt: number | null, now: number): Promise<void> {
  await tx.insertInto('partners').values({ code, name, by, created_at: now, expires_at: expiresAt, revoked_at: null }).execute();
}

export async function listPartners(db: Keep | Tx): Promise<Partner[]> {
  return (await db.selectFrom('partners').selectAll().orderBy('created_at').orderBy('code').execute()).map(partnerOf);
}

export async function partnerByCode(db: Keep | Tx, code: string): Promise<Partner | null> {
  const row = await db.selectFrom('partners').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : partnerOf(row);
}

/** False when it was taken back before, or never was. */
export async function revokePartner(tx: Tx, code: string, now: number): Promise<boolean> {
  const row = await tx
    .updateTable('partners')
    .set({ revoked_at: now })
    .where('code', '=', code)
    .where('revoked_at', 'is', null)
    .returning('code')
    .executeTakeFirst();
  return row !== undefined;
}

/** One more time the page of this code was opened. */
export async function countOpening(keep: Keep, code: string, language: string): Promise<void> {
  await keep
    .insertInto('openings')
    .values({ code, language, times: 1 })
    .onConflict((c) => c.columns(['code', 'language']).doUpdateSet((q) => ({ times: q('openings.times', '+', 1) })))
    .execute();
}

export async function openingsOf(db: Keep | Tx): Promise<Map<string, { language: string; times: number }[]>> {
  const rows = await db.selectFrom('openings').selectAll().orderBy('language').execute();
  return Map.groupBy(rows, (row) => row.code);
}
