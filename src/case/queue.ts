// What people do with a request: each function takes the request, who acts and the time, and gives
// the request as it is then with one line of history, or says why not. Nothing is stored here.
import type { Kind } from '../flow/session.ts';
import {
  type Actor,
  type Case,
  type CloseReason,
  type Done,
  type EventName,
  type Level,
  type LevelReason,
  next,
  type Problem,
  type Role,
  type Status,
} from './case.ts';
import { raise } from './priority.ts';

/** Which roles see requests of a kind, and which work on them. Only `protection` opens protection. */
export const readers: Record<Kind, readonly Role[]> = {
  return: ['caseworker', 'supervisor'],
  talk: ['caseworker', 'supervisor'],
  protection: ['protection'],
};
export const workers: Record<Kind, readonly Role[]> = { return: ['caseworker'], talk: ['caseworker'], protection: ['protection'] };

const some = (actor: Actor, roles: readonly Role[]) => actor.roles.some((role) => roles.includes(role));
export const mayRead = (actor: Actor, kind: Kind) => some(actor, readers[kind]);
export const mayWork = (actor: Actor, kind: Kind) => some(actor, workers[kind]);

/** Offices divide the work, they never hide a request from everybody: one that no office takes is everybody's. */
const inOffice = ({ offices = [] }: Actor, { office, referral }: Case) =>
  office === null || offices.length === 0 || offices.includes(office) || offices.includes(referral?.office ?? '');
/** The same, of one request: its kind and its office. */
export const sees = (actor: Actor, kase: Case) => mayRead(actor, kase.kind) && inOffice(actor, kase);
export const works = (actor: Actor, kase: Case) => mayWork(actor, kase.kind) && inOffice(actor, kase);

export const gone: Problem = { ok: false, code: 'not_found' };

/** Somebody else holds it. A supervisor may still release or close it. */
const taken = (kase: Case, actor: Actor): Problem | null =>
  actor.bound && kase.claimedBy !== null && kase.claimedBy !== actor.id ? { ok: false, code: 'claimed', by: kase.claimedBy } : null;

/** A person at the desk writes only on what is theirs; a token acts for a system that keeps its own order. */
export const notMine = (kase: Case, actor: Actor): Problem | null =>
  taken(kase, actor) ?? (actor.bound && kase.claimedBy === null ? { ok: false, code: 'conflict' } : null);

type Change = { action: string; detail?: string; set?: Partial<Case> };

/** Asks the table, then makes the changed request and its line of history. */
export function go(kase: Case, actor: Actor, event: EventName, change: (status: Status) => Change): Done | Problem {
  const status = next(kase.status, event, actor.by, kase.referral?.from);
  if (typeof status !== 'string') {
    return status.code === 'claimed' && kase.claimedBy !== null ? { ...status, by: kase.claimedBy } : status;
  }
  const { action, detail = '', set = {} } = change(status);
  return {
    ok: true,
    case: { ...kase, referral: onOffer(kase, event, actor, status), ...set, status, version: kase.version + 1 },
    entry: { actor: actor.id, action, subject: kase.id, detail },
  };
}

/** What happens to a request on offer counts in the state it may go back to; any other state ends the offer. */
function onOffer({ referral }: Case, event: EventName, actor: Actor, status: Status): Case['referral'] {
  if (referral === null || status !== 'transferred') return null;
  const from = next(referral.from, event, actor.by);
  return typeof from === 'string' ? { ...referral, from } : referral;
}

export function claim(kase: Case, actor: Actor): Done | Problem {
  if (!works(actor, kase)) return gone;
  return go(kase, actor, 'claim', () => ({ action: 'case.claimed', set: { claimedBy: actor.id } }));
}

/** Back to the queue, by whoever holds it or a supervisor. */
export function release(kase: Case, actor: Actor): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const problem = actor.roles.includes('supervisor') ? null : taken(kase, actor);
  return problem ?? go(kase, actor, 'release', () => ({ action: 'case.released', set: { claimedBy: null } }));
}

/** From hand to hand: by whoever holds it or a supervisor, to somebody who may work on it. */
export function assign(kase: Case, actor: Actor, to: Actor): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const problem = actor.roles.includes('supervisor') ? null : notMine(kase, actor);
  if (problem !== null) return problem;
  if (!works(to, kase) || to.id === kase.claimedBy) return { ok: false, code: 'invalid' };
  return go(kase, actor, 'assign', () => ({ action: 'case.assigned', detail: to.id, set: { claimedBy: to.id } }));
}

/** A level of one's own, with a reason; null goes back to what the rules say. */
export function setLevel(kase: Case, actor: Actor, set: { level: Level; why: LevelReason } | null): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const override = set === null ? null : { ...set, by: actor.id };
  return go(kase, actor, 'level', () => ({
    action: 'level.set',
    detail: set === null ? 'rules' : `${set.level} ${set.why}`,
    set: { override },
  }));
}

/** Words to the person. `seqOut` numbers the event that carries them. */
export function reply(kase: Case, actor: Actor): Done | Problem {
  if (!works(actor, kase)) return gone;
  const done = go(kase, actor, 'reply', () => ({ action: 'reply.queued', set: { seqOut: kase.seqOut + 1 } }));
  return done.ok ? (notMine(kase, actor) ?? done) : done;
}

export function note(kase: Case, actor: Actor): Done | Problem {
  if (!sees(actor, kase)) return gone;
  return go(kase, actor, 'note', () => ({ action: 'note.added' }));
}

