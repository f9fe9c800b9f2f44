// A telephone number can be looked for without being readable anywhere: only a keyed hash of its last
// digits is stored, for people write the same number with and without the code of the country.
import type { Case } from '../case/case.ts';
import { digits } from '../flow/fold.ts';
import { caseOf } from './cases.ts';
import type { Keep, Tx } from './keep.ts';
import { makeIndex } from './seal.ts';

const compared = 8;
/** Shorter ones fit too many people. */
const fewest = 6;

/** Null when this is no telephone number. */
export function phoneIndex(key: Buffer, number: string): string | null {
  const plain = digits(number.normalize('NFKC')).replace(/\D/g, '');
  return plain.length < fewest ? null : makeIndex(key)('phone', plain.slice(-compared));
}

/** Notes the blind index of a telephone number, or that there is none any more. */
export async function markPhone(tx: Tx, id: string, index: string | null): Promise<void> {
  await tx.updateTable('cases').set({ phone: index }).where('id', '=', id).execute();
}

/** Requests found by what may be looked for in the clear, a reference, or by a blind index; never by a person's words. */
export async function lookUp(db: Keep | Tx, by: { ref: string } | { phone: string }): Promise<Case[]> {
  const [column, value] = 'ref' in by ? (['ref', by.ref] as const) : (['phone', by.phone] as const);
  const rows = await db.selectFrom('cases').selectAll().where(column, '=', value).orderBy('opened_at', 'desc').limit(20).execute();
  return rows.map(caseOf);
}

/** Other requests that left the same telephone number: possibly the same person, never more than a hint. */
export async function samePhone(db: Keep | Tx, id: string): Promise<Case[]> {
  const row = await db.selectFrom('cases').select('phone').where('id', '=', id).executeTakeFirst();
  return row?.phone == null ? [] : (await lookUp(db, { phone: row.phone })).filter((kase) => kase.id !== id);
}
