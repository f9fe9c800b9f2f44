// Does things with requests: in one transaction the rule is asked, the request saved, the history
// written and the event for the bot put into the outbox. Console and API both come through here.
import type { Actor, Case, CloseReason, Done, Problem } from '../case/case.ts';
import { kinds } from '../case/case.ts';
import * as queue from '../case/queue.ts';
import { appendAudit } from '../store/audit.ts';
import { findCase, purgeCase, saveCase, takeCase } from '../store/cases.ts';
import type { Tx } from '../store/keep.ts';
import { enqueue, firstTime } from '../store/outbox.ts';
import { nameOf } from '../store/people.ts';
import { makeIndex } from '../store/seal.ts';
import { transact } from '../store/transact.ts';
import { addMessage, addNote } from '../store/transcript.ts';
import type { Desk } from './desk.ts';

/** `version`: act only on this one. `once`: the same key again changes nothing; with another body it is refused. */
export type How = { version: number | null; once: { key: string; body: string } | null };
/** `who`: the name of whoever holds the request. */
export type Refusal = { ok: false; code: Problem['code'] | 'stale'; who?: string | null };
export type Acted = { ok: true; case: Case; id: string };

class Refused extends Error {
  override name = 'Refused';
  readonly refusal: Refusal & { by?: string };
  constructor(refusal: Refusal & { by?: string }) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

const anyhow: How = { version: null, once: null };

/** Runs a transaction that gives up, and undoes itself, by throwing `Refused`. */
async function attempt(desk: Desk, work: (tx: Tx) => Promise<Acted>): Promise<Acted | Refusal> {
  try {
    return await transact(desk.keep, work);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const { code, by } = error.refusal;
    return { ok: false, code, ...(by !== undefined && { who: await nameOf(desk.keep, by) }) };
  }
}

/** Marks a key as used. True: go on. False: it was used for the very same thing before. */
async function fresh(desk: Desk, tx: Tx, mark: string, once: How['once'], at: number): Promise<boolean> {
  if (once === null) return true;
  const index = makeIndex(desk.auditKey);
  const body = await firstTime(tx, `once:${index(mark, once.key, once.body)}`, at);
  const key = await firstTime(tx, `once:${index(mark, once.key)}`, at);
  if (body && !key) throw new Refused({ ok: false, code: 'conflict' });
  return key;
}

type Also = (tx: Tx, kase: Case, at: number, id: string) => Promise<void>;

async function change(
  desk: Desk,
  verb: string,
  id: string,
  actor: Actor,
  how: How,
  decide: (kase: Case, at: number) => Done | Problem,
  also?: Also,
): Promise<Acted | Refusal> {
  const at = desk.now().getTime();
  const mark = `${actor.id} ${verb} ${id}`;
  // Derived where the sender gave a key, so that a repeat gets the same answer.
  const thing = how.once === null ? desk.newId() : makeIndex(desk.auditKey)(mark, how.once.key).slice(0, 24);
  return attempt(desk, async (tx) => {
    const before = await findCase(tx, id);
    if (before === null || !queue.mayRead(actor, before.kind)) throw new Refused({ ok: false, code: 'not_found' });
    if (!(await fresh(desk, tx, mark, how.once, at))) return { ok: true, case: before, id: thing };
    if (how.version !== null && how.version !== before.version) throw new Refused({ ok: false, code: 'stale' });
    const done = decide(before, at);
    if (!done.ok) throw new Refused(done);
    if (!(await saveCase(tx, before, done.case))) throw new Refused({ ok: false, code: 'conflict' });
    await also?.(tx, done.case, at, thing);
    await appendAudit(tx, desk.auditKey, done.entry, at);
    return { ok: true, case: done.case, id: thing };
  });
}

/** One update decides who gets it; whoever loses hears who was quicker. */
export async function claimCase(desk: Desk, id: string, actor: Actor, how = anyhow): Promise<Acted | Refusal> {
  const at = desk.now().getTime();
  const mark = `${actor.id} claim ${id}`;
  return attempt(desk, async (tx) => {
    if (!(await fresh(desk, tx, mark, how.once, at))) {
      const kase = await findCase(tx, id);
      if (kase === null || !queue.mayRead(actor, kase.kind)) throw new Refused({ ok: false, code: 'not_found' });
      return { ok: true, case: kase, id };
    }
    const mine = kinds.filter((kind) => queue.mayWork(actor, kind));
    const taken = mine.length === 0 ? null : await takeCase(tx, id, mine, actor.id, how.version);
    if (taken !== null) {
      await appendAudit(tx, desk.auditKey, { actor: actor.id, action: 'case.claimed', subject: id, detail: '' }, at);
      return { ok: true, case: taken, id };
    }
    const kase = await findCase(tx, id);
    if (kase === null) throw new Refused({ ok: false, code: 'not_found' });
    const why = queue.claim(kase, actor);
    if (!why.ok && why.code === 'not_found') throw new Refused(why);
    throw new Refused(why.ok || (how.version !== null && how.version !== kase.version) ? { ok: false, code: 'stale' } : why);
  });
}

export function releaseCase(desk: Desk, id: string, actor: Actor, how = anyhow): Promise<Acted | Refusal> {
  return change(desk, 'release', id, actor, how, (kase) => queue.release(kase, actor));
}

/** Words to the person: stored as queued and handed to the outbox together. */
export async function replyTo(desk: Desk, id: string, actor: Actor, text: string, how = anyhow): Promise<Acted | Refusal> {
  const result = await change(
    desk,
    'reply',
    id,
    actor,
    how,
    (kase) => queue.reply(kase, actor),
    async (tx, kase, at, thing) => {
      const message = `m_${thing}`;
      await addMessage(tx, desk.seal, { id: message, caseId: id, direction: 'out', author: actor.id, text, at });
      const data = { case_id: id, seq: kase.seqOut, message_id: message, text };
      await enqueue(tx, desk.seal, 'messages', { type: 'message.send', data }, at);
    },
  );
  if (result.ok) desk.wake();
  return result;
}

/** A note for colleagues. It never leaves the desk. */
export function noteOn(desk: Desk, id: string, actor: Actor, text: string, how = anyhow): Promise<Acted | Refusal> {
  return change(
    desk,
    'note',
    id,
    actor,
    how,
    (kase) => queue.note(kase, actor),
    async (tx, _, at, thing) => {
      await addNote(tx, desk.seal, { id: `n_${thing}`, caseId: id, author: actor.id, text, at });
    },
  );
}

/** Ends it: the bot forgets the address, and what the person told is purged unless it is to be kept a while. */
export async function closeCase(desk: Desk, id: string, actor: Actor, reason: CloseReason, how = anyhow): Promise<Acted | Refusal> {
  const result = await change(
    desk,
    'close',
    id,
    actor,
    how,
    (kase, at) => queue.close(kase, actor, reason, at),
    async (tx, kase, at) => {
      await enqueue(tx, desk.seal, 'messages', { type: 'case.closed', data: { case_id: id, seq: kase.seqOut } }, at);
      if (desk.closedDays === 0) await purgeCase(tx, id);
    },
  );
  if (result.ok) desk.wake();
  return result;
}

/** `note`: why a wish of the person could not be kept, when it could not (R31). */
export function appointCase(desk: Desk, id: string, actor: Actor, confirmed: readonly string[], note: string | null, how = anyhow) {
  return change(
    desk,
    'appoint',
    id,
    actor,
    how,
    (kase) => queue.appoint(kase, actor, confirmed),
    async (tx, _, at, thing) => {
      if (note !== null) await addNote(tx, desk.seal, { id: `n_${thing}`, caseId: id, author: actor.id, text: note, at });
    },
  );
}

export function appointmentMissed(desk: Desk, id: string, actor: Actor, how = anyhow): Promise<Acted | Refusal> {
  return change(desk, 'missed', id, actor, how, (kase, at) => queue.missed(kase, actor, at));
}

export function revealPhone(desk: Desk, id: string, actor: Actor, reason: (typeof queue.revealReasons)[number]): Promise<Acted | Refusal> {
  return change(desk, 'reveal', id, actor, anyhow, (kase) => queue.reveal(kase, actor, reason));
}
