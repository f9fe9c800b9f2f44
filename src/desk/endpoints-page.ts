// Outside case systems, for administrators: which there are, how they are, and adding one. An address
// is checked before it is kept; secret and token are shown once, on the page that made them.
import type { Request, Response } from 'express';
import { z } from 'zod';
import { addressFault } from '../handoff/address.ts';
import { chosenTypes, insideTypes } from '../handoff/outside.ts';
import { html, type Safe } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import { addEndpoint, type Endpoint, listEndpoints, type Wished } from '../store/endpoints.ts';
import { deliveryCounts } from '../store/feed.ts';
import type { Account } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { alert, page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { languageName, slug, span } from './words.ts';

const many = <T extends readonly [string, ...string[]]>(values: T) =>
  z
    .union([z.enum(values), z.array(z.enum(values))])
    .optional()
    .transform((given) => [given ?? []].flat());
const wanted = z.object({
  name: z.string().trim().min(1).max(60),
  organisation: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{2,40}$/),
  url: z.string().trim().max(500),
  types: many(chosenTypes as [string, ...string[]]),
  accepts: many(insideTypes as [string, ...string[]]),
  payload: z.enum(['thin', 'full']),
  protection: z.literal('yes').optional(),
  language: z.string(),
});

/** What was wished for, or the text keys of what is wrong with it. */
function read(desk: Desk, body: unknown): Wished | string[] {
  const given = wanted.safeParse(body ?? {});
  if (!given.success) return [...new Set(given.error.issues.map((one) => `endpoints.wrong.${String(one.path[0])}`))];
  const { url, protection, ...rest } = given.data;
  const wrong: string[] = [];
  const fault = url === '' ? null : addressFault(url, desk.addresses);
  if (fault !== null) wrong.push(`endpoints.fault.${fault}`);
  const own = rest.organisation === 'own';
  if (own && rest.payload === 'full') wrong.push('endpoints.wrong.full');
  if (!own && protection) wrong.push('endpoints.wrong.protection');
  if (!desk.languages.includes(rest.language)) wrong.push('endpoints.wrong.language');
  return wrong.length > 0 ? wrong : { ...rest, url: url === '' ? null : new URL(url).href, protection: protection === 'yes' };
}

export const endpointMark = (desk: Desk, lang: string, { state, asleep }: Endpoint): Safe =>
  html`<span class="status">${desk.text(lang, `endpoints.state.${state === 'on' && asleep ? 'asleep' : state}`)}</span>`;

export async function showEndpoints(
  desk: Desk,
  response: Response,
  account: Account,
  status = 200,
  problems: string[] = [],
  given: Record<string, unknown> = {},
) {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const counts = await deliveryCounts(desk.keep);
  const count = (id: string, state: string) => String(counts.find((one) => one.endpoint === id && one.state === state)?.count ?? 0);
  const row = (one: Endpoint) => html`<li class="person"><p><b><a href="/desk/endpoints/${one.id}"><bdi>${one.name}</bdi></a></b>
<bdi class="hint">${one.organisation === 'own' ? text('endpoints.own') : one.organisation}</bdi> ${endpointMark(desk, lang, one)}</p>
<p>${text('endpoints.counts', { waiting: count(one.id, 'waiting'), dead: count(one.id, 'dead') })}
${one.failingSince !== null && html` <b>${text('endpoints.failing', { wait: span(desk, lang, desk.now().getTime() - one.failingSince) })}</b>`}</p></li>`;
  const list = (await listEndpoints(desk.keep, desk.seal)).map(row);
  const body = html`<h1>${text('endpoints.title')}</h1>
${alert(problems)}
<p>${text('endpoints.about')} <a href="/api/v1/docs">${text('endpoints.docs')}</a></p>
${list.length === 0 ? html`<p class="empty">${text('endpoints.none')}</p>` : html`<ul class="people">${list}</ul>`}
${addForm(desk, lang, given)}`;
  send(response, status, page(desk, { lang, title: text('endpoints.title'), account, at: 'endpoints', body }));
}

