// What each event of the bot does here. Events may come late or in another order: a message that
// was overtaken still counts, and only a number already used, or news of what is settled, is stale.
import { type Actor, type Case, type Done, openCase, type Problem } from '../case/case.ts';
import { alikeness } from '../case/flood.ts';
import * as queue from '../case/queue.ts';
import { isOfferedTo, withoutReferral } from '../case/refer.ts';
import type { CaseEvent } from '../handoff/contract.ts';
import { findCase, findContent, insertCase, purgeCase, saveCase, saveContent } from '../store/cases.ts';
import { eraseAtDesk } from '../store/erase.ts';
import { noteAlike } from '../store/floods.ts';
import type { Tx } from '../store/keep.ts';
import { dropQueued, firstTime } from '../store/outbox.ts';
import { markPhone, phoneIndex } from '../store/phone.ts';
import { makeIndex } from '../store/seal.ts';
import { addMessage, caseOfMessage, dropReplies, settleMessage } from '../store/transcript.ts';
import { type More, record } from './announce.ts';
import type { Desk } from './desk.ts';
import { phoneItem } from './words.ts';

export type Applied = 'applied' | 'stale';

/** Thrown to leave nothing behind: the event makes no sense yet, or never will, and the sender hears so. */
export class Unfit extends Error {
  override name = 'Unfit';
}

const bot: Actor = { id: 'bot', by: 'bot', roles: [], bound: false };
const stale: Problem = { ok: false, code: 'conflict' };

/** Applies one event inside the transaction that noted its webhook id. */
export async function applyEvent(desk: Desk, tx: Tx, event: CaseEvent, now: number): Promise<Applied> {
  const { case_id: id, seq } = event.data;
  // The moment the person acted, not the moment a delayed event arrived.
  const at = Math.min(now, Date.parse(event.timestamp));
  if (event.type === 'case.opened') return opened(desk, tx, event, at, now);
  const kase = await findCase(tx, id);
  if (kase === null) {
    // Taken back before it came: what overtook it here must not be undone by the late opening.
    if (event.type !== 'case.withdrawn' && event.type !== 'case.erased') throw new Unfit();
    await firstTime(tx, `opened:${id}`, now);
    return 'applied';
  }
  if (!(await firstTime(tx, `seq:${id}:${seq}`, now))) return 'stale';
  const done = await change(desk, tx, event, kase, at, now);
  if (!done.ok) return 'stale';
  await saveCase(tx, kase, { ...done.case, seqIn: Math.max(kase.seqIn, seq) });
  await record(desk, tx, { ...done, before: kase }, now, done.more);
  return 'applied';
}

async function opened(desk: Desk, tx: Tx, event: Extract<CaseEvent, { type: 'case.opened' }>, at: number, now: number): Promise<Applied> {
  const office = desk.officeOf(event.data.country);
  const opening = openCase({ ...event.data, office }, at);
  if (!opening.ok) throw new Unfit();
  const { id, seqIn } = opening.case;
  if (!(await firstTime(tx, `opened:${id}`, now))) return 'stale';
  await firstTime(tx, `seq:${id}:${seqIn}`, now);
  if (!(await insertCase(tx, desk.seal, opening.case, opening.content))) return 'stale';
  await noteAlike(tx, id, makeIndex(desk.auditKey)('alike', alikeness(event.data)), at);
  const number = opening.content.answers[phoneItem];
  const phone = typeof number === 'string' ? phoneIndex(desk.auditKey, number) : null;
  if (phone !== null) await markPhone(tx, id, phone);
  await record(desk, tx, { ...opening, before: null }, now);
  return 'applied';
}

type Outcome = (Done & { more?: More }) | Problem;
const about = (done: Done | Problem, more: More): Outcome => (done.ok ? { ...done, more } : done);

type Later = Exclude<CaseEvent, { type: 'case.opened' }>;

async function change(desk: Desk, tx: Tx, event: Later, kase: Case, at: number, now: number): Promise<Outcome> {
  const { id } = kase;
  switch (event.type) {
    case 'message.received': {
      const { message_id, text, urgent } = event.data;
      const done = queue.received(kase, bot, urgent, at);
      if (!done.ok) return done;
      const owner = await caseOfMessage(tx, message_id);
      if (owner === id) return stale;
      // Numbers of messages are the bot's; should two requests ever share one, neither loses its words.
      const own = owner === null ? message_id : `m_${makeIndex(desk.auditKey)(id, message_id).slice(0, 24)}`;
      const added = await addMessage(tx, desk.seal, { id: own, caseId: id, direction: 'in', urgent, text, at });
      return added ? about(done, { messageId: own }) : stale;
    }
    case 'message.delivered': {
      const { message_id, possible_repeat } = event.data;
      const settled = await settleMessage(tx, id, message_id, { state: 'delivered', possibleRepeat: possible_repeat });
      return settled ? about(queue.delivered(kase, bot, now), { messageId: message_id }) : stale;
    }
    case 'message.failed': {
      const { message_id, reason } = event.data;
      const settled = await settleMessage(tx, id, message_id, { state: 'failed', reason });
      return settled ? about(queue.failed(kase, bot, reason, now), { messageId: message_id }) : stale;
    }
    case 'consent.answered': {
      const { case_id: _, ...share } = event.data;
      const content = await findContent(tx, desk.seal, id);
      const ends = !share.agreed && isOfferedTo(kase, content, share.organisation);
      const done = queue.consentAnswered(kase, bot, share.agreed, ends);
      if (!done.ok || content === null) return done.ok ? stale : done;
      const newer = content.shares.some((one) => one.organisation === share.organisation && one.seq > share.seq);
      if (newer) return stale;
      const kept = ends ? withoutReferral(content) : content;
      await saveContent(tx, desk.seal, id, { ...kept, shares: [...content.shares, { ...share, at }] });
      return about(done, { organisation: share.organisation, agreed: share.agreed });
    }
    case 'followup.answered': {
      const done = queue.followedUp(kase, bot);
      const content = await findContent(tx, desk.seal, id);
      if (!done.ok || content === null) return done.ok ? stale : done;
      await saveContent(tx, desk.seal, id, { ...content, followups: [...content.followups, { answers: event.data.answers, at }] });
      return done;
    }
    case 'case.withdrawn': {
      const done = queue.withdraw(kase, bot, now);
      if (!done.ok) return done;
      await dropQueued(tx, id, 'messages');
      await dropReplies(tx, id, 'withdrawn');
      await purgeCase(tx, id);
      return done;
    }
    case 'case.erased': {
      const done = queue.erase(kase, bot, now);
      if (done.ok) await eraseAtDesk(tx, desk.seal, id, now);
      return done;
    }
  }
}
