// Passing a request on, as the case page shows it: the form, what is on offer and to whom, and what an
// organisation that took it means for whoever holds the request.
import { isOpen } from '../case/case.ts';
import { manner } from '../case/heard.ts';
import { works } from '../case/queue.ts';
import { agreedTo, isOffered, mayRevoke } from '../case/refer.ts';
import { html, type Safe } from '../http/html.ts';
import type { Account } from '../store/people.ts';
import { nameOf, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { actorOf, languageOf } from './session.ts';
import { moment, officeName } from './words.ts';

/** Other offices where somebody could open it: an offer nobody can see would be a lost request. */
export const officesFor = (desk: Desk, { case: kase, accounts }: { case: View['whole']['case']; accounts: readonly Account[] }): string[] =>
  desk.offices.filter(
    (office) => office !== kase.office && accounts.some((one) => !one.disabled && works(actorOf(one), { ...kase, office })),
  );

export function referForm(desk: Desk, view: View): Safe {
  const { case: kase, content } = view.whole;
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  const offices = officesFor(desk, view.whole);
  const organisations = content === null ? [] : agreedTo(content);
  const group = (label: string, options: Safe[]) => options.length > 0 && html`<optgroup label="${text(label)}">${options}</optgroup>`;
  const option = (value: string, name: string) => html`<option value="${value}">${name}</option>`;
  return html`<details id="refer"${view.draft?.form === 'refer' && html` open`}><summary>${text('refer.title')}</summary>
<p class="hint">${text('refer.means')}</p>
${organisations.length === 0 && html`<p class="hint">${text('refer.ask-first')}</p>`}
${organisations.length > 0 && manner(content) !== 'free' && html`<p class="todo">${text('refer.not-told')}</p>`}
${
  offices.length + organisations.length > 0 &&
  html`<form method="post" action="/desk/cases/${kase.id}/refer" class="stack">
<label>${text('refer.to')} <select name="to" required><option value="">${text('act.choose')}</option>
${group(
  'refer.agreed',
  organisations.map((one) => option(`organisation ${one.organisation}`, one.name)),
)}${group(
  'refer.offices',
  offices.map((one) => option(`office ${one}`, officeName(lang, one))),
)}</select></label>
<button>${text('refer.go')}</button></form>`
}</details>`;
}

/** What is on offer, and what each side can do about it; or who took it. */
export function referralBox(desk: Desk, view: View): Safe | false {
  const { whole, account } = view;
  const { case: kase, content } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const given = content?.referral;
  if (kase.referral === null) {
    if (given?.taken === undefined || !isOpen(kase.status)) return false;
    return html`<p class="done">${text('refer.taken', { name: given.name, time: moment(lang, given.taken) })}</p>`;
  }
  const { office } = kase.referral;
  const actor = actorOf(account);
  const mine = mayRevoke(kase, actor);
  const offered = isOffered(kase, actor);
  const button = (verb: string, key: string) =>
    html`<form method="post" action="/desk/cases/${kase.id}/${verb}"><button>${text(key)}</button></form>`;
  return html`<div class="box"><p><b>${text('refer.offered', { name: office === null ? (given?.name ?? '') : officeName(lang, office) })}</b></p>
<p class="hint">${kase.claimedBy === null ? text('refer.held-by-nobody') : text('refer.held', { name: nameOf(desk, view, kase.claimedBy) })}</p>
${office !== null && offered && button('take', 'refer.take')}
${office !== null && offered && !mine && button('turn-back', 'refer.decline')}
${office === null && mine && button('take', 'refer.they-took')}
${mine && button('turn-back', 'refer.revoke')}</div>`;
}