function addForm(desk: Desk, lang: string, given: Record<string, unknown>): Safe {
  const text = (key: string) => desk.text(lang, key);
  const typed = (name: string) => (typeof given[name] === 'string' ? given[name] : '');
  const began = Object.keys(given).length > 0;
  const ticked = (name: string, value: string) => [given[name] ?? []].flat().includes(value);
  const tick = (name: string, value: string, on: boolean) =>
    html`<label class="tick"><input type="checkbox" name="${name}" value="${value}"${on && html` checked`}> <span><bdi dir="ltr">${value}</bdi></span></label>`;
  return html`<section><h2>${text('endpoints.add')}</h2>
<form method="post" action="/desk/endpoints/add" class="stack">
<label>${text('endpoints.name')} <input name="name" value="${typed('name')}" required maxlength="60" dir="auto"></label>
<label>${text('endpoints.organisation')} <input name="organisation" value="${typed('organisation') || 'own'}" required maxlength="40" pattern="[a-z0-9\\-]+" autocapitalize="none" spellcheck="false" aria-describedby="organisation-hint"></label>
<p class="hint" id="organisation-hint">${text('endpoints.organisation-hint')}</p>
<label>${text('endpoints.url')} <input name="url" type="url" value="${typed('url')}" maxlength="500" dir="ltr" aria-describedby="url-hint"></label>
<p class="hint" id="url-hint">${text('endpoints.url-hint')}</p>
<fieldset><legend>${text('endpoints.types')}</legend>${chosenTypes.map((type) => tick('types', type, !began || ticked('types', type)))}</fieldset>
<fieldset><legend>${text('endpoints.accepts')}</legend><p class="hint">${text('endpoints.accepts-hint')}</p>
${insideTypes.map((type) => tick('accepts', type, ticked('accepts', type)))}</fieldset>
<fieldset><legend>${text('endpoints.payload')}</legend>
${(['thin', 'full'] as const).map((one) => html`<label class="tick"><input type="radio" name="payload" value="${one}"${(typed('payload') || 'thin') === one && html` checked`}> <span>${text(`endpoints.payload-${one}`)}</span></label>`)}</fieldset>
<label class="tick"><input type="checkbox" name="protection" value="yes"${ticked('protection', 'yes') && html` checked`}> <span>${text('endpoints.protection')}</span></label>
<label>${text('endpoints.language')} <select name="language">
${desk.languages.map((one) => html`<option value="${one}" lang="${one}"${one === (typed('language') || lang) && html` selected`}>${languageName(one, one)}</option>`)}
</select></label>
<button class="main">${text('endpoints.add-go')}</button></form></section>`;
}

/** What is told once. */
export function showSecrets(
  desk: Desk,
  response: Response,
  account: Account,
  endpoint: { id: string; name: string },
  given: { secret: string; token?: string },
) {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const line = (label: string, value: string) => html`<p><b>${label}</b></p><p class="phone"><bdi dir="ltr">${value}</bdi></p>`;
  const body = html`<h1><bdi>${endpoint.name}</bdi></h1>
<div class="box" role="status"><p>${text('endpoints.once')}</p>
${line(text('endpoints.secret'), given.secret)}
${given.token !== undefined && line(text('endpoints.token'), given.token)}
${line(text('endpoints.inbound'), `${desk.publicUrl}/hooks/in/${endpoint.id}`)}</div>
<p><a href="/desk/endpoints/${endpoint.id}">${text('endpoints.go')}</a></p>`;
  send(response, 200, page(desk, { lang, title: endpoint.name, account, at: 'endpoints', body }));
}

export async function addOne(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const wished = read(desk, request.body);
  const text = (key: string) => desk.text(languageOf(desk, account), key);
  if (Array.isArray(wished)) return showEndpoints(desk, response, account, 422, wished.map(text), request.body);
  const now = desk.now().getTime();
  const made = await transact(desk.keep, async (tx) => {
    const one = await addEndpoint(tx, desk.seal, wished, now);
    const detail = [slug(wished.organisation), wished.payload, ...(wished.protection ? ['protection'] : [])].join(' ');
    await appendAudit(tx, desk.auditKey, { actor: account.id, action: 'endpoint.made', subject: one.id, detail }, now);
    return one;
  });
  showSecrets(desk, response, account, { id: made.id, name: wished.name }, made);
}
