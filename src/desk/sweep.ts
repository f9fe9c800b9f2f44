// Ends what has stayed its time: erases what nobody answered (the person is told first), closes what
// went silent, purges what is closed. One request after the other, so one that fails holds up no other.
import { openStatuses } from '../case/case.ts';
import { type Contact, fate, type Retention } from '../case/retain.ts';
import { codeOf } from '../log.ts';
import { appendAudit } from '../store/audit.ts';
import { findCase, purgeCase } from '../store/cases.ts';
import type { Tx } from '../store/keep.ts';
import { closeCase } from './act.ts';
import type { Desk } from './desk.ts';
import { eraseCase, keeper } from './erase.ts';

/** How many requests were ended. */
export async function sweep(desk: Desk, days: Retention): Promise<number> {
  const rows = await desk.keep
    .selectFrom('cases')
    .select('id')
    .where((q) => q.or([q('status', 'in', openStatuses), q.and([q('status', '=', 'closed'), q('sealed', '!=', '')])]))
    .execute();
  let ended = 0;
  for (const { id } of rows) {
    try {
      if (await end(desk, id, days)) ended += 1;
    } catch (error) {
      desk.log.error('desk.retention', { caseId: id, code: codeOf(error) });
    }
  }
  if (ended > 0) desk.wake();
  return ended;
}

async function end(desk: Desk, id: string, days: Retention): Promise<boolean> {
  const now = desk.now().getTime();
  const silent = await desk.keep.transaction().execute(async (tx) => {
    const kase = await findCase(tx, id);
    const what = kase === null ? 'keep' : fate(kase, await contactOf(tx, id), days, now);
    if (kase === null || what === 'keep') return 'keep';
    // The sentence goes first: afterwards there is nobody left to send it to.
    if (what === 'unanswered') await eraseCase(desk, tx, kase, keeper('retention'), 'unanswered', 'unanswered');
    else if (what === 'purge') {
      await purgeCase(tx, id);
      await appendAudit(tx, desk.auditKey, { actor: 'retention', action: 'case.purged', subject: id, detail: '' }, now);
    }
    return what;
  });
  // Closing has a transaction of its own, like every closing.
  if (silent === 'no-contact') await closeCase(desk, id, keeper('retention'), 'no-contact');
  return silent !== 'keep';
}

/** Last word in either direction, and whether one of ours reached the person. */
async function contactOf(tx: Tx, id: string): Promise<Contact> {
  const rows = await tx.selectFrom('messages').select(['direction', 'state', 'at']).where('case_id', '=', id).execute();
  return {
    last: Math.max(0, ...rows.map((row) => row.at)),
    answered: rows.some((row) => row.direction === 'out' && row.state === 'delivered'),
  };
}