/** Why a telephone number may be looked at; each look is written down with its reason. */
export const revealReasons = ['call-wished', 'not-reached', 'danger'] as const;

export function reveal(kase: Case, actor: Actor, reason: (typeof revealReasons)[number]): Done | Problem {
  if (!works(actor, kase)) return gone;
  const done = go(kase, actor, 'reveal', () => ({ action: 'phone.revealed', detail: reason }));
  return done.ok ? (notMine(kase, actor) ?? done) : done;
}

/** What must be re-confirmed in private before a return goes further (R24). */
export const confirmations = ['voluntary', 'identity', 'language'] as const;

/** `earlier`: confirmed at another time, which is written down. `sends`: a message goes out with it. */
export function appoint(kase: Case, actor: Actor, confirmed: readonly string[], earlier = false, sends = false): Done | Problem {
  if (!works(actor, kase)) return gone;
  const missing = kase.kind === 'return' && !earlier && confirmations.some((one) => !confirmed.includes(one));
  const done = go(kase, actor, 'appoint', () => ({
    action: 'appointment.agreed',
    detail: kase.kind === 'return' ? confirmations.join(' ') : '',
    set: { seqOut: kase.seqOut + (sends ? 1 : 0) },
  }));
  if (!done.ok) return done;
  return notMine(kase, actor) ?? (missing ? { ok: false, code: 'invalid', why: 'unconfirmed' } : done);
}

export function missed(kase: Case, actor: Actor, now: number): Done | Problem {
  if (!works(actor, kase)) return gone;
  const done = go(kase, actor, 'missed', () => ({ action: 'appointment.missed', set: { waitingSince: now } }));
  return done.ok ? (notMine(kase, actor) ?? done) : done;
}

/** An outside case system says whose turn it is. */
export function turn(kase: Case, actor: Actor, whose: 'waiting_us' | 'waiting_person', now: number): Done | Problem {
  if (!mayWork(actor, kase.kind)) return gone;
  return go(kase, actor, whose === 'waiting_us' ? 'await-us' : 'await-person', () => ({
    action: 'case.turn',
    detail: whose,
    set: { waitingSince: now },
  }));
}

/** Something an outside case system asks for and only people decide: it stands in the history. */
export function suggest(
  kase: Case,
  actor: Actor,
  what: 'merge.suggested' | 'erase.requested' | 'appointment.proposed',
  detail: string,
): Done | Problem {
  if (!mayWork(actor, kase.kind)) return gone;
  return go(kase, actor, 'note', () => ({ action: what, detail }));
}

export function close(kase: Case, actor: Actor, reason: CloseReason, now: number): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const problem = actor.roles.includes('supervisor') ? null : taken(kase, actor);
  const done = go(kase, actor, 'close', () => ({
    action: 'case.closed',
    detail: reason,
    set: { closedReason: reason, closedAt: now, seqOut: kase.seqOut + 1 },
  }));
  return done.ok ? (problem ?? done) : done;
}

/** Nobody of ours is awaited in these. */
export const theirTurn = (status?: Status) => status === 'waiting_person' || status === 'appointment';

/** The person wrote. Crisis words make the request urgent; who waited already keeps their place. */
export function received(kase: Case, actor: Actor, urgent: boolean, now: number): Done | Problem {
  return go(kase, actor, 'message', (status) => ({
    action: urgent ? 'message.urgent' : 'message.received',
    set: {
      ...(urgent ? { ...raise(kase, 'crisis-words', 'urgent'), override: null } : {}),
      ...(status !== kase.status || status === 'appointment' || theirTurn(kase.referral?.from) ? { waitingSince: now } : {}),
    },
  }));
}

/** The reply reached the person: from here the wait is theirs. */
export function delivered(kase: Case, actor: Actor, now: number): Done | Problem {
  return go(kase, actor, 'delivered', (status) => ({
    action: 'message.delivered',
    set: status !== kase.status ? { waitingSince: now } : {},
  }));
}

/** It did not: whoever believed that the person's answer is awaited must look again. */
export function failed(kase: Case, actor: Actor, reason: string, now: number): Done | Problem {
  return go(kase, actor, 'failed', (status) => ({
    action: 'message.failed',
    detail: reason,
    set: status !== kase.status ? { waitingSince: now } : {},
  }));
}

/** The person answered whether their request may be shared. `ends`: a No to those it is on offer to. */
export function consentAnswered(kase: Case, actor: Actor, agreed: boolean, ends = false): Done | Problem {
  return go(kase, actor, ends ? 'turn-back' : 'consent', () => ({ action: 'consent.answered', detail: agreed ? 'yes' : 'no' }));
}

export function followedUp(kase: Case, actor: Actor): Done | Problem {
  return go(kase, actor, 'followup', () => ({ action: 'followup.answered' }));
}

/** The person takes it back: no reason is asked, and nothing queued may still go out. */
export function withdraw(kase: Case, actor: Actor, now: number): Done | Problem {
  return go(kase, actor, 'withdraw', () => ({ action: 'case.withdrawn', set: { closedAt: now } }));
}

/** What stays is a mark without anything of the person. */
export function erase(kase: Case, actor: Actor, now: number): Done | Problem {
  return go(kase, actor, 'erase', () => ({
    action: 'case.erased',
    set: {
      ...{ level: 'normal', reasons: [], override: null, language: 'und', country: null, office: null },
      ...{ claimedBy: null, closedReason: null, closedAt: now },
    },
  }));
}
