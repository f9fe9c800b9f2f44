// Does things with requests: in one transaction the rule is asked, the request saved, the history
// written and the event for the bot put into the outbox. Console and API both come through here.
import { type Actor, type Case, type CloseReason, type Content, type Done, kinds, type Problem } from '../case/case.ts';
import { manner } from '../case/heard.ts';
import * as queue from '../case/queue.ts';
import { findCase, findContent, purgeCase, saveCase, saveContent, takeCase } from '../store/cases.ts';
import type { Tx } from '../store/keep.ts';
import { KeyGone } from '../store/keys.ts';
import { enqueue, firstTime } from '../store/outbox.ts';
import { nameOf } from '../store/people.ts';
import { makeIndex } from '../store/seal.ts';
import { transact } from '../store/transact.ts';
import { addMessage, addNote } from '../store/transcript.ts';
import { record } from './announce.ts';
import { isNeutral } from './canned.ts';
import type { Desk } from './desk.ts';
import { finishErasures } from './erase.ts';

/** `version`: act only on this one. `once`: the same key again changes nothing; with another body it is refused. */
export type How = { version: number | null; once: { key: string; body: string } | null };
/** `who`: the name of whoever holds the request. `why`: a code for the words that explain it. */
export type Refusal = { ok: false; code: Problem['code'] | 'stale'; who?: string | null; why?: string };
export type Acted = { ok: true; case: Case; id: string };

