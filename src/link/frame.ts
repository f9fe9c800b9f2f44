// The frame around every page of a link: small, without a script, and nothing from elsewhere.
import { asset } from '../http/assets.ts';
import { html, type Safe } from '../http/html.ts';
import type { Links, Words } from './words.ts';

/** `sheet`: for the screen, or for paper with fonts of our own. */
export function frame({ lang, dir }: Words, title: string, sheet: 'link.css' | 'poster.css', body: Safe): Safe {
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="${sheet === 'link.css' ? 'light dark' : 'light'}">
<title>${title}</title>
<link rel="stylesheet" href="${asset(sheet)}">
<link rel="icon" href="${asset('chat.svg')}" type="image/svg+xml">
</head>
<body>
${body}
</body>
</html>`;
}

/** Links to the same page in the other languages, each in its own name. `more`: what else stands in the address. */
export const languageLinks = (links: Links, { lang, text }: Words, more = ''): Safe => html`
<nav class="languages" aria-label="${text('languages')}"><ul>
${links.languages.map(
  (one) =>
    html`<li><a href="?in=${one}${more}" hreflang="${one}" lang="${one}" dir="${links.direction(one)}"${one === lang && html` aria-current="true"`}>${links.languageName(one)}</a></li>`,
)}
</ul></nav>`;
