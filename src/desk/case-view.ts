// What the parts of the case page share: the opened request, who looks, and what went wrong before.
import type { Case } from '../case/case.ts';
import { mayWork } from '../case/queue.ts';
import type { Account } from '../store/people.ts';
import type { Desk } from './desk.ts';
import type { Whole } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { actorName } from './words.ts';

/** What somebody typed and could not be done, so that it is not lost. */
export type Draft = { form: 'reply' | 'note' | 'appoint'; text: string };

export type View = { whole: Whole; account: Account; problems: string[]; draft?: Draft | undefined; phone?: string | undefined };

/** Holds the request, so may write on it. */
export const holds = (kase: Case, account: Account) => kase.claimedBy === account.id && mayWork(actorOf(account), kase.kind);

export function nameOf(desk: Desk, { whole, account }: View, id: string): string {
  const lang = languageOf(desk, account);
  if (id === account.id) return desk.text(lang, 'queue.you');
  return actorName(desk, lang, whole.names, id);
}
