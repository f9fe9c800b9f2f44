// Consents given: which words, in which language, when. One that opened no case is erased again.
import type { Keep, Tx } from './keep.ts';
import type { Tables } from './tables.ts';

export type Consent = Tables['consents'];

/** The first row wins: a repeated step finds it there. */
export async function recordConsent(tx: Tx, consent: Consent): Promise<void> {
  await tx
    .insertInto('consents')
    .values(consent)
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function consentById(db: Keep | Tx, id: string): Promise<Consent | undefined> {
  return db.selectFrom('consents').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function eraseConsent(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('consents').where('id', '=', id).where('case_id', 'is', null).execute();
}

export async function consentOpened(tx: Tx, id: string, caseId: string): Promise<void> {
  await tx.updateTable('consents').set({ case_id: caseId }).where('id', '=', id).execute();
}

export async function eraseConsentsOf(tx: Tx, caseId: string | null, conversation: string): Promise<void> {
  await tx
    .deleteFrom('consents')
    .where((q) => q.or([q('case_id', '=', caseId ?? ''), q('conversation', '=', conversation)]))
    .execute();
}

/** Consents whose session has expired without a case: nobody needs to know of them any more. */
export async function eraseUnused(keep: Keep, before: number): Promise<number> {
  const gone = await keep.deleteFrom('consents').where('case_id', 'is', null).where('at', '<', before).executeTakeFirst();
  return Number(gone.numDeletedRows);
}
