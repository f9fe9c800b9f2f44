// What needs the person's own yes beyond the request itself, and how it is written down: a private
// confirmation (R24), sharing with an organisation, an embassy (R28), a return request after a talk.
import type { Actor, Case, Consent, Content, Done, Problem } from './case.ts';
import { weighed } from './heard.ts';
import { confirmations, go, gone, notMine, works } from './queue.ts';

const asIs = (content: Content) => content;

/** One line of history and a changed content, for whoever holds the request. */
function record(
  kase: Case,
  actor: Actor,
  content: Content | null,
  change: { action: string; detail?: string; set?: Partial<Case> },
  write: (content: Content) => Content = asIs,
): Done | Problem {
  if (!works(actor, kase)) return gone;
  const done = go(kase, actor, 'record', () => change);
  if (!done.ok) return done;
  const problem = notMine(kase, actor) ?? (content === null ? gone : null);
  return problem ?? { ...done, content: write(content as Content) };
}

/** Free choice, identity and language, in private; all three or nothing. */
export function confirm(kase: Case, actor: Actor, content: Content | null, confirmed: readonly string[], now: number): Done | Problem {
  if (!works(actor, kase)) return gone;
  if (kase.kind !== 'return' || confirmations.some((one) => !confirmed.includes(one)))
    return { ok: false, code: 'invalid', why: 'unconfirmed' };
  const change = { action: 'choice.confirmed', detail: confirmations.join(' ') };
  return record(kase, actor, content, change, (told) => ({ ...told, confirmed: { by: actor.id, at: now } }));
}

const answersOf = (content: Content, organisation: string) =>
  content.shares.filter((one) => one.organisation === organisation).toSorted((a, b) => b.seq - a.seq);

/** The newest answer of an organisation, and whether a question to the person is still open. Answers are counted, for two clocks never agree. */
export function standingWith(content: Content, organisation: string): 'never' | 'asked' | 'yes' | 'no' {
  const answers = answersOf(content, organisation);
  const asked = (content.asked ?? []).filter((one) => one.organisation === organisation).at(-1);
  if (asked !== undefined && answers.length <= asked.answered) return 'asked';
  const [newest] = answers;
  return newest === undefined ? 'never' : newest.agreed ? 'yes' : 'no';
}

/** `again`: the person said no before and wishes to be asked once more. `embassy`: of any state. */
export type Asking = { organisation: string; name: string; again: boolean; embassy: boolean };

/** One Yes/No screen for the person that names the organisation. Nobody is asked twice against their will. */
export function askShare(kase: Case, actor: Actor, content: Content | null, asking: Asking, now: number): Done | Problem {
  const { organisation, name, again, embassy } = asking;
  const change = { action: 'consent.asked', set: { seqOut: kase.seqOut + 1 } };
  const done = record(kase, actor, content, change, (told) => ({
    ...told,
    asked: [
      ...(told.asked ?? []),
      { organisation, name, answered: answersOf(told, organisation).length, ...(embassy && { embassy }), by: actor.id, at: now },
    ],
  }));
  if (!done.ok || content === null) return done;
  if (embassy && content.embassy === undefined) return { ok: false, code: 'no_consent', why: 'embassy-unwritten' };
  const before = standingWith(content, organisation);
  if (before === 'asked' || before === 'yes') return { ok: false, code: 'conflict', why: `share-${before}` };
  return before === 'no' && !again ? { ok: false, code: 'no_consent', why: 'share-no' } : done;
}

/** `paper`: null when the person took the written consent back. */
export function embassy(
  kase: Case,
  actor: Actor,
  content: Content | null,
  paper: { date: string; kept: string } | null,
  now: number,
): Done | Problem {
  const action = paper === null ? 'embassy.revoked' : 'embassy.agreed';
  return record(kase, actor, content, { action }, ({ embassy: _, ...told }) => ({
    ...told,
    ...(paper !== null && { embassy: { ...paper, by: actor.id, at: now } }),
  }));
}

/**
 * A talk becomes a return request: only after a private talk in which the return consent was read and
 * agreed to. It keeps its reference and the way to the person; the chat knows one request, not two.
 */
export function openReturn(
  kase: Case,
  actor: Actor,
  content: Content | null,
  consent: Consent,
  interpreter: boolean,
  now: number,
): Done | Problem {
  if (kase.kind !== 'talk' || consent.kind !== 'return') return works(actor, kase) ? { ok: false, code: 'conflict' } : gone;
  const done = record(kase, actor, content, { action: 'return.opened', set: { kind: 'return' } }, (told) => ({
    ...told,
    consent,
    former: { consent: told.consent, by: actor.id, interpreter },
    confirmed: { by: actor.id, at: now },
  }));
  if (!done.ok || done.content === undefined) return done;
  return { ...done, case: { ...done.case, ...weighed(done.case, done.content) } };
}
