// What needs the person's own yes: the private confirmation before any step of return, sharing with an
// organisation, an embassy, and a return request after a talk. Each form says what it means.
import { standingWith } from '../case/agree.ts';
import { isOpen } from '../case/case.ts';
import { confirmations } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import { holds, nameOf, ticked, typed, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';
import { languageName, moment } from './words.ts';

export function agreeForms(desk: Desk, view: View): Safe | false {
  const { whole, account } = view;
  const { case: kase, content } = whole;
  if (!isOpen(kase.status) || !holds(kase, account) || content === null) return false;
  const text = (key: string) => desk.text(languageOf(desk, account), key);
  return html`<section class="acts"><h2>${text('agree.title')}</h2>
${kase.kind === 'return' && confirmForm(desk, view)}
${kase.kind === 'talk' && returnForm(desk, view)}
${shareForm(desk, view)}
${kase.kind === 'return' && embassyForm(desk, view)}
</section>`;
}

export const confirmTicks = (desk: Desk, view: View, form: string): Safe => {
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  const before = ticked(view, form, 'confirmed');
  return html`<fieldset><legend>${text('appoint.confirm')}</legend>${confirmations.map(
    (one) =>
      html`<label class="tick"><input type="checkbox" name="confirmed" value="${one}"${before.includes(one) && html` checked`}> <span>${text(`appoint.${one}`)}</span></label>`,
  )}</fieldset>`;
};

function confirmForm(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { case: kase, content } = view.whole;
  const known = content?.confirmed;
  return html`<p class="${known === undefined ? 'todo' : 'done'}">${
    known === undefined
      ? text('confirm.missing')
      : text('confirm.known', { name: nameOf(desk, view, known.by), time: moment(lang, known.at) })
  }</p>
<details id="confirm"${view.draft?.form === 'confirm' && html` open`}><summary>${text(known === undefined ? 'confirm.title' : 'confirm.again')}</summary>
<form method="post" action="/desk/cases/${kase.id}/confirm" class="stack"><p class="hint">${text('confirm.means')}</p>${confirmTicks(desk, view, 'confirm')}
<button>${text('confirm.go')}</button></form></details>`;
}

function returnForm(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { case: kase } = view.whole;
  const theirs = desk.languages.includes(kase.language) ? kase.language : (desk.languages[0] ?? lang);
  const words = desk.returnConsent(theirs).lines;
  const languages = [theirs, ...desk.languages.filter((one) => one !== theirs)];
  return html`<details id="return"${view.draft?.form === 'return' && html` open`}><summary>${text('return.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/return" class="stack"><p class="hint">${text('return.means')}</p>
<div class="box consent-words" lang="${theirs}" dir="${desk.direction(theirs)}" tabindex="0" role="group" aria-label="${text('return.words')}">${words.map((line) => html`<p>${line}</p>`)}</div>
<label>${text('return.language')} <select name="language">${languages.map((one) => html`<option value="${one}">${languageName(lang, one)}</option>`)}</select></label>
<fieldset><legend>${text('return.interpreter')}</legend>
<label class="tick"><input type="radio" name="interpreter" value="yes" required> <span>${text('heard.yes')}</span></label>
<label class="tick"><input type="radio" name="interpreter" value="no"> <span>${text('heard.no')}</span></label></fieldset>
<label class="tick"><input type="checkbox" name="agreed" value="yes" required> <span>${text('return.agreed')}</span></label>
<button>${text('return.go')}</button></form></details>`;
}

function shareForm(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { case: kase, content } = view.whole;
  const known = desk.organisations(kase.country);
  const refused = content?.shares.some((one) => standingWith(content, one.organisation) === 'no');
  return html`<details id="share"${view.draft?.form === 'share' && html` open`}><summary>${text('share.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/share" class="stack"><p class="hint">${text('share.means')}</p>
<label>${text('share.name')} <input name="name" list="organisations" required maxlength="80" value="${typed(view, 'share', 'name') ?? ''}" dir="auto" autocomplete="off"></label>
<datalist id="organisations">${known.map((one) => html`<option value="${one.name}"></option>`)}</datalist>
<label class="tick"><input type="checkbox" name="embassy" value="yes"> <span>${text('share.embassy')}</span></label>
${refused && html`<label class="tick"><input type="checkbox" name="again" value="yes"> <span>${text('share.again')}</span></label>`}
<button>${text('share.go')}</button></form></details>`;
}

function embassyForm(desk: Desk, view: View): Safe {
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  const { case: kase, content } = view.whole;
  return html`<details id="embassy"${view.draft?.form === 'embassy' && html` open`}><summary>${text('embassy.title')}</summary>
<p class="hint">${text('embassy.means')}</p>
${
  content?.embassy === undefined
    ? html`<form method="post" action="/desk/cases/${kase.id}/embassy" class="stack">
<label>${text('embassy.date')} <input type="date" name="date" required value="${typed(view, 'embassy', 'date') ?? ''}"></label>
<label>${text('embassy.kept')} <input name="kept" required maxlength="200" value="${typed(view, 'embassy', 'kept') ?? ''}" dir="auto"></label>
<button>${text('embassy.go')}</button></form>`
    : html`<form method="post" action="/desk/cases/${kase.id}/embassy"><button name="revoke" value="yes">${text('embassy.revoke')}</button></form>`
}</details>`;
}
