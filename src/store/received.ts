// What outside case systems sent: each id once per endpoint, sealed as it came until it is done, so
// that a kill between the answer and the deed loses nothing.
import { endings } from './deliveries.ts';
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import type { Tables } from './tables.ts';

type State = Tables['received']['state'];
export type Received = { endpoint: string; id: string; raw: string; at: number };

const place = (endpoint: string, id: string) => ({ table: 'received', row: `${endpoint} ${id}`, field: 'sealed' });

/** False when this id is here already. */
export async function receive(tx: Tx, seal: Seals, given: Received & { caseId: string; state: State }): Promise<boolean> {
  const { endpoint, id, raw, at, caseId, state } = given;
  const sealed = state === 'new' ? (await seal.sealFor('desk', caseId)).seal(raw, place(endpoint, id)) : '';
  const row = await tx
    .insertInto('received')
    .values({ endpoint, id, case_id: caseId, sealed, state, at })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Taken and not yet done, oldest first. */
export async function undone(keep: Keep, seal: Seals, limit: number): Promise<Received[]> {
  const rows = await keep.selectFrom('received').selectAll().where('state', '=', 'new').orderBy('at').orderBy('id').limit(limit).execute();
  const open: Received[] = [];
  for (const { endpoint, id, case_id, sealed, at } of rows) {
    const raw = (await seal.openFor('desk', case_id))(sealed, place(endpoint, id));
    // Its person was erased meanwhile.
    if (raw === null) await finish(keep, endpoint, id, 'refused');
    else open.push({ endpoint, id, at, raw });
  }
  return open;
}

/** Done or refused: what it said goes, its id stays. False when somebody else marked it first. */
export async function finish(db: Keep | Tx, endpoint: string, id: string, state: State): Promise<boolean> {
  const mine = db.updateTable('received').set({ state, sealed: '' }).where('endpoint', '=', endpoint).where('id', '=', id);
  return (await mine.where('state', '=', 'new').returning('id').executeTakeFirst()) !== undefined;
}

/** Ids need not be known for ever: an event as old as that is refused for its time. */
export async function forgetReceived(keep: Keep, before: number): Promise<void> {
  await keep.deleteFrom('received').where('state', '!=', 'new').where('at', '<', before).execute();
}

/** Of these requests, those about which something for or from an outside system is still sealed by their own key. */
export async function stillSealed(keep: Keep, ids: string[]): Promise<string[]> {
  const told = keep.selectFrom('deliveries').select('case_id').distinct().where('case_id', 'in', ids);
  const heard = keep.selectFrom('received').select('case_id').distinct().where('case_id', 'in', ids).where('state', '=', 'new');
  return [...(await told.where('type', 'not in', endings).execute()), ...(await heard.execute())].map((row) => row.case_id);
}
