// Erasing a request on the bot's side, and finishing what a kill or an older backup left of one: the
// ledger beside the keys remembers everybody who was erased.
import { nextSeq } from '../store/addresses.ts';
import { eraseAtBot, ledger } from '../store/erase.ts';
import type { Tx } from '../store/keep.ts';
import { enqueue } from '../store/outbox.ts';
import { transact } from '../store/transact.ts';
import type { World } from './world.ts';

/** Without sessions the ledger remembers whose are still to be forgotten. */
type Needs = Pick<World, 'keep' | 'seal' | 'now'> & { sessions: Pick<World['sessions'], 'forget'> | null };

/** Key, rows and everything queued go; the desk is told. Nothing happens where nothing is open. */
export async function eraseOwnCase(world: Pick<World, 'seal' | 'now'>, tx: Tx, caseId: string, person: string): Promise<void> {
  const now = world.now();
  const seq = await nextSeq(tx, caseId);
  if (seq === null) return;
  await eraseAtBot(tx, world.seal, caseId, now, person);
  await enqueue(tx, world.seal, 'cases', { type: 'case.erased', data: { case_id: caseId, seq } }, now);
}

/** At start and every hour: whoever was erased is gone, whatever happened in between. How many were finished. */
export async function finishErasures(world: Needs): Promise<number> {
  let finished = 0;
  for await (const rows of ledger(world.seal, 'bot')) {
    const ids = rows.map((row) => row.case_id);
    const left = await world.keep.selectFrom('addresses').select(['case_id', 'person']).where('case_id', 'in', ids).execute();
    const people = new Map(left.map((row) => [row.case_id, row.person]));
    for (const { case_id, person } of rows) {
      const known = people.get(case_id);
      if (known === undefined && (person === null || world.sessions === null)) continue;
      if (known !== undefined) await transact(world.keep, (tx) => eraseOwnCase(world, tx, case_id, known));
      finished += 1;
      if (world.sessions === null) continue;
      await world.sessions.forget(known ?? person ?? '');
      await world.seal.personGone('bot', case_id);
    }
  }
  return finished;
}
