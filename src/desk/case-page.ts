// One request on one page: why it is urgent, what the person said they need, the talk, and what can
// be done now. Everything a person wrote stands isolated, in its own direction.
import { levelOf } from '../case/case.ts';
import { html, type Safe } from '../http/html.ts';
import { turnOf } from '../store/transcript.ts';
import { kindMark, levelMark, overrideWords, reasonList, statusMark } from './badges.ts';
import { actForms, appointmentLine } from './case-acts.ts';
import { agreeForms } from './case-agree.ts';
import { answers, phoneBox, samePerson } from './case-facts.ts';
import { history, notes } from './case-notes.ts';
import { programmeBox } from './case-programme.ts';
import { talk } from './case-talk.ts';
import { nameOf, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { alert, page } from './layout.ts';
import { waitWords } from './queue-row.ts';
import { languageOf } from './session.ts';
import { countryName, languageName, moment, officeName } from './words.ts';

export function casePage(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const { case: kase, content } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const state = [
    kase.status,
    kase.kind,
    kase.claimedBy,
    content === null,
    content?.heard?.at,
    content?.confirmed?.at,
    content?.embassy?.at,
    content?.referral?.taken,
    content?.shares.length,
  ].join('|');
  const body = html`<p class="back"><a href="/desk">${text('case.back')}</a> <button type="button" class="quiet" id="print" hidden>${text('case.print')}</button></p>
<div data-live="head"><div class="case-head">
<h1><bdi>${kase.ref}</bdi></h1> ${levelMark(desk, lang, levelOf(kase))} ${kindMark(desk, lang, kase)} ${statusMark(desk, lang, kase)}
</div>
<p class="facts"><span>${waitWords({ desk, lang }, kase, turnOf(whole.messages))}</span>
<span>${text('case.opened', { time: moment(lang, kase.openedAt) })}</span>
<span>${text('case.writes', { language: languageName(lang, kase.language) })}</span>
${kase.country !== null && html`<span>${text('case.is-in', { country: countryName(lang, kase.country) })}</span>`}
${kase.office !== null && kase.office !== kase.country && html`<span>${text('case.office', { office: officeName(lang, kase.office) })}</span>`}
${whole.partner !== null && html`<span>${text('case.by-link', { partner: whole.partner })}</span>`}
<span>${text('case.by', { channel: text(`channel.${kase.channel}`) })}</span>
${kase.claimedBy !== null && html`<span>${text('queue.claimed-by', { name: nameOf(desk, view, kase.claimedBy) })}</span>`}</p>
${
  (kase.reasons.length > 0 || kase.override !== null) &&
  html`<section class="why"><h2>${text('case.why')}</h2>${reasonList(desk, lang, kase)}${kase.override !== null && html`<p class="override">${overrideWords(desk, lang, kase, (id) => nameOf(desk, view, id))}</p>`}</section>`
}
${appointmentLine(desk, view)}</div>
${alert(view.problems)}
${kase.kind !== 'return' && html`<p class="ask-first">${text('case.ask-first')}</p>`}
<nav class="jump" aria-label="${text('case.parts')}"><ul><li><a href="#reply">${text('reply.title')}</a></li><li><a href="#facts">${text('case.answers')}</a></li><li><a href="#notes">${text('notes.title')}</a></li><li><a href="#next">${text('act.title')}</a></li></ul></nav>
<div class="panes">
<div class="pane-talk">
${talk(desk, view)}
${notes(desk, view)}
</div>
<div class="pane-facts">
<div id="facts" data-live="facts" data-state="${state}">${answers(desk, view)}${phoneBox(desk, view)}${samePerson(desk, view)}${programmeBox(desk, view)}</div>
<div id="next" data-live="acts" data-state="${state}">${agreeForms(desk, view)}${actForms(desk, view)}</div>
${history(desk, view)}
</div>
</div>`;
  return page(desk, { lang, title: kase.ref, account, at: 'queue', live: { seq: whole.seq, about: kase.id }, body });
}
