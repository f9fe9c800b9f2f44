// The talk with the person, and beside the reply box what they agreed to and what they wished: a
// caseworker should not be able to write without seeing both.
import { isOpen } from '../case/case.ts';
import { mayWork } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import type { Said } from '../store/transcript.ts';
import { holds, nameOf, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { actorOf, languageOf } from './session.ts';
import { answerWords, languageName, moment, slug } from './words.ts';

/** Wishes that stand beside every reply (R31). */
const wishes = ['reach', 'hours', 'interpreter', 'worker'] as const;

export function talk(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  const { messages } = view.whole;
  return html`<section id="talk"><h2>${text('talk.title')}</h2>
${messages.length === 0 ? html`<p class="empty">${text('talk.nothing')}</p>` : html`<ol class="talk">${messages.map((said) => message(desk, view, said))}</ol>`}
</section>
${replyBox(desk, view)}`;
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

function consentBox(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { content, case: kase } = view.whole;
  if (content === null || !isOpen(kase.status))
    return html`<div class="box consent"><h3>${text('consent.title')}</h3><p>${text('consent.none')}</p></div>`;
  const { consent, shares } = content;
  return html`<div class="box consent"><h3>${text('consent.title')}</h3>
<p><b>${text(consent.field === 'assent' ? 'consent.assent' : `consent.kind.${consent.kind}`)}</b></p>
<p class="hint">${text('consent.read-in', { language: languageName(lang, consent.language), time: moment(lang, Date.parse(consent.at)), version: String(consent.version) })}</p>
${shares.length === 0 ? html`<p>${text('consent.share-nobody')}</p>` : html`<ul>${shares.map((share) => html`<li>${text(share.agreed ? 'consent.share-yes' : 'consent.share-no', { organisation: share.organisation })}</li>`)}</ul>`}
</div>`;
}

function wishBox(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  const { content, case: kase } = view.whole;
  const asked = kase.kind === 'return' && content !== null;
  return html`<div class="box wishes"><h3>${text('wishes.title')}</h3>
${
  asked
    ? html`<dl>${wishes.map((item) => {
        const words = answerWords(desk, lang, item, content.answers[item] ?? null);
        return html`<dt>${words.title}</dt><dd>${words.value ?? html`<b class="skipped">${text('case.skipped')}</b>`}</dd>`;
      })}</dl>`
    : html`<p>${text('wishes.unknown')}</p>`
}</div>`;
}

function replyBox(desk: Desk, view: View): Safe {
  const { whole, account, draft } = view;
  const { case: kase } = whole;
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  if (!isOpen(kase.status)) return html`<p class="box">${text(`ended.${kase.status}`)}</p>`;
  const boxes = html`<div class="beside">${consentBox(desk, view)}${wishBox(desk, view)}</div>`;
  if (holds(kase, account))
    return html`<section class="reply" id="reply"><h2>${text('reply.title')}</h2>
<form method="post" action="/desk/cases/${kase.id}/reply" class="stack"><input type="hidden" name="once" value="${desk.newId()}">
<label>${text('reply.label', { language: languageName(lang, kase.language) })}
<textarea name="text" rows="4" maxlength="4096" required dir="auto" aria-describedby="reply-hint">${draft?.form === 'reply' && draft.text}</textarea></label>
<p class="hint" id="reply-hint">${text('reply.hint')}</p>
<button class="main">${text('reply.send')}</button></form>
${boxes}</section>`;
  const free = kase.status === 'new' && mayWork(actorOf(account), kase.kind);
  return html`<section class="reply" id="reply"><h2>${text('reply.title')}</h2>
${
  free
    ? html`<p>${text('reply.claim-first')}</p><form method="post" action="/desk/cases/${kase.id}/claim"><button class="main">${text('act.claim')}</button></form>`
    : html`<p>${kase.claimedBy === null ? text('reply.not-yours') : text('reply.held', { name: nameOf(desk, view, kase.claimedBy) })}</p>`
}
${boxes}</section>`;
}