class Refused extends Error {
  override name = 'Refused';
  readonly refusal: Refusal & { by?: string };
  constructor(refusal: Refusal & { by?: string }) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

export const anyhow: How = { version: null, once: null };

/** Runs a transaction that gives up, and undoes itself, by throwing `Refused`. */
async function attempt(desk: Desk, work: (tx: Tx) => Promise<Acted>): Promise<Acted | Refusal> {
  try {
    const done = await transact(desk.keep, work);
    desk.wake();
    return done;
  } catch (error) {
    // An erasure was cut short: it is finished by the first touch, and there is nothing left to do anything with.
    if (error instanceof KeyGone) {
      await finishErasures(desk);
      return { ok: false, code: 'no_consent' };
    }
    if (!(error instanceof Refused)) throw error;
    const { code, by, why } = error.refusal;
    return { ok: false, code, ...(why !== undefined && { why }), ...(by !== undefined && { who: await nameOf(desk.keep, by) }) };
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

/** Derived where the sender gave a key, so that a repeat gets the same answer. */
const thingFor = (desk: Desk, mark: string, key: string) => makeIndex(desk.auditKey)(mark, key).slice(0, 24);

/** The number a message will have that is sent under this key. */
export const messageFor = (desk: Desk, id: string, actor: Actor, key: string): string =>
  `m_${thingFor(desk, `${actor.id} reply ${id}`, key)}`;

type Also = (tx: Tx, kase: Case, at: number, id: string) => Promise<void>;

/** One change of one request. Whoever may not see it learns nothing, not even that it exists. */
export async function change(
  desk: Desk,
  verb: string,
  id: string,
  actor: Actor,
  how: How,
  decide: (kase: Case, at: number, content: Content | null) => Done | Problem,
  also?: Also,
): Promise<Acted | Refusal> {
  const at = desk.now().getTime();
  const mark = `${actor.id} ${verb} ${id}`;
  const thing = how.once === null ? desk.newId() : thingFor(desk, mark, how.once.key);
  return attempt(desk, async (tx) => {
    const before = await findCase(tx, id);
    if (before === null || !queue.sees(actor, before)) throw new Refused({ ok: false, code: 'not_found' });
    if (!(await fresh(desk, tx, mark, how.once, at))) return { ok: true, case: before, id: thing };
    if (how.version !== null && how.version !== before.version) throw new Refused({ ok: false, code: 'stale' });
    const done = decide(before, at, await findContent(tx, desk.seal, id));
    if (!done.ok) throw new Refused(done);
    if (!(await saveCase(tx, before, done.case))) throw new Refused({ ok: false, code: 'conflict' });
    if (done.content !== undefined) await saveContent(tx, desk.seal, id, done.content);
    await also?.(tx, done.case, at, thing);
    await record(desk, tx, { ...done, before }, at);
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
      if (kase === null || !queue.sees(actor, kase)) throw new Refused({ ok: false, code: 'not_found' });
      return { ok: true, case: kase, id };
    }
    const mine = kinds.filter((kind) => queue.mayWork(actor, kind));
    const taken = mine.length === 0 ? null : await takeCase(tx, id, { kinds: mine, offices: actor.offices }, actor.id, how.version);
    if (taken !== null) {
      const entry = { actor: actor.id, action: 'case.claimed', subject: id, detail: '' };
      await record(desk, tx, { before: { ...taken, status: 'new' }, case: taken, entry }, at);
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

/** Stores words as queued and hands them to the outbox, under the number the request was just given. */
export async function say(desk: Desk, tx: Tx, kase: Case, actor: Actor, text: string, at: number, thing: string): Promise<void> {
  const id = `m_${thing}`;
  await addMessage(tx, desk.seal, { id, caseId: kase.id, direction: 'out', author: actor.id, text, at });
  const data = { case_id: kase.id, seq: kase.seqOut, message_id: id, text };
  await enqueue(tx, desk.seal, 'messages', { type: 'message.send', data }, at);
}

/** Words to the person. `now`: the writer knows that this is the time the person chose, where others read the phone. */
export function replyTo(desk: Desk, id: string, actor: Actor, text: string, how = anyhow, now = false): Promise<Acted | Refusal> {
  return change(
    desk,
    'reply',
    id,
    actor,
    how,
    (kase, _, content) => {
      const done = queue.reply(kase, actor);
      const wanted = manner(content);
      if (!done.ok || wanted === 'free') return done;
      if (wanted === 'call') return { ok: false, code: 'conflict', why: 'call-only' };
      if (!isNeutral(desk, kase.language, text)) return { ok: false, code: 'conflict', why: 'others-read' };
      return now ? done : { ok: false, code: 'invalid', why: 'not-the-time' };
    },
    (tx, kase, at, thing) => say(desk, tx, kase, actor, text, at, thing),
  );
}

/** A note for colleagues. It never leaves the desk. `restricted`: for oneself and protection staff alone. */
export function noteOn(desk: Desk, id: string, actor: Actor, text: string, how = anyhow, restricted = false): Promise<Acted | Refusal> {
  return change(
    desk,
    'note',
    id,
    actor,
    how,
    (kase) => queue.note(kase, actor),
    async (tx, _, at, thing) => {
      await addNote(tx, desk.seal, { id: `n_${thing}`, caseId: id, author: actor.id, text, at, restricted });
    },
  );
}

/** Ends it: the bot forgets the address, and what the person told is purged unless it is to be kept a while. */
export function closeCase(desk: Desk, id: string, actor: Actor, reason: CloseReason, how = anyhow): Promise<Acted | Refusal> {
  return change(
    desk,
    'close',
    id,
    actor,
    how,
    (kase, at) => queue.close(kase, actor, reason, at),
    async (tx, kase, at) => {
      await enqueue(tx, desk.seal, 'messages', { type: 'case.closed', data: { case_id: id, seq: kase.seqOut } }, at);
      if (desk.retention.closed === 0) await purgeCase(tx, id);
    },
  );
}

/** What an outside case system reports or asks for. `note`: its words, for colleagues alone. */
export function outsideAct(
  desk: Desk,
  id: string,
  actor: Actor,
  decide: (kase: Case, at: number) => Done | Problem,
  note: string | null,
  how = anyhow,
): Promise<Acted | Refusal> {
  return change(desk, 'outside', id, actor, how, decide, async (tx, _, at, thing) => {
    if (note !== null) await addNote(tx, desk.seal, { id: `n_${thing}`, caseId: id, author: actor.id, text: note, at });
  });
}

export function revealPhone(desk: Desk, id: string, actor: Actor, reason: (typeof queue.revealReasons)[number]): Promise<Acted | Refusal> {
  return change(desk, 'reveal', id, actor, anyhow, (kase) => queue.reveal(kase, actor, reason));
}
