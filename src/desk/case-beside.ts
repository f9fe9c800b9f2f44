// What stands beside the reply box: what the person agreed to, until when one may write, and what they
// wished or told us. A caseworker should not be able to write without seeing all of it.
import { standingWith } from '../case/agree.ts';
import { isOpen } from '../case/case.ts';
import { heardItems, latest, othersRead, wishes } from '../case/heard.ts';
import { endOf } from '../case/retain.ts';
import type { Known, Value } from '../flow/session.ts';
import { html, type Safe } from '../http/html.ts';
import { contactFrom } from '../store/transcript.ts';
import { holds, nameOf, ticked, type View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';
import { answerWords, dayOf, languageName, moment } from './words.ts';

export function consentBox(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { content, case: kase, messages } = view.whole;
  if (content === null || !isOpen(kase.status))
    return html`<div class="box consent"><h3>${text('consent.title')}</h3><p>${text('consent.none')}</p></div>`;
  const { consent, former } = content;
  const covers = consent.covers.map((item) => (item.endsWith('/*') ? text('consent.gate') : answerWords(desk, lang, item, null).title));
  const end = endOf(kase, contactFrom(messages), desk.retention, desk.now().getTime());
  const partners = new Map(
    [...(content.asked ?? []), ...content.shares].map((one) => [one.organisation, 'name' in one ? one.name : one.organisation]),
  );
  for (const { organisation, name } of content.asked ?? []) partners.set(organisation, name);
  return html`<div class="box consent"><h3>${text('consent.title')}</h3>
<p><b>${text(consent.field === 'assent' ? 'consent.assent' : `consent.kind.${consent.kind}`)}</b></p>
<p class="hint">${text(former === undefined ? 'consent.read-in' : 'consent.read-with', {
    language: languageName(lang, consent.language),
    time: moment(lang, Date.parse(consent.at)),
    version: String(consent.version),
    name: former === undefined ? '' : nameOf(desk, view, former.by),
  })}</p>
${end !== null && html`<p>${text('consent.until', { day: dayOf(lang, end) })}</p>`}
${partners.size === 0 ? html`<p>${text('consent.share-nobody')}</p>` : html`<ul>${[...partners].map(([id, organisation]) => html`<li>${text(`consent.share-${standingWith(content, id)}`, { organisation })}</li>`)}</ul>`}
${content.embassy !== undefined && html`<p>${text('consent.embassy', { date: content.embassy.date })} <bdi>${content.embassy.kept}</bdi></p>`}
${covers.length > 0 && html`<details id="covers"><summary>${text('consent.covers')}</summary><p>${covers.join(' · ')}</p><p class="hint">${text('consent.hash', { hash: consent.hash })}</p></details>`}
</div>`;
}

/** An item in words; what only a caseworker asks has its words in the console. */
function itemWords(desk: Desk, lang: string, item: string, value: Value): { title: string; value: string | null } {
  if (item !== othersRead) return answerWords(desk, lang, item, value);
  return { title: desk.text(lang, 'heard.others-read'), value: value === null ? null : desk.text(lang, `heard.${String(value)}`) };
}

export function wishBox(desk: Desk, view: View): Safe {
  const lang = languageOf(desk, view.account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const { content, case: kase } = view.whole;
  if (content === null) return html`<div class="box wishes"><h3>${text('wishes.title')}</h3><p>${text('case.purged')}</p></div>`;
  const { heard } = content;
  const items = [
    othersRead,
    ...wishes,
    ...Object.keys(heard?.answers ?? {}).filter((item) => item !== othersRead && !wishes.some((one) => one === item)),
  ];
  const nothing = kase.kind !== 'return' && heard === undefined;
  return html`<div class="box wishes"><h3>${text('wishes.title')}</h3>
${
  nothing
    ? html`<p>${text('wishes.unknown')}</p>`
    : html`<dl>${items.map((item) => {
        const words = itemWords(desk, lang, item, latest(content, item));
        const told = heard?.answers[item] !== undefined;
        return html`<dt>${words.title}</dt><dd>${words.value ?? html`<b class="skipped">${text('case.skipped')}</b>`}${told && html` <span class="hint">${text('heard.told')}</span>`}</dd>`;
      })}</dl>`
}
${heard !== undefined && html`<p class="hint">${text('heard.by', { name: nameOf(desk, view, heard.by), time: moment(lang, heard.at) })}</p>`}
${holds(kase, view.account) && isOpen(kase.status) && heardForm(desk, view)}</div>`;
}

/** Items with several values at once. */
const several = ['needs', 'missing'];

function heardForm(desk: Desk, view: View): Safe {
  const { case: kase, content } = view.whole;
  const lang = languageOf(desk, view.account);
  const text = (key: string) => desk.text(lang, key);
  const again = view.draft?.form === 'heard';
  const codes = (item: string) => (item === othersRead ? ['yes', 'no'] : desk.choices(item));
  const chosen = (item: string): string[] => (again ? ticked(view, 'heard', item) : [content?.heard?.answers[item] ?? []].flat());
  const option = (item: string, code: string) => itemWords(desk, lang, item, code).value ?? code;
  const field = (item: string) =>
    several.includes(item)
      ? html`<fieldset><legend>${itemWords(desk, lang, item, null).title}</legend>${codes(item).map(
          (code) =>
            html`<label class="tick"><input type="checkbox" name="${item}" value="${code}"${chosen(item).includes(code) && html` checked`}> <span>${option(item, code)}</span></label>`,
        )}</fieldset>`
      : html`<label>${itemWords(desk, lang, item, null).title} <select name="${item}"><option value="">${text('heard.not-told')}</option>
${codes(item).map((code) => html`<option value="${code}"${chosen(item).includes(code) && html` selected`}>${option(item, code)}</option>`)}</select></label>`;
  return html`<details id="heard"${again && html` open`}><summary>${text('heard.title')}</summary>
<form method="post" action="/desk/cases/${kase.id}/heard" class="stack"><input type="hidden" name="seen" value="${content?.heard?.at ?? 0}">
${heardItems(kase.kind).map(field)}
<button>${text('heard.save')}</button></form></details>`;
}

/** The fields of that form as answers; null where something is none of its values. */
export function readHeard(desk: Desk, kind: View['whole']['case']['kind'], body: Record<string, unknown>): Known | null {
  const answers: Known = {};
  for (const item of heardItems(kind)) {
    const given = [body[item] ?? []].flat().filter((one) => one !== '');
    const codes = item === othersRead ? ['yes', 'no'] : desk.choices(item);
    const known = given.flatMap((one) => codes.filter((code) => code === one));
    if (known.length !== given.length) return null;
    const [first] = known;
    if (first !== undefined) answers[item] = several.includes(item) ? known : first;
  }
  return answers;
}
