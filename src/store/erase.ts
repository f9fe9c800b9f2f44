// Erasing a case on either side, in the only order that holds: its key first, then its rows. A kill in
// between leaves rows nobody can open, and the ledger of the key file knows that they have to go.
import { closeAddress } from './addresses.ts';
import { purgeCase } from './cases.ts';
import { eraseConsentsOf } from './consents.ts';
import type { Keep, Tx } from './keep.ts';
import type { Erased, Seals, Side } from './keys.ts';
import { dropQueued } from './outbox.ts';
import { stillSealed } from './received.ts';
import { forgetTranscript } from './transcript.ts';

/** What the desk has of a case; its mark stays, and that is for the caller to change. */
export async function eraseAtDesk(tx: Tx, seal: Seals, caseId: string, now: number): Promise<void> {
  await seal.erase('desk', caseId, now);
  await dropQueued(tx, caseId, 'messages');
  await forgetTranscript(tx, caseId);
  await purgeCase(tx, caseId);
}

/** What the bot has of it. `person`: blind index, kept in the ledger until their session is forgotten too. */
export async function eraseAtBot(tx: Tx, seal: Seals, caseId: string, now: number, person: string): Promise<void> {
  await seal.erase('bot', caseId, now, person);
  await dropQueued(tx, caseId, 'cases');
  await closeAddress(tx, caseId);
  await eraseConsentsOf(tx, caseId, '');
}

const page = 500;

/** Everybody the ledger of one side knows. */
export async function* ledger(seal: Seals, side: Side): AsyncGenerator<Erased[]> {
  for (let after = ''; ; ) {
    const rows = await seal.erasedAfter(side, after, page);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = last.case_id;
  }
}

/** An hour: longer than any step takes between making a key and writing the first row under it. */
const newKey = 3_600_000;

/** Destroys keys that seal nothing any more: of requests closed or withdrawn, and spare ones of a kill. How many. */
export async function dropSpareKeys(keep: Keep, seal: Seals, side: Side, now: number): Promise<number> {
  let dropped = 0;
  for (let after = ''; ; ) {
    const ids = await seal.keptAfter(side, after, now - newKey, page);
    const last = ids.at(-1);
    if (last === undefined) return dropped;
    const used = await usedBy(keep, side, ids);
    const spare = ids.filter((id) => !used.has(id));
    await seal.drop(side, spare);
    dropped += spare.length;
    after = last;
  }
}

async function usedBy(keep: Keep, side: Side, ids: string[]): Promise<Set<string>> {
  const queued = keep
    .selectFrom('outbox')
    .select('case_id')
    .where('case_id', 'in', ids)
    .where('target', '=', side === 'bot' ? 'cases' : 'messages');
  const kept =
    side === 'bot'
      ? keep.selectFrom('addresses').select('case_id').where('case_id', 'in', ids)
      : keep.selectFrom('cases').select('id as case_id').where('id', 'in', ids).where('sealed', '!=', '');
  const outside = side === 'bot' ? [] : await stillSealed(keep, ids);
  return new Set([...(await queued.execute()), ...(await kept.execute())].map((row) => row.case_id).concat(outside));
}

/**
 * Cases with content whose key is not here: the key file is older than the data, or the data older than the keys.
 * Erased ones are none of them: a kill came before their rows went, and the next start finishes that.
 */
export async function unopenable(keep: Keep, seal: Seals): Promise<{ side: Side; caseId: string }[]> {
  const found: { side: Side; caseId: string }[] = [];
  const look = async (side: Side, rows: { id: string; sealed: string }[]) => {
    const own = rows.filter((row) => !seal.owns(row.sealed)).map((row) => row.id);
    for (let at = 0; at < own.length; at += page)
      for (const caseId of await seal.lacking(side, own.slice(at, at + page)))
        if (!(await seal.isErased(side, caseId))) found.push({ side, caseId });
  };
  await look('desk', await keep.selectFrom('cases').select(['id', 'sealed']).where('sealed', '!=', '').execute());
  await look('bot', await keep.selectFrom('addresses').select(['case_id as id', 'sealed']).execute());
  return found;
}
