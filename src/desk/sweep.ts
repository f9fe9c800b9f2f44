// Ends what has stayed its time: erases what nobody answered (the person is told first), closes what
// went silent, drops single answers, purges what is closed. One request after the other, so one that
// fails holds up no other.
import { type Case, openStatuses } from '../case/case.ts';
import { type Contact, fate, outworn, type Retention, recordMs, unclaimedForADay } from '../case/retain.ts';
import { codeOf } from '../log.ts';
import { appendAudit } from '../store/audit.ts';
import { deleteCase, findCase, findContent, purgeCase, saveContent } from '../store/cases.ts';
import type { Tx } from '../store/keep.ts';
import { firstTime } from '../store/outbox.ts';
import { markPhone } from '../store/phone.ts';
import { transact } from '../store/transact.ts';
import { contactFrom, forgetTranscript } from '../store/transcript.ts';
import { closeCase } from './act.ts';
import type { Desk } from './desk.ts';
import { eraseCase, keeper } from './erase.ts';
import { phoneItem } from './words.ts';

/** `keeps`: days single answers may stay, by item. */
export type Stay = Retention & { keeps: Readonly<Record<string, number>> };

/** How many requests were ended. */
export async function sweep(desk: Desk, days: Stay): Promise<number> {
  const yearAgo = desk.now().getTime() - recordMs;
  const rows = await desk.keep
    .selectFrom('cases')
    .select('id')
    .where((q) =>
      q.or([q('status', 'in', openStatuses), q.and([q('status', '=', 'closed'), q('sealed', '!=', '')]), q('closed_at', '<=', yearAgo)]),
    )
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

async function end(desk: Desk, id: string, days: Stay): Promise<boolean> {
  const now = desk.now().getTime();
  const silent = await transact(desk.keep, async (tx) => {
    const kase = await findCase(tx, id);
    if (kase === null) return 'keep';
    const contact = await contactOf(tx, id);
    const what = fate(kase, contact, days, now);
    const note = (action: string, detail = '') => appendAudit(tx, desk.auditKey, { actor: 'retention', action, subject: id, detail }, now);
    if (what === 'keep') {
      await warn(desk, tx, kase, now);
      const dropped = await dropAnswers(desk, tx, kase, contact, days, now);
      if (dropped > 0) await note('answers.dropped', String(dropped));
    }
    // The sentence goes first: afterwards there is nobody left to send it to.
    if (what === 'unanswered') await eraseCase(desk, tx, kase, keeper('retention'), 'unanswered', 'unanswered');
    if (what === 'purge') {
      if (!(await purgeCase(tx, id))) return 'keep';
      await note('case.purged');
    }
    if (what === 'unrecord') {
      await forgetTranscript(tx, id);
      await deleteCase(tx, id);
      await note('case.unrecorded');
    }
    return what;
  });
  // Closing has a transaction of its own, like every closing.
  if (silent === 'no-contact') await closeCase(desk, id, keeper('retention'), 'no-contact');
  return silent !== 'keep';
}

/** Once for each request. Protection requests are shown at the desk and nowhere else. */
async function warn(desk: Desk, tx: Tx, kase: Case, now: number): Promise<void> {
  if (kase.kind === 'protection' || !unclaimedForADay(kase, now)) return;
  if (await firstTime(tx, `warned:${kase.id}`, now)) desk.log.warn('desk.unclaimed', { caseId: kase.id });
}

/** Last word in either direction, and whether one of ours reached the person. */
async function contactOf(tx: Tx, id: string): Promise<Contact> {
  return contactFrom(await tx.selectFrom('messages').select(['direction', 'state', 'at']).where('case_id', '=', id).execute());
}

/** How many single answers went because nobody was in contact for as long as they may be kept. */
async function dropAnswers(desk: Desk, tx: Tx, kase: Case, contact: Contact, { keeps }: Stay, now: number): Promise<number> {
  const last = Math.max(kase.openedAt, contact.last);
  if (outworn(Object.fromEntries(Object.keys(keeps).map((item) => [item, null])), keeps, last, now).length === 0) return 0;
  const content = await findContent(tx, desk.seal, kase.id);
  if (content === null) return 0;
  const without = (answers: typeof content.answers) => {
    const gone = outworn(answers, keeps, last, now);
    return { gone: gone.length, answers: Object.fromEntries(Object.entries(answers).filter(([item]) => !gone.includes(item))) };
  };
  const own = without(content.answers);
  const heard = without(content.heard?.answers ?? {});
  const later = content.followups.map(({ answers, at }) => ({ ...without(answers), at }));
  const gone = [own, heard, ...later].reduce((sum, one) => sum + one.gone, 0);
  if (gone === 0) return 0;
  const followups = later.flatMap(({ answers, at }) => (Object.keys(answers).length === 0 ? [] : [{ answers, at }]));
  const told = content.heard === undefined ? {} : { heard: { ...content.heard, answers: heard.answers } };
  await saveContent(tx, desk.seal, kase.id, { ...content, answers: own.answers, followups, ...told });
  if (own.answers[phoneItem] === undefined) await markPhone(tx, kase.id, null);
  return gone;
}
