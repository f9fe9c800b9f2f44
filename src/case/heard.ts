// What a person tells a caseworker counts before what the chat asked: how and when to write, who else
// reads the phone, what is missing now. From it follows what may be sent at all (R25).
import type { Known, Value } from '../flow/session.ts';
import { type Actor, type Case, type Content, type Done, type Level, levels, type Problem } from './case.ts';
import { priority } from './priority.ts';
import { go, gone, notMine, works } from './queue.ts';

/** Whether other people read the phone: `yes` or `no`. Asked by a caseworker alone, so no flow knows it. */
export const othersRead = 'others-read';
/** Wishes that stand beside every reply (R31). */
export const wishes = ['reach', 'hours', 'interpreter', 'worker'] as const;
/** Needs, which only a return request has a consent for. */
const needs = ['needs', 'missing'] as const;

/** What may be written down of a request of this kind. */
export const heardItems = (kind: Case['kind']): readonly string[] => [othersRead, ...wishes, ...(kind === 'return' ? needs : [])];

/** The latest word on an item: told to a caseworker, else answered in the chat. */
export const latest = (content: Content, item: string): Value => content.heard?.answers[item] ?? content.answers[item] ?? null;

/** How one may write: anything, neutral texts alone, or not at all because the person chose a call. */
export type Manner = 'free' | 'neutral' | 'call';
export function manner(content: Content | null): Manner {
  if (content === null || latest(content, othersRead) !== 'yes') return 'free';
  return latest(content, 'reach') === 'call' ? 'call' : 'neutral';
}

const graver = (one: Level, other: Level): Level => (levels.indexOf(one) < levels.indexOf(other) ? one : other);

/** Every reason that fits now, before those that fitted earlier: a level never falls by itself. */
export function weighed(kase: Case, content: Content): Pick<Case, 'level' | 'reasons'> {
  const answers: Known = { ...content.answers, ...content.heard?.answers };
  const { consent, reason } = content;
  const now = priority({ kind: kase.kind, field: consent.field, answers, asked: reason !== undefined, crisis: false });
  const earlier = kase.reasons.filter((code) => code !== 'not-answered' && !now.reasons.includes(code));
  return {
    level: graver(now.level, kase.level),
    reasons: [...earlier.filter((code) => code === 'crisis-words'), ...now.reasons, ...earlier.filter((code) => code !== 'crisis-words')],
  };
}

/** Writes down what was heard. `seen`: when it was last written down as far as the writer knew; else somebody else was quicker. */
export function hear(kase: Case, actor: Actor, content: Content | null, answers: Known, seen: number, now: number): Done | Problem {
  if (!works(actor, kase)) return gone;
  const done = go(kase, actor, 'record', () => ({ action: 'wishes.heard' }));
  if (!done.ok || content === null) return done.ok ? gone : done;
  const problem = notMine(kase, actor);
  if (problem !== null) return problem;
  if (seen !== (content.heard?.at ?? 0)) return { ok: false, code: 'conflict', why: 'heard-meanwhile' };
  const allowed = heardItems(kase.kind);
  if (Object.keys(answers).some((item) => !allowed.includes(item))) return { ok: false, code: 'invalid' };
  const after: Content = { ...content, heard: { answers, by: actor.id, at: now } };
  return { ...done, case: { ...done.case, ...weighed(kase, after) }, content: after };
}
