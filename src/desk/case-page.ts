// One request on one page: why it is urgent, what the person said they need, the talk, and what can
// be done now. Everything a person wrote stands isolated, in its own direction.
import { revealReasons } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import { kindMark, levelMark, reasonList, statusMark } from './badges.ts';
import { actForms } from './case-acts.ts';
import { talk } from './case-talk.ts';
import { holds, nameOf, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { alert, page } from './layout.ts';
import { languageOf } from './session.ts';
import { actionWords, answerWords, countryName, languageName, moment, phoneItem, shownAnswers, slug, wait } from './words.ts';

export function casePage(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const { case: kase } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const body = html`<p class="back"><a href="/desk">${text('case.back')}</a></p>
<div class="case-head">
<h1><bdi>${kase.ref}</bdi></h1> ${levelMark(desk, lang, kase.level)} ${kindMark(desk, lang, kase)} ${statusMark(desk, lang, kase)}
</div>
${alert(view.problems)}
${kase.kind !== 'return' && html`<p class="ask-first">${text('case.ask-first')}</p>`}
<p class="facts">${kase.closedAt === null && html`<b>${text(kase.status === 'waiting_person' ? 'queue.answered' : 'queue.waiting', { wait: wait(desk, lang, kase.waitingSince) })}</b>`}
<span>${text('case.opened', { time: moment(lang, kase.openedAt) })}</span>
<span>${text('case.writes', { language: languageName(lang, kase.language) })}</span>
${kase.country !== null && html`<span>${text('case.is-in', { country: countryName(lang, kase.country) })}</span>`}
<span>${text('case.by', { channel: text(`channel.${kase.channel}`) })}</span>
${kase.claimedBy !== null && html`<span>${text('queue.claimed-by', { name: nameOf(desk, view, kase.claimedBy) })}</span>`}</p>
${kase.reasons.length > 0 && html`<section class="why"><h2>${text('case.why')}</h2>${reasonList(desk, lang, kase)}</section>`}
<div class="panes">
<div class="pane-talk">
${talk(desk, view)}
</div>
<div class="pane-facts">
${answers(desk, view)}
${phoneBox(desk, view)}
${notes(desk, view)}
${actForms(desk, view)}
${history(desk, view)}
</div>
</div>`;
  return page(desk, { lang, title: kase.ref, account, at: 'queue', body });
}

function answers(desk: Desk, { whole, account }: View): Safe {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { case: kase, content } = whole;
  if (content === null) return html`<section><h2>${text('case.answers')}</h2><p class="empty">${text('case.purged')}</p></section>`;
  const given = Object.entries(shownAnswers(content.answers));
  if (given.length === 0) return html``;
  const others = kase.kind === 'return' && content.answers['travellers'] !== 'one';
  const theirs = desk.languages.includes(kase.language) && kase.language !== lang ? kase.language : null;
  const cell = (language: string, item: string, value: (typeof given)[number][1]) => {
    const words = answerWords(desk, language, item, value);
    return html`<td lang="${language}" dir="${desk.direction(language)}"><span class="question">${words.title}</span>
${words.value === null ? html`<b class="skipped">${desk.text(language, 'case.skipped')}</b>` : html`<b>${words.value}</b>`}</td>`;
  };
  return html`<section><h2>${text('case.answers')}</h2>
${content.reason && html`<p class="ask-first">${text(`reason.${content.reason}`)}</p>`}
${others && html`<p class="hint">${text('case.each-adult')}</p>`}
<table class="answers"><thead><tr><th scope="col">${languageName(lang, lang)}</th>${theirs !== null && html`<th scope="col">${text('case.as-shown', { language: languageName(lang, theirs) })}</th>`}</tr></thead>
<tbody>${given.map(([item, value]) => html`<tr>${cell(lang, item, value)}${theirs !== null && cell(theirs, item, value)}</tr>`)}</tbody></table>
${content.followups.map(
  ({ answers: later, at }) => html`<h3>${text('case.followup', { time: moment(lang, at) })}</h3>
<table class="answers"><tbody>${Object.entries(later).map(([item, value]) => html`<tr>${cell(lang, item, value)}</tr>`)}</tbody></table>`,
)}
</section>`;
}

function phoneBox(desk: Desk, view: View): Safe | false {
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

function notes(desk: Desk, view: View): Safe {
  const { whole, account, draft } = view;
  const lang = languageOf(desk, account);
  const text = (key: string) => desk.text(lang, key);
  return html`<section id="notes"><h2>${text('notes.title')}</h2><p class="hint">${text('notes.inside')}</p>
<ul class="notes">${whole.notes.map(
    (note) => html`<li><p class="meta"><bdi>${nameOf(desk, view, note.author)}</bdi> · <time>${moment(lang, note.at)}</time></p>
<p class="words" dir="auto">${note.text === null ? text('case.purged') : html`<bdi>${note.text}</bdi>`}</p></li>`,
  )}</ul>
${
  whole.case.closedAt === null &&
  html`<form method="post" action="/desk/cases/${whole.case.id}/note" class="stack"><input type="hidden" name="once" value="${desk.newId()}">
<label>${text('notes.add')} <textarea name="text" rows="2" maxlength="4096" required dir="auto">${draft?.form === 'note' && draft.text}</textarea></label>
<button>${text('notes.save')}</button></form>`
}</section>`;
}

/** Details of history lines that have words of their own. */
const details: Record<string, string> = {
  'case.closed': 'close-reason',
  'message.failed': 'failed',
  'phone.revealed': 'reveal',
  'consent.answered': 'answered',
};

function history(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  return html`<section><details><summary>${text('history.title')}</summary><ol class="history">
${view.whole.history.map((row) => {
  const detail = details[row.action];
  return html`<li><time>${moment(lang, row.at)}</time> <bdi>${nameOf(desk, view, row.actor)}</bdi>: ${actionWords(desk, lang, row.action)}${detail !== undefined && html` (${text(`${detail}.${slug(row.detail)}`)})`}</li>`;
})}
</ol></details></section>`;
}
