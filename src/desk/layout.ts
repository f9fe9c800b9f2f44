// The frame around every page of the desk: where you are, who you are, the way out.
import type { Request, Response } from 'express';
import { asset } from '../http/assets.ts';
import { html, type Safe, write } from '../http/html.ts';
import { type ProblemCode, statusOf } from '../http/problem.ts';
import type { Account } from '../store/people.ts';
import { may } from './access.ts';
import type { Desk } from './desk.ts';
import { guestLanguage } from './session.ts';
import { slug } from './words.ts';

type Place = 'queue' | 'people' | 'partners' | 'channels' | 'endpoints' | 'statistics' | 'log';
export type Frame = {
  lang: string;
  title: string;
  account: Account | null;
  at?: Place;
  /** Kept up to date by itself: since which change, and about which request or the queue. */
  live?: { seq: number; about: string };
  body: Safe;
};

/** Keys and what they do; the script in `desk.js` acts on the same ones. */
const shortcuts = ['?', '/', 'j', 'k', 'c', 'r', 'n', 'q'] as const;
const keyNames: Record<(typeof shortcuts)[number], string> = {
  ...{ '?': 'help', '/': 'find', j: 'next', k: 'before', c: 'claim', r: 'reply', n: 'note', q: 'queue' },
};

/** What only a script can do; the page is whole without it. */
function scripted(desk: Desk, lang: string): Safe {
  const text = (key: string) => desk.text(lang, key);
  return html`<p id="news" class="news" role="status" data-one="${text('live.one')}" data-off="${text('live.off')}"></p>
<footer class="foot" hidden><button type="button" class="quiet" id="keys-open">${text('keys.open')}</button></footer>
<dialog id="keys" aria-labelledby="keys-title"><h2 id="keys-title">${text('keys.title')}</h2>
<dl class="keys">${shortcuts.map((key) => html`<dt><kbd>${key}</kbd></dt><dd>${text(`keys.${keyNames[key]}`)}</dd>`)}</dl>
<label class="tick"><input type="checkbox" id="keys-on" checked> <span>${text('keys.on')}</span></label>
<form method="dialog"><button>${text('keys.close')}</button></form></dialog>`;
}

export function page(desk: Desk, { lang, title, account, at, live, body }: Frame): Safe {
  const text = (key: string) => desk.text(lang, key);
  const entry = (name: Place, href: string) =>
    html`<li><a href="${href}"${at === name && html` aria-current="page"`}>${text(`nav.${name}`)}</a></li>`;
  const queue = account !== null && may(account.roles, 'case');
  return html`<!doctype html>
<html lang="${lang}" dir="${desk.direction(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} · ${text('title')}</title>
<link rel="stylesheet" href="${asset('desk.css')}">
<link rel="icon" href="${asset('desk.svg')}" type="image/svg+xml">
${queue && html`<script src="${asset('desk.js')}" defer></script>`}
</head>
<body${live !== undefined && html` data-seq="${live.seq}" data-about="${live.about}"`}>
<a class="skip" href="#main">${text('nav.skip')}</a>
<header>${desk.mode === 'demo' && html`<p class="demo">${text('demo')}</p>`}
<div class="top">
<p class="brand">${text('title')}</p>
${
  account !== null &&
  html`<nav aria-label="${text('nav.label')}"><ul>
${queue && entry('queue', '/desk')}
${may(account.roles, 'people') && entry('people', '/desk/people')}
${may(account.roles, 'partners') && entry('partners', '/desk/partners')}
${may(account.roles, 'channels') && entry('channels', '/desk/channels')}
${may(account.roles, 'endpoints') && entry('endpoints', '/desk/endpoints')}
${may(account.roles, 'statistics') && entry('statistics', '/desk/statistics')}
${may(account.roles, 'log') && entry('log', '/desk/log')}
</ul></nav>
<form class="who" method="post" action="/desk/sign-out"><a href="/desk/me"><bdi>${account.name}</bdi></a> <button class="quiet">${text('nav.sign-out')}</button></form>`
}
</div></header>
<main id="main" tabindex="-1">
${body}
</main>
${queue && scripted(desk, lang)}
</body>
</html>`;
}

/** Sends a page that no cache may keep. */
export function send(response: Response, status: number, markup: Safe): void {
  response.status(status).set('Cache-Control', 'no-store').type('html').send(write(markup));
}

/** What stands at the top of a page when something did not work. */
export const alert = (lines: readonly string[]): Safe | false =>
  lines.length > 0 && html`<div class="alert" role="alert">${lines.map((line) => html`<p>${line}</p>`)}</div>`;

function errorPage(desk: Desk, lang: string, account: Account | null, code: ProblemCode, id: string | null): Safe {
  const title = desk.text(lang, `error.${code === 'not_found' || code === 'forbidden' || code === 'too_many' ? slug(code) : 'other'}`);
  const body = html`<h1>${title}</h1>
${id !== null && html`<p>${desk.text(lang, 'error.report', { id })}</p>`}
<p><a href="/desk">${desk.text(lang, 'error.back')}</a></p>`;
  return page(desk, { lang, title, account, body });
}

/** An error page for a guest, to be given to `makeApp`. */
export const makeErrorPage = (desk: Desk) => (code: ProblemCode, id: string | null, request: Request) =>
  errorPage(desk, guestLanguage(desk, request), null, code, id);

export function sendError(desk: Desk, response: Response, lang: string, account: Account | null, code: ProblemCode): void {
  // Somebody who is signed in came to what is not theirs.
  if (account !== null && (code === 'not_found' || code === 'forbidden'))
    desk.log.warn('desk.refused', { status: statusOf(code), who: account.id });
  send(response, statusOf(code), errorPage(desk, lang, account, code, null));
}
