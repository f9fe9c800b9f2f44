// Where a person with an open case can be reached: one sealed row from handoff to closing, found by
// case or by the person's blind index. Only the bot's side has it.
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import { ready } from './ready.ts';
import type { Tables } from './tables.ts';

export type Address = Omit<Tables['addresses'], 'sealed'>;

const place = (row: string) => ({ table: 'addresses', row, field: 'sealed' });

/** `chat`: the channel's own address of the person. */
export async function openAddress(tx: Tx, seal: Seals, address: Address, chat: string): Promise<void> {
  const own = await seal.sealFor('bot', address.case_id);
  await tx
    .insertInto('addresses')
    .values({ ...address, sealed: own.seal(chat, place(address.case_id)) })
    .onConflict((c) => c.doNothing())
    .execute();
}

const ofPerson = ready((db, person: string) => db.selectFrom('addresses').selectAll().where('person', '=', person));

export async function addressOf(db: Keep | Tx, person: string): Promise<Address | undefined> {
  const [row] = await ofPerson(db, person);
  return row && without(row);
}

/** With the chat address opened; null when the key of the case is gone, so that nobody can be written to. */
export async function addressByCase(db: Keep | Tx, seal: Seals, caseId: string): Promise<(Address & { chat: string | null }) | undefined> {
  const row = await db.selectFrom('addresses').selectAll().where('case_id', '=', caseId).executeTakeFirst();
  return row && { ...without(row), chat: (await seal.openFor('bot', caseId))(row.sealed, place(caseId)) };
}

function without({ sealed: _, ...address }: Tables['addresses']): Address {
  return address;
}

/** The same person under another address of their channel: an open request goes with them, unless it is being erased. */
export async function moveAddress(db: Keep | Tx, seal: Seals, from: string, to: string, chat: string): Promise<void> {
  const address = await addressOf(db, from);
  if (address === undefined || (await addressOf(db, to)) !== undefined) return;
  const { case_id } = address;
  const open = await addressByCase(db, seal, case_id);
  if (open === undefined || open.chat === null) return;
  const sealed = (await seal.sealFor('bot', case_id)).seal(chat, place(case_id));
  await db.updateTable('addresses').set({ person: to, sealed }).where('case_id', '=', case_id).execute();
}

/** The number of the next event of this case. */
export async function nextSeq(tx: Tx, caseId: string): Promise<number | null> {
  const row = await tx
    .updateTable('addresses')
    .set((q) => ({ seq: q('seq', '+', 1) }))
    .where('case_id', '=', caseId)
    .returning('seq')
    .executeTakeFirst();
  return row?.seq ?? null;
}

/** Ends the way to a person: address and kept replies. */
export async function closeAddress(tx: Tx, caseId: string): Promise<void> {
  await tx.deleteFrom('kept').where('case_id', '=', caseId).execute();
  await tx.deleteFrom('addresses').where('case_id', '=', caseId).execute();
}
