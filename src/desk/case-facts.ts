// What the person answered, in both languages side by side; the telephone number, hidden; and whether
// another request left the same number.
import { revealReasons } from '../case/queue.ts';
import type { Value } from '../flow/session.ts';
import { html, type Safe } from '../http/html.ts';
import { kindMark, statusMark } from './badges.ts';
import { holds, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';
import { answerWords, languageName, moment, phoneItem, shownAnswers } from './words.ts';

export function answers(desk: Desk, { whole, account }: View): Safe | false {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { case: kase, content } = whole;
  if (content === null) return html`<section><h2>${text('case.answers')}</h2><p class="empty">${text('case.purged')}</p></section>`;
  const given = Object.entries(shownAnswers(content.answers));
  if (given.length === 0)
    return (
      kase.kind === 'return' && html`<section><h2>${text('case.answers')}</h2><p class="hint">${text('case.no-answers')}</p></section>`
    );
  const theirs = desk.languages.includes(kase.language) && kase.language !== lang ? kase.language : null;
  const cell = (language: string, item: string, value: Value) => {
    const words = answerWords(desk, language, item, value);
    return html`<td lang="${language}" dir="${desk.direction(language)}"><span class="question">${words.title}</span>
${words.value === null ? html`<b class="skipped">${desk.text(language, 'case.skipped')}</b>` : html`<b>${words.value}</b>`}</td>`;
  };
  const both = (item: string, value: Value) => html`<tr>${cell(lang, item, value)}${theirs !== null && cell(theirs, item, value)}</tr>`;
  return html`<section><h2>${text('case.answers')}</h2>
${content.reason && html`<p class="ask-first">${text(`reason.${content.reason}`)}</p>`}
${content.answers['travellers'] !== 'one' && html`<p class="hint">${text('case.each-adult')}</p>`}
<table class="answers"><thead><tr><th scope="col">${languageName(lang, lang)}</th>${theirs !== null && html`<th scope="col">${text('case.as-shown', { language: languageName(lang, theirs) })}</th>`}</tr></thead>
<tbody>${given.map(([item, value]) => both(item, value))}</tbody></table>
${content.followups.map(
  ({ answers: later, at }) => html`<h3>${text('case.followup', { time: moment(lang, at) })}</h3>
<table class="answers"><tbody>${Object.entries(later).map(([item, value]) => both(item, value))}</tbody></table>`,
)}
</section>`;
}

export function phoneBox(desk: Desk, view: View): Safe | false {
  const { whole, account, phone } = view;
  const text = (key: string) => desk.text(languageOf(desk, account), key);
  if (typeof whole.content?.answers[phoneItem] !== 'string' || !holds(whole.case, account)) return false;
  if (phone !== undefined)
    return html`<section class="box"><h2>${text('phone.title')}</h2><p class="phone"><bdi dir="ltr">${phone}</bdi></p><p class="hint">${text('phone.shown')}</p></section>`;
  return html`<section class="box"><h2>${text('phone.title')}</h2><p>${text('phone.hidden')}</p>
<form method="post" action="/desk/cases/${whole.case.id}/reveal" class="stack">
<label>${text('phone.why')} <select name="reason" required><option value="">${text('act.choose')}</option>
${revealReasons.map((reason) => html`<option value="${reason}">${text(`reveal.${reason}`)}</option>`)}</select></label>
<button>${text('phone.show')}</button></form></section>`;
}

/** A hint and no more: two people can share a telephone, and nothing is ever joined by itself. */
export function samePerson(desk: Desk, { whole, account }: View): Safe | false {
  const lang = languageOf(desk, account);
  if (whole.same.length === 0) return false;
  return html`<section class="box"><h2>${desk.text(lang, 'same.title')}</h2><p class="hint">${desk.text(lang, 'same.why')}</p>
<ul>${whole.same.map((one) => html`<li><a href="/desk/cases/${one.id}"><bdi>${one.ref}</bdi></a> ${kindMark(desk, lang, one)} ${statusMark(desk, lang, one)}</li>`)}</ul></section>`;
}
