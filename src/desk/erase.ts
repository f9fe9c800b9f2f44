// Erasing a request on the desk's side: by retention, by an operator, or finished after a kill or an
// older backup. The person's own wish comes through `from-bot.ts`.
import type { Actor, Case } from '../case/case.ts';
import { roles } from '../case/case.ts';
import * as queue from '../case/queue.ts';
import { findCase, saveCase } from '../store/cases.ts';
import { eraseAtDesk, ledger } from '../store/erase.ts';
import type { Tx } from '../store/keep.ts';
import { enqueue } from '../store/outbox.ts';
import { transact } from '../store/transact.ts';
import { recordErased } from './announce.ts';
import type { Desk } from './desk.ts';

type Needs = Pick<Desk, 'keep' | 'seal' | 'auditKey' | 'now' | 'newId'> & Partial<Pick<Desk, 'log'>>;

/** Who erases when no account does. */
export const keeper = (id: 'retention' | 'operator' | 'restore'): Actor => ({ id, by: 'staff', roles, bound: false });

/**
 * Erases here and tells the bot, which erases on its side and tells the person. `notice`: a sentence that
 * goes out before. False when it is erased already.
 */
export async function eraseCase(desk: Needs, tx: Tx, kase: Case, actor: Actor, detail: string, notice?: string): Promise<boolean> {
  const now = desk.now().getTime();
  const { id } = kase;
  const done = queue.erase(kase, actor, now);
  if (!done.ok) return false;
  await eraseAtDesk(tx, desk.seal, id, now);
  const seqOut = kase.seqOut + (notice === undefined ? 1 : 2);
  await saveCase(tx, kase, { ...done.case, seqOut });
  if (notice !== undefined) {
    const data = { case_id: id, seq: seqOut - 1, message_id: `m_${desk.newId()}`, notice };
    await enqueue(tx, desk.seal, 'messages', { type: 'message.send', data }, now);
  }
  await enqueue(tx, desk.seal, 'messages', { type: 'case.erased', data: { case_id: id, seq: seqOut } }, now);
  await recordErased(desk, tx, done.case, { ...done.entry, detail }, now);
  // Where the newest keys are lost, this line says whom an older copy of them would bring back.
  desk.log?.info('case.erased', { caseId: id });
  return true;
}

/** At start and every hour: whoever was erased is gone here, whatever happened in between. How many were finished. */
export async function finishErasures(desk: Needs, why: 'interrupted' | 'restored' = 'interrupted'): Promise<number> {
  let finished = 0;
  for await (const rows of ledger(desk.seal, 'desk')) {
    const ids = rows.map((row) => row.case_id);
    const left = await desk.keep.selectFrom('cases').select('id').where('id', 'in', ids).where('status', '!=', 'erased').execute();
    for (const { id } of left) if (await eraseById(desk, id, keeper(why === 'restored' ? 'restore' : 'retention'), why)) finished += 1;
  }
  return finished;
}

/** False when there is nothing to erase. */
export function eraseById(desk: Needs, id: string, actor: Actor, detail: string): Promise<boolean> {
  return transact(desk.keep, async (tx) => {
    const kase = await findCase(tx, id);
    return kase !== null && (await eraseCase(desk, tx, kase, actor, detail));
  });
}
