// The second factor of an account: a secret shared with somebody's telephone. It is sealed by a key of
// ours, not by SEAL_KEY itself, so replacing SEAL_KEY leaves it readable.
import { type Keep, ownKey, type Tx } from './keep.ts';
import { makeSeal, type Seal } from './seal.ts';

const place = (row: string) => ({ table: 'accounts', row, field: 'factor' });

/** To be opened outside a transaction. */
export const accountSeal = async (keep: Keep, seal: Seal): Promise<Seal> => makeSeal([await ownKey(keep, seal, 'accounts')]);

export const hasFactor = async (db: Keep | Tx, id: string): Promise<boolean> =>
  (await db.selectFrom('accounts').select('id').where('id', '=', id).where('factor', 'is not', null).executeTakeFirst()) !== undefined;

export async function withFactor(db: Keep | Tx): Promise<Set<string>> {
  const rows = await db.selectFrom('accounts').select('id').where('factor', 'is not', null).execute();
  return new Set(rows.map((row) => row.id));
}

/** The secret of an account, or the one offered to it and not confirmed yet. */
export async function secretOf(db: Keep | Tx, own: Seal, id: string, which: 'factor' | 'factor_offered'): Promise<Buffer | null> {
  const row = await db.selectFrom('accounts').select(['factor', 'factor_offered']).where('id', '=', id).executeTakeFirst();
  const sealed = row?.[which] ?? null;
  return sealed === null ? null : Buffer.from(own.open(sealed, place(id)), 'base64');
}

export async function offerFactor(db: Keep | Tx, own: Seal, id: string, secret: Buffer): Promise<void> {
  const sealed = own.seal(secret.toString('base64'), place(id));
  await db.updateTable('accounts').set({ factor_offered: sealed }).where('id', '=', id).execute();
}

/** From here on sign-in asks for a code; the one that confirmed it, of time step `step`, is used up. */
export async function confirmFactor(tx: Tx, id: string, step: number): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set((q) => ({ factor: q.ref('factor_offered'), factor_offered: null, factor_step: step }))
    .where('id', '=', id)
    .where('factor_offered', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Uses a code up; false when it, or a later one, was used before. */
export async function useStep(db: Keep | Tx, id: string, step: number): Promise<boolean> {
  const row = await db
    .updateTable('accounts')
    .set({ factor_step: step })
    .where('id', '=', id)
    .where('factor_step', '<', step)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** False when there was none. */
export async function dropFactor(tx: Tx, id: string): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ factor: null, factor_offered: null, factor_step: 0 })
    .where('id', '=', id)
    .where('factor', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
