// Erasing one request for good, when the wish did not come through the chat: a page of its own, proof of
// who asks, and a tick. The person is told by the chat, as after any erasure.
import type { Request, Response } from 'express';
import { sees } from '../case/queue.ts';
import { html } from '../http/html.ts';
import { findCase } from '../store/cases.ts';
import type { Account } from '../store/people.ts';
import type { Desk } from './desk.ts';
import { proofFields, proofLacking } from './door.ts';
import { eraseById } from './erase.ts';
import { alert, page, send, sendError } from './layout.ts';
import { actorOf, languageOf } from './session.ts';

export async function askErase(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  status = 200,
  problem?: string,
): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string) => desk.text(lang, key);
  const kase = await findCase(desk.keep, String(request.params['id']));
  if (kase === null || !sees(actorOf(account), kase)) return sendError(desk, response, lang, account, 'not_found');
  const body = html`<div class="narrow"><p class="back"><a href="/desk/cases/${kase.id}">${text('erase.back')}</a></p><h1>${text('erase.title')} <bdi>${kase.ref}</bdi></h1>
${alert(problem === undefined ? [] : [text(problem)])}
<p>${text('erase.means')}</p>
<form method="post" action="/desk/cases/${kase.id}/erase" class="stack">
<label class="tick"><input type="checkbox" name="sure" value="yes" required> <span>${text('erase.sure')}</span></label>
${await proofFields(desk, request, account, lang)}
<button>${text('erase.go')}</button></form></div>`;
  send(response, status, page(desk, { lang, title: text('erase.title'), account, at: 'queue', body }));
}

export async function eraseNow(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const id = String(request.params['id']);
  const kase = await findCase(desk.keep, id);
  if (kase === null || !sees(actorOf(account), kase)) return sendError(desk, response, languageOf(desk, account), account, 'not_found');
  if (request.body?.sure !== 'yes') return askErase(desk, request, response, account, 422, 'problem.invalid');
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return askErase(desk, request, response, account, 403, lacking);
  await eraseById(desk, id, actorOf(account), 'asked');
  desk.wake();
  response.redirect(303, `/desk/cases/${id}`);
}
