// Accounts, for administrators: who has which roles, a link for somebody new, and closing an account
// at once. An administrator as such sees no request.
import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Role, roles } from '../case/case.ts';
import { html } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import { dropFactor, withFactor } from '../store/factor.ts';
import type { Tx } from '../store/keep.ts';
import { type Account, disableAccount, endSessions, listAccounts, makeInvitation, setOffices } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { proofFields, proofLacking } from './door.ts';
import { alert, page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { officeName } from './words.ts';

const wanted = z.object({ role: z.union([z.enum(roles), z.array(z.enum(roles)).min(1)]) });

export async function showPeople(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  status = 200,
  problems: string[] = [],
  link: string | null = null,
): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const people = await listAccounts(desk.keep);
  const guarded = await withFactor(desk.keep);
  const proof = await proofFields(desk, request, account, lang);
  const row = (
    one: Account,
  ) => html`<li class="person"><p><b><bdi>${one.name}</bdi></b> <bdi class="hint">${one.login}</bdi>${one.disabled && html` <span class="status">${text('people.closed')}</span>`}${guarded.has(one.id) && html` <span class="status">${text('people.code-on')}</span>`}</p>
<p>${one.roles.map((role) => html`<span class="kind">${text(`role.${role}`)}</span> `)}</p>
${
  !one.disabled &&
  html`<details><summary>${text(one.offices.length === 0 ? 'people.every-office' : 'people.some-offices', { offices: one.offices.map((office) => officeName(lang, office)).join(', ') })}</summary>
<form method="post" action="/desk/people/${one.id}/offices" class="stack"><fieldset><legend>${text('people.offices')}</legend><p class="hint">${text('people.offices-mean')}</p>
${desk.offices.map((office) => html`<label class="tick"><input type="checkbox" name="office" value="${office}"${one.offices.includes(office) && html` checked`}> <span>${officeName(lang, office)}</span></label>`)}
</fieldset><button class="quiet">${text('people.offices-save')}</button></form></details>`
}
${
  !one.disabled &&
  one.id !== account.id &&
  html`${
    guarded.has(one.id) &&
    html`<details><summary>${text('people.code-off')}</summary><p class="hint">${text('people.code-off-means')}</p>
<form method="post" action="/desk/people/${one.id}/code/drop" class="stack">${proof}<button aria-label="${text('people.code-off-name', { name: one.name })}">${text('people.code-off')}</button></form></details>`
  }
<form method="post" action="/desk/people/${one.id}/sign-out"><button class="quiet" aria-label="${text('people.sign-out-name', { name: one.name })}">${text('people.sign-out')}</button></form>
<form method="post" action="/desk/people/${one.id}/disable"><button class="quiet" aria-label="${text('people.close-name', { name: one.name })}">${text('people.close')}</button></form>`
}</li>`;
  const body = html`<h1>${text('people.title')}</h1>
${alert(problems)}
${link !== null && html`<div class="box" role="status"><p><b>${text('people.link')}</b></p><p class="phone"><bdi dir="ltr">${link}</bdi></p><p class="hint">${text('people.link-once')}</p></div>`}
<ul class="people">${people.map(row)}</ul>
<section><h2>${text('people.invite')}</h2>
<form method="post" action="/desk/people/invite" class="stack"><fieldset><legend>${text('people.roles')}</legend>
${roles.map((role) => html`<label class="tick"><input type="checkbox" name="role" value="${role}"> <span><b>${text(`role.${role}`)}</b>: ${text(`role-means.${role}`)}</span></label>`)}
</fieldset><button class="main">${text('people.make')}</button></form></section>`;
  send(response, status, page(desk, { lang, title: text('people.title'), account, at: 'people', body }));
}

export async function invite(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const given = wanted.safeParse(request.body ?? {});
  if (!given.success) return showPeople(desk, request, response, account, 422, [desk.text(languageOf(desk, account), 'people.no-role')]);
  const chosen: Role[] = [given.data.role].flat();
  const link = await inviteFor(desk, chosen, account.id);
  await showPeople(desk, request, response, account, 200, [], link);
}

/** A link for a new account, with its line in the log. */
export async function inviteFor(
  desk: Pick<Desk, 'keep' | 'auditKey' | 'now' | 'publicUrl'>,
  chosen: readonly Role[],
  by: string,
): Promise<string> {
  const now = desk.now().getTime();
  const detail = [...chosen].sort().join(' ');
  const token = await transact(desk.keep, async (tx) => {
    await appendAudit(tx, desk.auditKey, { actor: by, action: 'invitation.made', subject: 'desk', detail }, now);
    return makeInvitation(tx, chosen, now);
  });
  return `${desk.publicUrl}/desk/welcome/${token}`;
}

/** Which offices' requests somebody sees; none ticked: all. */
export async function limitOffices(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const id = String(request.params['id']);
  const chosen = [request.body?.office ?? []].flat().filter((one: unknown) => desk.offices.some((office) => office === one));
  const now = desk.now().getTime();
  await transact(desk.keep, async (tx) => {
    if (!(await setOffices(tx, id, chosen))) return;
    await appendAudit(tx, desk.auditKey, { actor: account.id, action: 'account.offices', subject: id, detail: chosen.join(' ') }, now);
  });
  response.redirect(303, '/desk/people');
}

export async function disable(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const id = String(request.params['id']);
  const now = desk.now().getTime();
  if (id === account.id)
    return showPeople(desk, request, response, account, 409, [desk.text(languageOf(desk, account), 'people.not-self')]);
  await about(desk, account, 'account.closed', id, (tx) => disableAccount(tx, id, now));
  response.redirect(303, '/desk/people');
}

/** One change of somebody's account, with its row in the log if it changed anything. */
const about = (desk: Desk, account: Account, action: string, subject: string, work: (tx: Tx) => Promise<boolean>) =>
  transact(desk.keep, async (tx) => {
    if (await work(tx)) await appendAudit(tx, desk.auditKey, { actor: account.id, action, subject, detail: '' }, desk.now().getTime());
  });

/** Ends every session of somebody: a telephone was lost, or a computer left open. */
export async function signOutAll(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const id = String(request.params['id']);
  await about(desk, account, 'session.ended', id, async (tx) => (await endSessions(tx, id, {})) > 0);
  response.redirect(303, '/desk/people');
}

/** For somebody who lost the telephone with their codes. The password alone opens the account then, and all sessions end. */
export async function dropTheirCode(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const id = String(request.params['id']);
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return showPeople(desk, request, response, account, 403, [desk.text(languageOf(desk, account), lacking)]);
  await about(desk, account, 'factor.removed', id, async (tx) => {
    await endSessions(tx, id, {});
    return dropFactor(tx, id);
  });
  response.redirect(303, '/desk/people');
}
