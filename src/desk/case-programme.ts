// What the programme file of the country says, for the caseworker alone. It stands folded, in the language of the
// file, with the warning that it is no verdict: nobody is told by this chat or because of it that they may or may not.
import { html, type Safe } from '../http/html.ts';
import type { View } from './case-view.ts';
import type { Desk } from './desk.ts';
import { languageOf } from './session.ts';

export function programmeBox(desk: Desk, { whole, account }: View): Safe | false {
  const lang = languageOf(desk, account);
  const known = whole.case.kind === 'protection' ? [] : desk.programme(whole.case.country);
  if (known.length === 0) return false;
  return html`<section class="box"><details><summary>${desk.text(lang, 'programme.title')}</summary>
<p class="hint">${desk.text(lang, 'programme.hint')}</p>
<dl lang="en" dir="ltr">${known.map(({ name, words }) => html`<dt lang="${lang}" dir="${desk.direction(lang)}">${desk.text(lang, `programme.${name}`)}</dt>${words.map((one) => html`<dd>${one}</dd>`)}`)}</dl></details></section>`;
}
