// A caseworker's words for somebody who can only be reached when they open the page again: sealed
// until then, or until the case is closed.
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import { firstTime } from './outbox.ts';

const place = (row: string) => ({ table: 'kept', row, field: 'sealed' });

export async function keepMessage(tx: Tx, seal: Seals, caseId: string, messageId: string, text: string, now: number): Promise<void> {
  const own = await seal.sealFor('bot', caseId);
  await tx
    .insertInto('kept')
    .values({ message_id: messageId, case_id: caseId, sealed: own.seal(text, place(messageId)), at: now })
    .onConflict((c) => c.doNothing())
    .execute();
}

/** Oldest first. A question of the desk is kept like its words, under an id that begins with `q_`. */
export async function keptFor(keep: Keep, seal: Seals, caseId: string): Promise<{ messageId: string; text: string }[]> {
  const rows = await keep.selectFrom('kept').selectAll().where('case_id', '=', caseId).orderBy('at').orderBy('message_id').execute();
  const open = await seal.openFor('bot', caseId);
  return rows.flatMap((row) => {
    const text = open(row.sealed, place(row.message_id));
    return text === null ? [] : [{ messageId: row.message_id, text }];
  });
}

export const isQuestion = (messageId: string): boolean => messageId.startsWith('q_');

export async function dropKept(tx: Tx, messageId: string): Promise<void> {
  await tx.deleteFrom('kept').where('message_id', '=', messageId).execute();
}

const showing = (messageId: string) => `showing:${messageId}`;

/** To be noted before words are shown. False when that was begun before: how far it came nobody knows. */
export const beginShowing = (tx: Tx, messageId: string, now: number): Promise<boolean> => firstTime(tx, showing(messageId), now);

/** They were not shown after all, for certain. */
export async function notShown(tx: Tx, messageId: string): Promise<void> {
  await tx.deleteFrom('handled').where('id', '=', showing(messageId)).execute();
}
