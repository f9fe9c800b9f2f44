// What one endpoint knows of one request: the last number it was given and the last it sent, and
// whether the person's consent to share with it stands. Outlives the content, so that an endpoint
// that was told of somebody is also told that they were erased.
import type { Keep, Tx } from './keep.ts';

export type Told = { seqOut: number; seqIn: number; standing: boolean };

export async function findTold(db: Keep | Tx, endpoint: string, caseId: string): Promise<Told | null> {
  const row = await db.selectFrom('told').selectAll().where('endpoint', '=', endpoint).where('case_id', '=', caseId).executeTakeFirst();
  return row === undefined ? null : { seqOut: row.seq_out, seqIn: row.seq_in, standing: row.standing === 1 };
}

/** The next number of an event about this request to this endpoint. */
export async function nextSeq(tx: Tx, endpoint: string, caseId: string, standing: boolean): Promise<number> {
  const row = await tx
    .insertInto('told')
    .values({ endpoint, case_id: caseId, seq_out: 1, seq_in: 0, standing: standing ? 1 : 0 })
    .onConflict((c) =>
      c.columns(['endpoint', 'case_id']).doUpdateSet((q) => ({ seq_out: q('told.seq_out', '+', 1), standing: standing ? 1 : 0 })),
    )
    .returning('seq_out')
    .executeTakeFirstOrThrow();
  return row.seq_out;
}

/** False when a number as high was seen before: the event is stale. */
export async function heardSeq(tx: Tx, endpoint: string, caseId: string, seq: number): Promise<boolean> {
  const row = await tx
    .insertInto('told')
    .values({ endpoint, case_id: caseId, seq_out: 0, seq_in: seq, standing: 1 })
    .onConflict((c) => c.columns(['endpoint', 'case_id']).doUpdateSet({ seq_in: seq }).where('told.seq_in', '<', seq))
    .returning('seq_in')
    .executeTakeFirst();
  return row !== undefined;
}

/** Everybody who ever heard of this request. */
export async function whoWasTold(tx: Tx, caseId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('told')
    .select('endpoint')
    .where('case_id', '=', caseId)
    .where('seq_out', '>', 0)
    .orderBy('endpoint')
    .execute();
  return rows.map((row) => row.endpoint);
}
