// What the parts of the case page share: the opened request, who looks, and what went wrong before.
import type { Case } from '../case/case.ts';
import { works } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import type { Account } from '../store/people.ts';
import type { Desk } from './desk.ts';
import type { Whole } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { actorName } from './words.ts';

/** What somebody typed and could not be done, so that it is not lost: the fields of one form. */
export type Draft = { form: string; fields: Record<string, string | string[]> };

export type View = { whole: Whole; account: Account; problems: string[]; draft?: Draft | undefined; phone?: string | undefined };

/** Holds the request, so may write on it. */
export const holds = (kase: Case, account: Account) => kase.claimedBy === account.id && works(actorOf(account), kase);

export function nameOf(desk: Desk, { whole, account }: View, id: string): string {
  const lang = languageOf(desk, account);
  if (id === account.id) return desk.text(lang, 'queue.you');
  return actorName(desk, lang, whole.names, id);
}

/** What was typed into this field of this form before; undefined when nothing was. */
export function typed({ draft }: View, form: string, field: string): string | undefined {
  const given = draft?.form === form ? draft.fields[field] : undefined;
  return given === undefined ? undefined : [given].flat().join('\n');
}
export const ticked = ({ draft }: View, form: string, field: string): string[] =>
  draft?.form === form ? [draft.fields[field] ?? []].flat() : [];

/** Words whose form is not there any more, to be copied. */
export function unsent(desk: Desk, view: View, ...forms: string[]): Safe | false {
  const words = forms.map((form) => typed(view, form, 'text') ?? '').find((one) => one !== '');
  if (words === undefined) return false;
  return html`<label class="unsent">${desk.text(languageOf(desk, view.account), 'reply.unsent')} <textarea rows="4" readonly dir="auto">${words}</textarea></label>`;
}
