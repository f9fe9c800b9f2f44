// Passing a request on: to another office of ours, or to an organisation the person agreed to. Until the
// other side takes it, it stays in the hands it is in, so that nobody falls between two chairs.
import { standingWith } from './agree.ts';
import type { Actor, Case, Content, Done, Problem } from './case.ts';
import { go, gone, notMine, sees, theirTurn, works } from './queue.ts';

/** Whoever holds it, or a supervisor. */
const problemFor = (kase: Case, actor: Actor): Problem | null => (actor.roles.includes('supervisor') ? null : notMine(kase, actor));

/** Works in the office it is offered to. */
export const isOffered = (kase: Case, actor: Actor): boolean => {
  const { offices = [] } = actor;
  const office = kase.referral?.office ?? null;
  return office !== null && works(actor, kase) && (offices.length === 0 || offices.includes(office));
};

/** May take an offer back. */
export const mayRevoke = (kase: Case, actor: Actor): boolean =>
  kase.referral !== null && sees(actor, kase) && problemFor(kase, actor) === null;

/** To another office of ours. It is the same organisation, so the person is asked nothing, and told once it is taken. */
export function offerOffice(kase: Case, actor: Actor, office: string): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const done = go(kase, actor, 'refer', () => ({
    action: 'referral.offered',
    detail: office,
    set: { referral: { office, from: kase.status } },
  }));
  if (!done.ok) return done;
  return problemFor(kase, actor) ?? (office === kase.office ? { ok: false, code: 'invalid' } : done);
}

/** Who can be offered a request: whoever the person said yes to last, by the name they were asked with. */
export const agreedTo = (content: Content): { organisation: string; name: string; embassy: boolean }[] =>
  [...new Map((content.asked ?? []).map((one) => [one.organisation, one])).values()]
    .filter((one) => standingWith(content, one.organisation) === 'yes')
    .map(({ organisation, name, embassy = false }) => ({ organisation, name, embassy }));

/** To an organisation, after the person's Yes to that one. `tells`: a sentence goes to the person. */
export function offerOrganisation(
  kase: Case,
  actor: Actor,
  content: Content | null,
  organisation: string,
  tells: boolean,
  now: number,
): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const done = go(kase, actor, 'refer', () => ({
    action: 'referral.offered',
    set: { referral: { office: null, from: kase.status }, seqOut: kase.seqOut + (tells ? 1 : 0) },
  }));
  if (!done.ok) return done;
  const problem = problemFor(kase, actor) ?? (content === null ? gone : null);
  if (problem !== null || content === null) return problem ?? gone;
  const agreed = agreedTo(content).find((one) => one.organisation === organisation);
  if (agreed === undefined) return { ok: false, code: 'no_consent', why: 'share-missing' };
  if (agreed.embassy && content.embassy === undefined) return { ok: false, code: 'no_consent', why: 'embassy-unwritten' };
  return { ...done, content: { ...content, referral: { organisation, name: agreed.name, by: actor.id, at: now } } };
}

/**
 * Taken. An office gets it as a new request; of an organisation without a system of its own here a colleague
 * writes it down, and goes on holding the request until they close it.
 */
export function take(kase: Case, actor: Actor, content: Content | null, tells: boolean, now: number): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const { referral } = kase;
  if (referral === null) return { ok: false, code: 'conflict' };
  const seqOut = kase.seqOut + (tells ? 1 : 0);
  if (referral.office !== null) {
    if (!isOffered(kase, actor)) return { ok: false, code: 'conflict' };
    const waitingSince = theirTurn(referral.from) ? now : kase.waitingSince;
    const set = { office: referral.office, claimedBy: null, waitingSince, seqOut };
    return go(kase, actor, 'accept', () => ({ action: 'referral.taken', detail: referral.office ?? '', set }));
  }
  const problem = problemFor(kase, actor);
  if (problem !== null || content?.referral === undefined) return problem ?? gone;
  const done = go(kase, actor, 'turn-back', () => ({ action: 'referral.taken' }));
  return done.ok ? { ...done, content: { ...content, referral: { ...content.referral, taken: now } } } : done;
}

/** The organisation itself takes it, in its own system: it holds the request from then on. */
export function takeOver(kase: Case, actor: Actor, content: Content | null, organisation: string, now: number): Done | Problem {
  if (!isOfferedTo(kase, content, organisation)) return { ok: false, code: 'conflict' };
  const done = go(kase, actor, 'take-over', () => ({
    action: 'case.claimed',
    set: { claimedBy: actor.id, waitingSince: theirTurn(kase.referral?.from) ? now : kase.waitingSince },
  }));
  return done.ok && content !== null ? { ...done, content: withoutReferral(content) } : done;
}

/** Not taken, or taken back: everything is as it was. */
export function turnBack(kase: Case, actor: Actor, content: Content | null): Done | Problem {
  if (!sees(actor, kase)) return gone;
  const revokes = mayRevoke(kase, actor);
  if (!revokes && !isOffered(kase, actor)) return problemFor(kase, actor) ?? { ok: false, code: 'conflict' };
  const done = go(kase, actor, 'turn-back', () => ({
    action: revokes && actor.bound ? 'referral.revoked' : 'referral.declined',
  }));
  return done.ok && content !== null ? { ...done, content: withoutReferral(content) } : done;
}

/** Whether it is on offer to this organisation. */
export const isOfferedTo = (kase: Case | null, content: Content | null, organisation: string): boolean =>
  kase?.referral?.office === null && content?.referral?.organisation === organisation;

export const withoutReferral = ({ referral: _, ...content }: Content): Content => content;
