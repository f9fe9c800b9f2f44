// `/go/CODE`: what somebody sees who followed an NGO's link. Who runs this, that it is their choice, and
// all ways to write to us side by side, none larger or first by rank. Nothing begins by opening it.
import { html, type Safe } from '../http/html.ts';
import { frame, languageLinks } from './frame.ts';
import { type Links, type Words, wordsIn } from './words.ts';

/** `code`: signed and good, or null for the neutral start. `partner`: whose link it is. */
export function goPage(links: Links, lang: string, code: string | null, partner: string | null): Safe {
  const words = wordsIn(links, lang);
  const { text } = words;
  const { about, free } = links.operator(lang);
  const body = html`${languageLinks(links, words)}
<main>
<h1>${text('title')}</h1>
<p>${text('intro')}</p>
<p>${about}${free !== '' && ` ${free}`}</p>
<p>${text('choice')}</p>
<h2 id="ways">${text('ways')}</h2>
${waysList(links, words, code)}
${partner !== null && html`<p class="soft">${text('from', { name: partner })}</p>`}
<p class="soft">${text('real')}</p>
</main>`;
  return frame(words, text('title'), 'link.css', body);
}

function waysList(links: Links, { lang, text }: Words, code: string | null): Safe {
  const ways = links.ways();
  if (ways.length === 0) return html`<p>${text('closed')}</p>`;
  return html`<ul class="ways" aria-labelledby="ways">
${ways.map(({ name, href }) => html`<li><a href="${href(code, lang)}" rel="noreferrer">${text(`way.${name}`)}</a></li>`)}
</ul>`;
}
