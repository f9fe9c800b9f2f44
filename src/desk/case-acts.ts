// What can be done with a request besides writing: another level, an appointment, another pair of hands,
// back to the queue, closing.
import { type Case, closeReasons, isOpen, levelOf, levelReasons, levels } from '../case/case.ts';
import { works } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import { may } from './access.ts';
import { confirmTicks } from './case-agree.ts';
import { referForm, referralBox } from './case-refer.ts';
import { holds, ticked, typed, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { actorOf, languageOf } from './session.ts';
import { dates, languageName, moment } from './words.ts';

export function actForms(desk: Desk, view: View): Safe | false {
  const { whole, account } = view;
  const { case: kase } = whole;
  const text = (key: string) => desk.text(languageOf(desk, account), key);
  // What is closed can still be erased before its time.
  const gone =
    kase.status !== 'erased' &&
    may(account.roles, 'erase') &&
    html`<p><a href="/desk/cases/${kase.id}/erase">${text('erase.title')}</a></p>`;
  if (!isOpen(kase.status)) return gone && html`<section class="acts">${gone}</section>`;
  const mine = holds(kase, account);
  const supervisor = account.roles.includes('supervisor');
  const action = (verb: string) => `/desk/cases/${kase.id}/${verb}`;
  const held = kase.status === 'claimed' || kase.status === 'waiting_us' || kase.status === 'waiting_person';
  return html`<section class="acts"><h2>${text('act.title')}</h2>
${referralBox(desk, view)}
${mine && held && appointForm(desk, view)}
${mine && kase.status === 'appointment' && html`<form method="post" action="${action('missed')}"><button>${text('act.missed')}</button></form>`}
${levelForm(desk, view)}
${(mine || supervisor) && kase.status !== 'transferred' && html`${assignForm(desk, view)}${referForm(desk, view)}`}
${
  (mine || supervisor) &&
  held &&
  html`<form method="post" action="${action('release')}"><button>${text('act.release')}</button> <span class="hint">${text('act.release-means')}</span></form>`
}
${(mine || supervisor || kase.claimedBy === null) && closeForm(desk, view)}
${gone}
</section>`;
}

/** When and where, as it was told to the person. */
export function appointmentLine(desk: Desk, { whole, account }: View): Safe | false {
  const lang = languageOf(desk, account);
  const planned = whole.content?.appointment;
  if (planned === undefined || whole.case.status !== 'appointment') return false;
  return html`<p class="done"><b>${desk.text(lang, 'appoint.planned', { when: meetingTime(lang, planned.date, planned.time) })}</b> <bdi>${planned.place}</bdi></p>`;
}

const meetings = dates({
  ...{ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  ...{ hourCycle: 'h23', timeZone: 'UTC' },
});

/** Day and time in the words of a language. No time zone: it is the clock on the wall where they meet. */
export function meetingTime(lang: string, date: string, time: string): string {
  return meetings(lang).format(Date.parse(`${date}T${time}Z`));
}

function appointForm(desk: Desk, view: View): Safe {
  const { case: kase, content } = view.whole;
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const field = (name: string) => typed(view, 'appoint', name) ?? '';
  const wish = (value: string) => ticked(view, 'appoint', 'wishes').includes(value) && html` checked`;
  const known = content?.confirmed;
  return html`<details id="appoint"${view.draft?.form === 'appoint' && html` open`}><summary>${text('appoint.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/appoint" class="stack">
${kase.kind === 'return' && (known === undefined ? confirmTicks(desk, view, 'appoint') : html`<p class="done">${text('confirm.at', { time: moment(lang, known.at) })}</p>`)}
<fieldset><legend>${text('appoint.message', { language: languageName(lang, kase.language) })}</legend>
<div class="pair"><label>${text('appoint.date')} <input type="date" name="date" value="${field('date')}"></label>
<label>${text('appoint.time')} <input type="time" name="time" value="${field('time')}"></label></div>
<label>${text('appoint.place')} <input name="place" maxlength="200" value="${field('place')}" dir="auto"></label>
<p class="hint">${text('appoint.empty')}</p></fieldset>
<fieldset><legend>${text('appoint.wishes')}</legend>
<label class="tick"><input type="radio" name="wishes" value="kept" required${wish('kept')}> <span>${text('appoint.kept')}</span></label>
<label class="tick"><input type="radio" name="wishes" value="not-kept"${wish('not-kept')}> <span>${text('appoint.not-kept')}</span></label></fieldset>
<label>${text('appoint.note')} <textarea name="text" rows="2" maxlength="4096" dir="auto">${field('text')}</textarea></label>
<button>${text('appoint.go')}</button></form></details>`;
}

function levelForm(desk: Desk, view: View): Safe {
  const { case: kase } = view.whole;
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  const now = levelOf(kase);
  return html`<details id="level"${view.draft?.form === 'level' && html` open`}><summary>${text('level-set.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/level" class="stack"><p class="hint">${text('level-set.means')}</p>
<fieldset><legend>${text('level-set.level')}</legend>${levels.map((level) => html`<label class="tick"><input type="radio" name="level" value="${level}" required${level === now && html` checked`}> <span>${text(`level.${level}`)}</span></label>`)}
${kase.override !== null && html`<label class="tick"><input type="radio" name="level" value="rules"> <span>${text('level-set.rules')}</span></label>`}</fieldset>
<label>${text('level-set.why')} <select name="reason" required><option value="">${text('act.choose')}</option>
${levelReasons.map((why) => html`<option value="${why}">${text(`level-reason.${why}`)}</option>`)}</select></label>
<button>${text('level-set.go')}</button></form></details>`;
}

/** Who could take it: everybody who may work on it and does not hold it. */
const others = (view: View, kase: Case) =>
  view.whole.accounts.filter((one) => !one.disabled && one.id !== kase.claimedBy && works(actorOf(one), kase));

function assignForm(desk: Desk, view: View): Safe | false {
  const { case: kase } = view.whole;
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  const colleagues = others(view, kase);
  if (colleagues.length === 0) return false;
  return html`<details id="assign"><summary>${text('assign.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/assign" class="stack">
<label>${text('assign.to')} <select name="to" required><option value="">${text('act.choose')}</option>
${colleagues.map((one) => html`<option value="${one.id}">${one.name}</option>`)}</select></label>
<button>${text('assign.go')}</button></form></details>`;
}

function closeForm(desk: Desk, view: View): Safe {
  const { case: kase } = view.whole;
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  return html`<details id="close"${view.draft?.form === 'close' && html` open`}><summary>${text('close.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/close" class="stack">
<p class="hint">${text(desk.retention.closed === 0 ? 'close.means' : 'close.means-later')}</p>
<fieldset><legend>${text('close.reason')}</legend>
${closeReasons.map((reason) => html`<label class="tick"><input type="radio" name="reason" value="${reason}" required> <span>${text(`close-reason.${reason}`)}</span></label>`)}
</fieldset>
<button>${text('close.go')}</button></form></details>`;
}
