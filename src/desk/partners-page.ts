// Links for organisations that pass the bot on: make one, take it back, and what they may know of it: how
// often the page was opened, in which languages, and nothing after that (R21).
import type { Request, Response } from 'express';
import { z } from 'zod';
import { html, type Safe, write } from '../http/html.ts';
import { newCode, signed } from '../link/code.ts';
import { appendAudit } from '../store/audit.ts';
import { addPartner, listPartners, openingsOf, type Partner, revokePartner } from '../store/partners.ts';
import type { Account } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { alert, page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { fewest, suppress } from './suppress.ts';
import { languageName } from './words.ts';

const dayMs = 86_400_000;

const wanted = z.object({
  name: z.string().trim().min(2).max(80),
  days: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_825)
    .optional()
    .or(z.literal('').transform(() => undefined)),
});

type Opened = { language: string; times: number }[];

export async function showPartners(desk: Desk, response: Response, account: Account, status = 200, problems: string[] = []): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const partners = await listPartners(desk.keep);
  const openings = await openingsOf(desk.keep);
  const body = html`<h1>${text('partners.title')}</h1>
<p class="hint">${text('partners.what')}</p>
${alert(problems)}
${partners.length === 0 ? html`<p>${text('partners.none')}</p>` : html`<ul class="people">${partners.map((one) => row(desk, lang, one, openings.get(one.code) ?? []))}</ul>`}
<section><h2>${text('partners.add')}</h2>
<form method="post" action="/desk/partners" class="stack">
<label for="name">${text('partners.name')}</label><input id="name" name="name" required minlength="2" maxlength="80" autocomplete="off" dir="auto">
<label for="days">${text('partners.days')}</label><input id="days" name="days" type="number" min="1" max="1825" inputmode="numeric">
<button class="main">${text('partners.make')}</button></form></section>`;
  send(response, status, page(desk, { lang, title: text('partners.title'), account, at: 'partners', body }));
}

function row(desk: Desk, lang: string, partner: Partner, opened: Opened): Safe {
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const now = desk.now().getTime();
  const over = partner.revokedAt !== null ? 'revoked' : partner.expiresAt !== null && partner.expiresAt <= now ? 'expired' : null;
  const url = `${desk.publicUrl}/go/${signed(desk.index, partner.code)}`;
  return html`<li class="partner"><p><b><bdi>${partner.name}</bdi></b>${over !== null && html` <span class="status">${text(`partners.${over}`)}</span>`}</p>
<p class="hint">${openedWords(desk, lang, opened)}</p>
${
  over === null &&
  html`<p><a href="${url}"><bdi dir="ltr">${url}</bdi></a></p>
<p><a href="${url}/poster">${text('partners.poster')}</a> <a href="${url}/qr.svg">SVG</a> <a href="${url}/qr.png">PNG</a></p>
<details><summary>${text('partners.button')}</summary><p class="hint">${text('partners.button-how')}</p>
${desk.languages.map(
  (one) =>
    html`<label>${languageName(lang, one)}<textarea readonly rows="4" dir="ltr" lang="${one}">${button(desk, one, url)}</textarea></label>`,
)}</details>
<form method="post" action="/desk/partners/${partner.code}/revoke"><button class="quiet" aria-label="${text('partners.revoke-name', { name: partner.name })}">${text('partners.revoke')}</button></form>`
}</li>`;
}

/** The sum, and the languages that were asked for often enough to point at nobody, also with the sum beside them. */
function openedWords(desk: Desk, lang: string, opened: Opened): string {
  const all = opened.reduce((sum, one) => sum + one.times, 0);
  if (all < fewest) return desk.text(lang, 'partners.opened-few');
  const shown = suppress(opened.map(({ language, times }) => ({ code: language, count: times })));
  const languages = shown.flatMap(({ code, count }) => (count === null ? [] : [`${languageName(lang, code)} ${count}`])).join(', ');
  const sum = desk.text(lang, 'partners.opened', { count: String(all) });
  return languages === '' ? sum : `${sum} (${languages})`;
}

/** To be copied into a page: a plain link without a script, that opens a tab of its own. */
function button(desk: Desk, lang: string, url: string): string {
  return write(
    html`<a href="${url}?in=${lang}" target="_blank" rel="noopener noreferrer" lang="${lang}" dir="${desk.direction(lang)}">${desk.linkText(lang, 'button')}</a>`,
  );
}

export async function addLink(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const given = wanted.safeParse(request.body ?? {});
  if (!given.success) return showPartners(desk, response, account, 422, [desk.text(languageOf(desk, account), 'partners.bad')]);
  const now = desk.now().getTime();
  const { name, days } = given.data;
  const code = newCode(desk.newId());
  await transact(desk.keep, async (tx) => {
    await addPartner(tx, code, name, account.id, days === undefined ? null : now + days * dayMs, now);
    await appendAudit(tx, desk.auditKey, { actor: account.id, action: 'link.made', subject: code, detail: '' }, now);
  });
  response.redirect(303, '/desk/partners');
}

export async function revokeLink(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const code = String(request.params['code']);
  const now = desk.now().getTime();
  await transact(desk.keep, async (tx) => {
    if (await revokePartner(tx, code, now))
      await appendAudit(tx, desk.auditKey, { actor: account.id, action: 'link.revoked', subject: code, detail: '' }, now);
  });
  response.redirect(303, '/desk/partners');
}
