// What can be done with a request besides writing: agree on an appointment, give it back, close it.
import { closeReasons, isOpen } from '../case/case.ts';
import { confirmations } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import { holds, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';

export function actForms(desk: Desk, view: View): Safe | false {
  const { whole, account, draft } = view;
  const { case: kase } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string) => desk.text(lang, key);
  if (!isOpen(kase.status)) return false;
  const mine = holds(kase, account);
  const supervisor = account.roles.includes('supervisor');
  const action = (verb: string) => `/desk/cases/${kase.id}/${verb}`;
  const mayEnd = mine || supervisor || kase.claimedBy === null;
  const held = kase.status === 'claimed' || kase.status === 'waiting_us' || kase.status === 'waiting_person';
  return html`<section class="acts"><h2>${text('act.title')}</h2>
${
  mine &&
  held &&
  html`<details${draft?.form === 'appoint' && html` open`}><summary>${text('appoint.title')}</summary>
<form method="post" action="${action('appoint')}" class="stack">
${
  kase.kind === 'return' &&
  html`<fieldset><legend>${text('appoint.confirm')}</legend>${confirmations.map(
    (one) =>
      html`<label class="tick"><input type="checkbox" name="confirmed" value="${one}"> <span>${text(`appoint.${one}`)}</span></label>`,
  )}</fieldset>`
}
<fieldset><legend>${text('appoint.wishes')}</legend>
<label class="tick"><input type="radio" name="wishes" value="kept" required> <span>${text('appoint.kept')}</span></label>
<label class="tick"><input type="radio" name="wishes" value="not-kept"> <span>${text('appoint.not-kept')}</span></label></fieldset>
<label>${text('appoint.note')} <textarea name="text" rows="2" maxlength="4096" dir="auto">${draft?.form === 'appoint' && draft.text}</textarea></label>
<button>${text('appoint.go')}</button></form></details>`
}
${
  mine &&
  kase.status === 'appointment' &&
  html`<form method="post" action="${action('missed')}"><button>${text('act.missed')}</button></form>`
}
${
  (mine || supervisor) &&
  held &&
  html`<form method="post" action="${action('release')}"><button>${text('act.release')}</button> <span class="hint">${text('act.release-means')}</span></form>`
}
${
  mayEnd &&
  html`<details><summary>${text('close.title')}</summary>
<form method="post" action="${action('close')}" class="stack">
<p class="hint">${text(desk.closedDays === 0 ? 'close.means' : 'close.means-later')}</p>
<fieldset><legend>${text('close.reason')}</legend>
${closeReasons.map((reason) => html`<label class="tick"><input type="radio" name="reason" value="${reason}" required> <span>${text(`close-reason.${reason}`)}</span></label>`)}
</fieldset>
<button>${text('close.go')}</button></form></details>`
}
</section>`;
}
