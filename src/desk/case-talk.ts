// The talk with the person and the box to answer in. Where others read the phone only neutral texts can
// be sent, at the time the person chose; where the person chose a call, nothing can (R25).
import { isOpen } from '../case/case.ts';
import { latest, manner } from '../case/heard.ts';
import { works } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import type { Said } from '../store/transcript.ts';
import { type Canned, cannedReplies } from './canned.ts';
import { consentBox, wishBox } from './case-beside.ts';
import { holds, nameOf, ticked, typed, unsent, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { actorOf, languageOf } from './session.ts';
import { answerWords, languageName, moment, slug } from './words.ts';

export function talk(desk: Desk, view: View): Safe {
  const text = (key: string) => desk.text(languageOf(desk, view.account), key);
  const { messages } = view.whole;
  return html`<section id="talk"><h2>${text('talk.title')}</h2><div data-live="talk">
${messages.length === 0 ? html`<p class="empty">${text('talk.nothing')}</p>` : html`<div class="talk-scroll" tabindex="0" role="group" aria-label="${text('talk.title')}"><ol class="talk">${messages.map((said) => message(desk, view, said))}</ol></div>`}
</div></section>
${answerBox(desk, view)}`;
}

function message(desk: Desk, view: View, said: Said): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const who = said.direction === 'in' ? text('talk.person') : nameOf(desk, view, said.author ?? '');
  const state =
    said.direction === 'out' &&
    html` · <span class="state ${said.state}">${text(`state.${said.state}`)}${said.reason !== null && html`: ${text(`failed.${slug(said.reason)}`)}`}</span>`;
  return html`<li class="said ${said.direction}${said.urgent && ' crisis'}">
<p class="meta"><bdi>${who}</bdi> · <time>${moment(lang, said.at)}</time>${state}</p>
${said.urgent && html`<p class="flag">${text('talk.crisis')}</p>`}
<p class="words" dir="auto">${said.text === null ? html`<i>${text('case.purged')}</i>` : html`<bdi>${said.text}</bdi>`}</p>
${said.possibleRepeat && html`<p class="flag">${text('talk.repeat')}</p>`}
</li>`;
}

/** What the box looks like depends on these; a page that is open swaps it only when one of them changed. */
const stateOf = ({ whole: { case: kase, content } }: View): string =>
  [
    isOpen(kase.status) || kase.status,
    kase.kind,
    kase.claimedBy,
    content === null,
    content?.heard?.at,
    content?.shares.length,
    content?.asked?.length,
    content?.embassy?.at,
  ].join('|');

function answerBox(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const { case: kase } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const beside = isOpen(kase.status) && html`<div class="beside">${consentBox(desk, view)}${wishBox(desk, view)}</div>`;
  const inside = !isOpen(kase.status)
    ? html`<p class="box">${text(`ended.${kase.status}`)}</p>`
    : holds(kase, account)
      ? replyForm(desk, view)
      : waiting(desk, view);
  return html`<section class="reply" id="reply" data-live="answer" data-state="${stateOf(view)}"><h2>${text('reply.title')}</h2>
${inside}
${(!isOpen(kase.status) || !holds(kase, account)) && unsent(desk, view, 'reply', 'appoint')}
${beside}</section>`;
}

/** Not theirs to answer, now or at all. */
function waiting(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const text = (key: string, values?: Record<string, string>) => desk.text(languageOf(desk, account), key, values);
  const { case: kase } = whole;
  if (kase.claimedBy !== null && kase.claimedBy !== account.id)
    return html`<p class="box">${text('reply.held', { name: nameOf(desk, view, kase.claimedBy) })}</p>`;
  return works(actorOf(account), kase)
    ? html`<p>${text('reply.claim-first')}</p><form method="post" action="/desk/cases/${kase.id}/claim"><button class="main">${text('act.claim')}</button></form>`
    : html`<p class="box">${text('reply.not-yours')}</p>`;
}

function replyForm(desk: Desk, view: View): Safe {
  const { whole, account } = view;
  const { case: kase, content } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const how = manner(content);
  if (how === 'call') return html`${safeBanner(desk, view)}${unsent(desk, view, 'reply')}`;
  const ready = cannedReplies(
    desk,
    { language: kase.language, reader: lang, name: account.name, ref: kase.ref },
    how === 'neutral' ? 'neutral' : 'all',
  );
  return html`${safeBanner(desk, view)}
<form method="post" action="/desk/cases/${kase.id}/reply" class="stack"><input type="hidden" name="once" value="${desk.newId()}">
${how === 'neutral' ? neutralChoice(desk, view, ready) : freeBox(desk, view, ready)}
<button class="main">${text('reply.send')}</button></form>
${how === 'neutral' && unsent(desk, view, 'reply')}`;
}

function safeBanner(desk: Desk, { whole, account }: View): Safe {
  const { content, case: kase } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const how = manner(content);
  if (how !== 'free') return html`<p class="safe no" id="safe"><b>${text('safe.no')}</b> ${text(`safe.${how}`)}</p>`;
  const told = content !== null && latest(content, 'others-read') === 'no';
  return html`<p class="safe" id="safe"><b>${text('safe.ask')}</b> ${text(told ? 'safe.alone' : 'safe.unknown', { time: moment(lang, content?.heard?.at ?? kase.openedAt) })}</p>`;
}

const meaning = ({ text, meaning: words }: Canned) => text !== words && html`<span class="hint">${words}</span>`;

function freeBox(desk: Desk, view: View, ready: Canned[]): Safe {
  const { case: kase } = view.whole;
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  return html`<label>${text('reply.label', { language: languageName(lang, kase.language) })}
<textarea id="reply-text" name="text" rows="4" maxlength="4096" required dir="auto" aria-describedby="reply-hint">${typed(view, 'reply', 'text')}</textarea></label>
<p class="hint" id="reply-hint">${text('reply.hint')}</p>
${
  ready.length > 0 &&
  html`<details id="ready"><summary>${text('canned.title')}</summary><p class="hint">${text('canned.how')}</p><ul class="ready">${ready.map(
    (one) =>
      html`<li><p lang="${kase.language}" dir="${desk.direction(kase.language)}">${one.text}</p>${meaning(one)} <button class="quiet" name="use" value="${one.id}" formnovalidate>${text('canned.use')}</button></li>`,
  )}</ul></details>`
}`;
}

function neutralChoice(desk: Desk, view: View, ready: Canned[]): Safe {
  const { case: kase, content } = view.whole;
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const hours = content === null ? null : latest(content, 'hours');
  const when =
    hours === null || hours === 'any'
      ? text('safe.any-time')
      : text('safe.at', { hours: answerWords(desk, lang, 'hours', hours).value ?? '' });
  return html`<fieldset><legend>${text('safe.choose')}</legend>${ready.map(
    (
      one,
    ) => html`<label class="tick"><input type="radio" name="text" value="${one.text}" required${typed(view, 'reply', 'text') === one.text && html` checked`}>
<span><span lang="${kase.language}" dir="${desk.direction(kase.language)}">${one.text}</span> ${meaning(one)}</span></label>`,
  )}</fieldset>
<label class="tick"><input type="checkbox" name="now" value="yes" required${ticked(view, 'reply', 'now').length > 0 && html` checked`}> <span>${when}</span></label>`;
}
