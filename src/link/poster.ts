// Posters, cards and tear-off strips for a wall: a code that can be read from two centimetres, the bot's
// name in words for whoever cannot scan it, and that it is free and one's own choice. Print or save as PDF.
import { html, type Safe } from '../http/html.ts';
import { frame, languageLinks } from './frame.ts';
import { squares } from './qr.ts';
import { type Links, type Words, wordsIn } from './words.ts';

export const sizes = ['a4', 'a5', 'card', 'strip'] as const;
export type Size = (typeof sizes)[number];

/** How many pieces one sheet holds. */
const cards = 8;
const strips = 8;

/** `url`: where the code leads. */
export function posterPage(links: Links, lang: string, size: Size, url: string): Safe {
  const words = wordsIn(links, lang);
  const { text } = words;
  const code = codeOf(text('scan'), url);
  const piece =
    size === 'card'
      ? html`<ul class="cards">${times(cards, () => html`<li>${card(links, words, code, url)}</li>`)}</ul>`
      : html`<article class="sheet">${whole(links, words, code, url)}${
          size === 'strip' && html`<ul class="strips">${times(strips, () => html`<li>${strip(links, words, code, url)}</li>`)}</ul>`
        }</article>`;
  const body = html`<header class="screen">${languageLinks(links, words, `&size=${size}`)}
<ul class="sizes">${sizes.map(
    (one) => html`<li><a href="?in=${lang}&size=${one}"${one === size && html` aria-current="true"`}>${text(`size.${one}`)}</a></li>`,
  )}</ul>
<p>${text('print')}</p></header>
<main class="${size}">${piece}</main>`;
  return frame(words, text('poster'), 'poster.css', body);
}

const times = (count: number, make: () => Safe): Safe[] => Array.from({ length: count }, make);

function codeOf(label: string, url: string): Safe {
  const { size, path } = squares(url);
  return html`<svg class="code" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path fill="#000" d="${path}"/></svg>`;
}

/** "Free · your choice · we never ask for money": free only where the operator says so. */
function promise(links: Links, { lang, text }: Words): string {
  const free = links.operator(lang).free === '' ? [] : [text('promise.free')];
  return [...free, text('promise.choice'), text('promise.money')].join(' · ');
}

const handles = (links: Links, url: string): Safe[] => [
  ...links.ways().flatMap(({ name, handle }) => (name === 'web' ? [] : [html`<li dir="ltr">${handle}</li>`])),
  html`<li dir="ltr">${url.replace(/^https?:\/\//, '')}</li>`,
];

const whole = (links: Links, words: Words, code: Safe, url: string): Safe => html`<h1>${words.text('title')}</h1>
<p class="lead">${words.text('intro')}</p>
${code}
<ul class="handles">${handles(links, url)}</ul>
<p class="promise">${promise(links, words)}</p>
<p class="about">${links.operator(words.lang).about}</p>`;

const card = (links: Links, words: Words, code: Safe, url: string): Safe => html`${code}<div><p class="name">${words.text('title')}</p>
<ul class="handles">${handles(links, url)}</ul>
<p class="promise">${promise(links, words)}</p></div>`;

const strip = (links: Links, words: Words, code: Safe, url: string): Safe => html`${code}<ul class="handles">${handles(links, url)}</ul>
<p class="promise">${promise(links, words)}</p>`;
