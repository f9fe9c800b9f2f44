// Does what writes something down with a request: who works on it, its level, what the person told, what
// they agreed to, an appointment. Same transaction, same history as in `act.ts`.
import * as agree from '../case/agree.ts';
import type { Actor, Consent, Level, LevelReason } from '../case/case.ts';
import { hear, manner } from '../case/heard.ts';
import * as queue from '../case/queue.ts';
import type { Known } from '../flow/session.ts';
import { enqueue } from '../store/outbox.ts';
import { addNote } from '../store/transcript.ts';
import { type Acted, anyhow, change, type Refusal, say } from './act.ts';
import type { Desk } from './desk.ts';

type Result = Promise<Acted | Refusal>;

export const assignCase = (desk: Desk, id: string, actor: Actor, to: Actor): Result =>
  change(desk, 'assign', id, actor, anyhow, (kase) => queue.assign(kase, actor, to));

export const levelCase = (desk: Desk, id: string, actor: Actor, set: { level: Level; why: LevelReason } | null): Result =>
  change(desk, 'level', id, actor, anyhow, (kase) => queue.setLevel(kase, actor, set));

/** `seen`: when it was last written down, as far as the page knew. */
export const hearFrom = (desk: Desk, id: string, actor: Actor, answers: Known, seen: number): Result =>
  change(desk, 'hear', id, actor, anyhow, (kase, at, content) => hear(kase, actor, content, answers, seen, at));

export const confirmChoice = (desk: Desk, id: string, actor: Actor, confirmed: readonly string[]): Result =>
  change(desk, 'confirm', id, actor, anyhow, (kase, at, content) => agree.confirm(kase, actor, content, confirmed, at));

export const recordEmbassy = (desk: Desk, id: string, actor: Actor, paper: { date: string; kept: string } | null): Result =>
  change(desk, 'embassy', id, actor, anyhow, (kase, at, content) => agree.embassy(kase, actor, content, paper, at));

/** `read`: the language the consent was read in, and whether an interpreter helped. */
export function openReturn(desk: Desk, id: string, actor: Actor, read: { language: string; interpreter: boolean }): Result {
  return change(desk, 'return', id, actor, anyhow, (kase, at, content) => {
    const { field, version, hash } = desk.returnConsent(read.language);
    const time = new Date(at).toISOString();
    const consent: Consent = { kind: 'return', field, version, language: read.language, hash, at: time, covers: [] };
    return agree.openReturn(kase, actor, content, consent, read.interpreter, at);
  });
}

/** Asks the person, on one screen that names the organisation; the answer comes from the chat. */
export function askToShare(desk: Desk, id: string, actor: Actor, asking: agree.Asking): Result {
  const { organisation, name } = asking;
  return change(
    desk,
    'ask',
    id,
    actor,
    anyhow,
    (kase, at, content) => agree.askShare(kase, actor, content, asking, at),
    async (tx, kase, at) => {
      const data = { case_id: id, seq: kase.seqOut, organisation, name };
      await enqueue(tx, desk.seal, 'messages', { type: 'consent.ask', data }, at);
    },
  );
}

export type Plan = {
  confirmed: readonly string[];
  /** Why a wish of the person could not be kept, when it could not (R31). */
  note: string | null;
  /** Date, time and place as the person will read them, when they are to be told. */
  meeting: { date: string; time: string; place: string; text: string } | null;
};

/** Agrees on an appointment, and tells the person when there is something to tell. */
export function appointCase(desk: Desk, id: string, actor: Actor, { confirmed, note, meeting }: Plan, how = anyhow): Result {
  return change(
    desk,
    'appoint',
    id,
    actor,
    how,
    (kase, at, content) => {
      const earlier = content?.confirmed !== undefined;
      const done = queue.appoint(kase, actor, confirmed, earlier, meeting !== null);
      if (!done.ok || content === null) return done;
      if (meeting !== null && manner(content) === 'call') return { ok: false, code: 'conflict', why: 'call-only' };
      // A place says more than another reader of the phone should learn.
      if (meeting !== null && meeting.place !== '' && manner(content) === 'neutral')
        return { ok: false, code: 'conflict', why: 'others-read' };
      const { text: _, ...planned } = meeting ?? { text: '' };
      const by = { by: actor.id, at };
      return {
        ...done,
        content: {
          ...content,
          ...(kase.kind === 'return' && !earlier && { confirmed: by }),
          ...('date' in planned && { appointment: { ...planned, ...by } }),
        },
      };
    },
    async (tx, kase, at, thing) => {
      if (note !== null) await addNote(tx, desk.seal, { id: `n_${thing}`, caseId: id, author: actor.id, text: note, at });
      if (meeting !== null) await say(desk, tx, kase, actor, meeting.text, at, thing);
    },
  );
}

export const appointmentMissed = (desk: Desk, id: string, actor: Actor): Result =>
  change(desk, 'missed', id, actor, anyhow, (kase, at) => queue.missed(kase, actor, at));
