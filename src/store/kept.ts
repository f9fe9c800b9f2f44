// A caseworker's words for somebody who can only be reached when they open the page again: sealed
// until then, or until the case is closed.
import type { Keep, Tx } from './keep.ts';
import type { Seal } from './seal.ts';

const place = (row: string) => ({ table: 'kept', row, field: 'sealed' });

export async function keepMessage(tx: Tx, seal: Seal, caseId: string, messageId: string, text: string, now: number): Promise<void> {
  await tx
    .insertInto('kept')
    .values({ message_id: messageId, case_id: caseId, sealed: seal.seal(text, place(messageId)), at: now })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Oldest first. A question of the desk is kept like its words, under an id that begins with `q_`. */
export async function keptFor(keep: Keep, seal: Seal, caseId: string): Promise<{ messageId: string; text: string }[]> {
  const rows = await keep.selectFrom('kept').selectAll().where('case_id', '=', caseId).orderBy('at').orderBy('message_id').execute();
  return rows.map((row) => ({ messageId: row.message_id, text: seal.open(row.sealed, place(row.message_id)) }));
}

export const isQuestion = (messageId: string): boolean => messageId.startsWith('q_');

export async function dropKept(tx: Tx, messageId: string): Promise<void> {
  await tx.deleteFrom('kept').where('message_id', '=', messageId).execute();
}
