// One's own account: where one is signed in, the second factor, notices by e-mail. Nobody else sees or changes it; what
// an administrator can do for somebody who lost their telephone is on the page of accounts.
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { html, type Safe } from '../http/html.ts';
import { squares } from '../link/qr.ts';
import { appendAudit } from '../store/audit.ts';
import { accountSeal, confirmFactor, dropFactor, hasFactor, offerFactor, secretOf } from '../store/factor.ts';
import type { Tx } from '../store/keep.ts';
import { mailOf, setMail } from '../store/notices.ts';
import { type Account, endSessions, listSessions } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { codeField, proofFields, proofLacking } from './door.ts';
import { alert, page, send } from './layout.ts';
import { languageOf, readToken } from './session.ts';
import { address, base32, secretBytes, stepOf } from './totp.ts';
import { moment } from './words.ts';

type Shown = { status?: number; problems?: string[]; offered?: Buffer };

export async function showMe(desk: Desk, request: Request, response: Response, account: Account, shown: Shown = {}): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const sessions = await listSessions(desk.keep, account.id, readToken(desk, request) ?? '', desk.now().getTime());
  const on = await hasFactor(desk.keep, account.id);
  const proof = await proofFields(desk, request, account, lang);
  const button = (path: string, key: string) =>
    html`<form method="post" action="/desk/me/${path}" class="stack">${proof}<button>${text(key)}</button></form>`;
  const body = html`<div class="narrow"><h1>${text('me.title')}</h1>
${alert(shown.problems ?? [])}
<p><bdi>${account.name}</bdi> <bdi class="hint">${account.login}</bdi></p>
<section><h2>${text('me.sessions')}</h2>
<ul class="people">${sessions.map(
    ({ handle, since, seenAt, here }) => html`<li class="person"><p>${text('me.since', { time: moment(lang, since) })}</p>
<p class="hint">${here ? text('me.here') : text('me.seen', { time: moment(lang, seenAt) })}</p>
${!here && html`<form method="post" action="/desk/me/sessions/${handle}"><button class="quiet" aria-label="${text('me.end-since', { time: moment(lang, since) })}">${text('me.end')}</button></form>`}</li>`,
  )}</ul>
<form method="post" action="/desk/me/sessions"><button>${text('me.end-others')}</button></form></section>
<section id="code"><h2>${text('me.code')}</h2>
${
  shown.offered !== undefined
    ? offer(shown.offered, account, text)
    : html`<p>${text(on ? 'me.code-on' : 'me.code-off')}</p>${on ? button('code/drop', 'me.code-drop') : button('code/new', 'me.code-new')}`
}</section>
${desk.mails === true && (await noticesForm(desk, account, lang))}</div>`;
  send(response, shown.status ?? 200, page(desk, { lang, title: text('me.title'), account, body }));
}

function offer(secret: Buffer, account: Account, text: (key: string) => string): Safe {
  const { size, path } = squares(address(secret, account.login, 'avr-bot'), 'L');
  return html`<ol><li>${text('me.scan')}
<svg class="code" role="img" aria-label="${text('me.scan-label')}" viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>
<p>${text('me.by-hand')} <bdi dir="ltr" class="phone">${base32(secret).replace(/(.{4})(?=.)/g, '$1 ')}</bdi></p></li>
<li><form method="post" action="/desk/me/code/confirm" class="stack">${codeField(text('me.code-now'))}<button class="main">${text('me.code-confirm')}</button></form></li></ol>
<p class="hint">${text('me.code-lost')}</p>`;
}

async function noticesForm(desk: Desk, account: Account, lang: string): Promise<Safe> {
  const text = (key: string) => desk.text(lang, key);
  const { mail, wished } = await mailOf(desk.keep, await accountSeal(desk.keep, desk.seal), account.id);
  return html`<section><h2>${text('notices.title')}</h2><p>${text('notices.means')}</p>
<form method="post" action="/desk/me/notices" class="stack"><label>${text('notices.mail')} <input name="mail" type="email" value="${mail}" maxlength="200" autocomplete="email" dir="ltr"></label>
<label class="tick"><input type="checkbox" name="wished" value="yes"${wished && html` checked`}> <span>${text('notices.wished')}</span></label>
<button>${text('notices.save')}</button></form></section>`;
}

const mailAddress = z.union([z.literal(''), z.email().max(200)]);

/** Where notices go, and whether. */
export async function setNotices(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const given = mailAddress.safeParse(String(request.body?.mail ?? '').trim());
  if (!given.success) return refuse(desk, request, response, account, 'notices.wrong', 422);
  const own = await accountSeal(desk.keep, desk.seal);
  await audited(desk, account, 'notices.set', async (tx) => {
    await setMail(tx, own, account.id, given.data, request.body?.wished === 'yes');
    return true;
  });
  response.redirect(303, '/desk/me');
}

const audited = (desk: Desk, account: Account, action: string, work: (tx: Tx) => Promise<boolean>): Promise<boolean> =>
  transact(desk.keep, async (tx) => {
    const done = await work(tx);
    if (done) await appendAudit(tx, desk.auditKey, { actor: account.id, action, subject: account.id, detail: '' }, desk.now().getTime());
    return done;
  });

/** Ends one session, or with no handle all but the one that asks. */
export async function endMine(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const given = request.params['handle'];
  const but = readToken(desk, request) ?? '';
  const which = given === undefined ? { but } : { but, handle: String(given) };
  await audited(desk, account, 'session.ended', async (tx) => (await endSessions(tx, account.id, which)) > 0);
  response.redirect(303, '/desk/me');
}

/** A new secret, shown once; it counts from the first code that fits. */
export async function newCode(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return refuse(desk, request, response, account, lacking);
  if (await hasFactor(desk.keep, account.id)) return response.redirect(303, '/desk/me');
  const secret = randomBytes(secretBytes);
  await offerFactor(desk.keep, await accountSeal(desk.keep, desk.seal), account.id, secret);
  await showMe(desk, request, response, account, { offered: secret });
}

export async function confirmCode(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return refuse(desk, request, response, account, lacking);
  const secret = await secretOf(desk.keep, await accountSeal(desk.keep, desk.seal), account.id, 'factor_offered');
  if (secret === null) return response.redirect(303, '/desk/me');
  const step = stepOf(secret, String(request.body?.code ?? ''), desk.now().getTime());
  if (step === null) {
    const problems = [desk.text(languageOf(desk, account), 'me.code-wrong')];
    return showMe(desk, request, response, account, { status: 422, problems, offered: secret });
  }
  const but = readToken(desk, request) ?? '';
  // Whoever is signed in elsewhere came in without a code.
  await audited(desk, account, 'factor.added', async (tx) => {
    await endSessions(tx, account.id, { but });
    return confirmFactor(tx, account.id, step);
  });
  response.redirect(303, '/desk/me');
}

export async function dropCode(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return refuse(desk, request, response, account, lacking);
  await audited(desk, account, 'factor.removed', (tx) => dropFactor(tx, account.id));
  response.redirect(303, '/desk/me');
}

const refuse = (desk: Desk, request: Request, response: Response, account: Account, key: string, status = 403) =>
  showMe(desk, request, response, account, { status, problems: [desk.text(languageOf(desk, account), key)] });
