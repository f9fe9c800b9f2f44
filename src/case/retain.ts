// How long a request may stay. Texts promise people these times, so they are computed here and
// nowhere else; what follows from them is done by `desk/sweep.ts`.
import type { Case } from './case.ts';

const day = 86_400_000;

/** Days, from the settings of the contract. */
export type Retention = { contact: number; unclaimed: number; idle: number; closed: number };

/** What the history says of contact, as times; null: never. */
export type Contact = { last: number; answered: boolean };

export type Fate =
  | 'keep'
  /** Nobody answered in time: tell the person, then erase. */
  | 'unanswered'
  /** Claimed, and then nothing happened. */
  | 'no-contact'
  /** Closed long enough: what the person told goes. */
  | 'purge';

export function fate(kase: Case, contact: Contact, days: Retention, now: number): Fate {
  const older = (since: number, limit: number) => now - since >= limit * day;
  if (kase.status === 'closed') return older(kase.closedAt ?? kase.openedAt, days.closed) ? 'purge' : 'keep';
  if (kase.status === 'withdrawn' || kase.status === 'erased') return 'keep';
  const last = Math.max(kase.openedAt, contact.last);
  // One figure for talk and protection, claimed or not, so that both look the same to the person.
  if (kase.kind !== 'return' && !contact.answered) return older(last, days.contact) ? 'unanswered' : 'keep';
  if (kase.status === 'new') return older(last, days.unclaimed) ? 'unanswered' : 'keep';
  return older(last, days.idle) ? 'no-contact' : 'keep';
}
