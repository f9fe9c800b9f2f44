// Places where one can go: where, when, in which languages, and how to get there in words, each with the
// day it was checked. Made to be printed too. What nobody has checked is said to be so.
import { html, type Safe } from '../http/html.ts';
import { frame, languageLinks } from './frame.ts';
import { type Links, type Point, type Words, wordsIn } from './words.ts';

/** `country`: of the places shown; null lists the countries. */
export function pointsPage(links: Links, lang: string, country: string | null): Safe {
  const words = wordsIn(links, lang);
  const { text } = words;
  const countries = links.countries(lang);
  const name = country === null ? undefined : countries.get(country);
  const title = name === undefined ? text('points.title') : text('points.in', { country: name });
  const body = html`${languageLinks(links, words)}
<main class="points"><h1>${title}</h1>
${country === null || name === undefined ? countryList(countries, lang, text('points.none')) : places(links, words, country)}
<p class="soft">${text('points.care')}</p></main>`;
  return frame(words, title, 'link.css', body);
}

const countryList = (countries: Map<string, string>, lang: string, none: string): Safe =>
  countries.size === 0
    ? html`<p>${none}</p>`
    : html`<ul>${[...countries].map(([code, name]) => html`<li><a href="/points/${code}?in=${lang}">${name}</a></li>`)}</ul>`;

function places(links: Links, words: Words, country: string): Safe {
  const { lang, text } = words;
  const points = links.points(country, lang);
  const contacts = links.contacts(country, lang).split('\n');
  return html`${points.length === 0 ? html`<p>${text('points.none')}</p>` : points.map((point) => place(point, words))}
<h2>${text('points.others')}</h2>
<ul class="plain">${contacts.map((line) => html`<li>${line.replace(/^• /, '')}</li>`)}</ul>`;
}

const place = (point: Point, { lang, text }: Words): Safe => html`<section><h2><bdi>${point.name}</bdi></h2>
<dl><dt>${text('points.where')}</dt><dd><bdi>${point.where}</bdi></dd>
<dt>${text('points.hours')}</dt><dd><bdi>${point.hours}</bdi></dd>
<dt>${text('points.languages')}</dt><dd>${new Intl.ListFormat(lang).format(point.languages)}</dd>
<dt>${text('points.how')}</dt><dd>${point.how}</dd></dl>
<p class="soft">${point.checkedOn === null ? text('points.unchecked') : text('points.checked', { date: point.checkedOn })}</p></section>`;
