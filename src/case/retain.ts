// How long a request and each answer may stay. Texts promise people these times, so they are computed
// here and nowhere else; what follows from them is done by `desk/sweep.ts`.
import type { Known } from '../flow/session.ts';
import { type Case, finalStatuses, isOpen, stateOf } from './case.ts';

const day = 86_400_000;
/** After that not even the mark of a request is kept. */
const recordDays = 365;
export const recordMs = recordDays * day;

/** Days, from the settings of the contract. */
export type Retention = { contact: number; unclaimed: number; idle: number; closed: number };

/** What the history says of contact, as times; 0: never. */
export type Contact = { last: number; answered: boolean };

export type Fate =
  | 'keep'
  /** Nobody answered in time: tell the person, then erase. */
  | 'unanswered'
  /** Claimed, and then nothing happened. */
  | 'no-contact'
  /** Closed long enough: what the person told goes. */
  | 'purge'
  /** Ended a year ago: the mark goes too. */
  | 'unrecord';

const older = (since: number, days: number, now: number) => now - since >= days * day;

export function fate(kase: Case, contact: Contact, days: Retention, now: number): Fate {
  if (finalStatuses.some((one) => one === kase.status)) {
    const ended = kase.closedAt ?? kase.openedAt;
    if (older(ended, recordDays, now)) return 'unrecord';
    return kase.status === 'closed' && older(ended, days.closed, now) ? 'purge' : 'keep';
  }
  const last = Math.max(kase.openedAt, contact.last);
  // One figure for talk and protection, claimed or not, so that both look the same to the person.
  if (kase.kind !== 'return' && !contact.answered) return older(last, days.contact, now) ? 'unanswered' : 'keep';
  if (stateOf(kase) === 'new') return older(last, days.unclaimed, now) ? 'unanswered' : 'keep';
  return older(last, days.idle, now) ? 'no-contact' : 'keep';
}

/** Nobody has claimed it for a day: the desk should know long before it is erased. */
export const unclaimedForADay = (kase: Pick<Case, 'status' | 'referral' | 'openedAt'>, now: number): boolean =>
  stateOf(kase) === 'new' && older(kase.openedAt, 1, now);

/** Answers whose own time, the `keep` of their field, has passed since the last contact. */
export const outworn = (answers: Known, keeps: Readonly<Record<string, number>>, last: number, now: number): string[] =>
  Object.keys(answers).filter((item) => keeps[item] !== undefined && older(last, keeps[item], now));

/** When a request ends if nothing happens any more; null when it has ended or will not within two years. */
export function endOf(kase: Case, contact: Contact, days: Retention, now: number): number | null {
  if (!isOpen(kase.status)) return null;
  for (let count = 0; count <= 730; count += 1) if (fate(kase, contact, days, now + count * day) !== 'keep') return now + count * day;
  return null;
}
