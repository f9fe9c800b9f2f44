// What was said after the handoff, and what staff noted for themselves. All words are sealed; an
// empty seal means that they were purged.
import type { Contact } from '../case/retain.ts';
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import type { Tables } from './tables.ts';

export type Said = {
  id: string;
  direction: 'in' | 'out';
  /** out: queued, delivered, failed; in: received. */
  state: string;
  reason: string | null;
  possibleRepeat: boolean;
  urgent: boolean;
  author: string | null;
  /** Null once purged. */
  text: string | null;
  at: number;
};
export type Note = { id: string; author: string; text: string | null; restricted: boolean; at: number };

const place = (table: 'messages' | 'notes', row: string) => ({ table, row, field: 'sealed' });
const words = (open: Opener, table: 'messages' | 'notes', row: { id: string; sealed: string }) =>
  row.sealed === '' ? null : open(row.sealed, place(table, row.id));

type Opener = Awaited<ReturnType<Seals['openFor']>>;
type Words = { id: string; caseId: string; text: string; at: number };

/** False when this message is here already. */
export async function addMessage(
  tx: Tx,
  seal: Seals,
  message: Words & ({ direction: 'in'; urgent: boolean } | { direction: 'out'; author: string }),
): Promise<boolean> {
  const { id, caseId, text, at, direction } = message;
  const own = await seal.sealFor('desk', caseId);
  const row = await tx
    .insertInto('messages')
    .values({
      id,
      case_id: caseId,
      direction,
      state: direction === 'in' ? 'received' : 'queued',
      reason: null,
      possible_repeat: 0,
      urgent: direction === 'in' && message.urgent ? 1 : 0,
      author: direction === 'out' ? message.author : null,
      sealed: own.seal(text, place('messages', id)),
      at,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Which request a message belongs to. */
export async function caseOfMessage(db: Keep | Tx, id: string): Promise<string | null> {
  return (await db.selectFrom('messages').select('case_id').where('id', '=', id).executeTakeFirst())?.case_id ?? null;
}

/** How a reply of ours ended; only the first outcome counts. */
export async function settleMessage(
  tx: Tx,
  caseId: string,
  id: string,
  outcome: { state: 'delivered'; possibleRepeat: boolean } | { state: 'failed'; reason: string },
): Promise<boolean> {
  const row = await tx
    .updateTable('messages')
    .set({
      state: outcome.state,
      reason: outcome.state === 'failed' ? outcome.reason : null,
      possible_repeat: outcome.state === 'delivered' && outcome.possibleRepeat ? 1 : 0,
    })
    .where('id', '=', id)
    .where('case_id', '=', caseId)
    .where('direction', '=', 'out')
    .where('state', '=', 'queued')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Replies that will never go out, because the person took the request back. */
export async function dropReplies(tx: Tx, caseId: string, reason: string): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ state: 'failed', reason })
    .where('case_id', '=', caseId)
    .where('direction', '=', 'out')
    .where('state', '=', 'queued')
    .execute();
}

export async function transcriptOf(db: Keep | Tx, seal: Seals, caseId: string): Promise<Said[]> {
  const rows = await db.selectFrom('messages').selectAll().where('case_id', '=', caseId).orderBy('at').orderBy('id').execute();
  const open = await seal.openFor('desk', caseId);
  return rows.map((row: Tables['messages']) => ({
    id: row.id,
    direction: row.direction,
    state: row.state,
    reason: row.reason,
    possibleRepeat: row.possible_repeat === 1,
    urgent: row.urgent === 1,
    author: row.author,
    text: words(open, 'messages', row),
    at: row.at,
  }));
}

export async function addNote(tx: Tx, seal: Seals, note: Words & { author: string; restricted?: boolean }): Promise<boolean> {
  const { id, caseId, author, text, at, restricted = false } = note;
  const own = await seal.sealFor('desk', caseId);
  const row = await tx
    .insertInto('notes')
    .values({ id, case_id: caseId, author, sealed: own.seal(text, place('notes', id)), at, restricted: restricted ? 1 : 0 })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function notesOf(db: Keep | Tx, seal: Seals, caseId: string): Promise<Note[]> {
  const rows = await db.selectFrom('notes').selectAll().where('case_id', '=', caseId).orderBy('at').orderBy('id').execute();
  const open = await seal.openFor('desk', caseId);
  return rows.map((row) => ({
    id: row.id,
    author: row.author,
    text: words(open, 'notes', row),
    restricted: row.restricted === 1,
    at: row.at,
  }));
}

/** Last word in either direction, and whether one of ours reached the person. */
export const contactFrom = (messages: readonly Pick<Said, 'direction' | 'state' | 'at'>[]): Contact => ({
  last: Math.max(0, ...messages.map((one) => one.at)),
  answered: messages.some((one) => one.direction === 'out' && one.state === 'delivered'),
});

/** How the talk of each request stands: whether anybody replied, and how the newest of our replies ended. */
export type Turn = { firstReply: number | null; lastOut: string | null };

/** For a page of the queue; words stay sealed. */
export async function turnsOf(db: Keep | Tx, caseIds: readonly string[]): Promise<Map<string, Turn>> {
  if (caseIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('messages')
    .select(['case_id', 'state', 'at'])
    .where('case_id', 'in', caseIds)
    .where('direction', '=', 'out')
    .orderBy('at')
    .execute();
  const byCase = Map.groupBy(rows, (row) => row.case_id);
  return new Map([...byCase].map(([id, sent]) => [id, turnFrom(sent)]));
}

/** Ours, oldest first. */
const turnFrom = (sent: readonly { state: string; at: number }[]): Turn => ({
  firstReply: sent.find((one) => one.state === 'delivered')?.at ?? null,
  lastOut: sent.at(-1)?.state ?? null,
});
export const turnOf = (messages: readonly Said[]): Turn => turnFrom(messages.filter((one) => one.direction === 'out'));

/** Everything said about and by an erased person goes, not only its seal. */
export async function forgetTranscript(tx: Tx, caseId: string): Promise<void> {
  await tx.deleteFrom('messages').where('case_id', '=', caseId).execute();
  await tx.deleteFrom('notes').where('case_id', '=', caseId).execute();
}
