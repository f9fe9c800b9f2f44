// One outside case system: how it is, its last events, and what an administrator can do about it. Each
// act is a line in the log. No page shows what an event said.
import type { Request, Response } from 'express';
import { html, type Safe } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import { type Endpoint, findEndpoint, noteHealth, removeEndpoint, rotateSecret, setState } from '../store/endpoints.ts';
import { listDeliveries, type Seen, type Which } from '../store/feed.ts';
import type { Tx } from '../store/keep.ts';
import type { Account } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import { announceTo } from './announce.ts';
import { replay } from './api-events.ts';
import type { Desk } from './desk.ts';
import { endpointMark, showSecrets } from './endpoints-page.ts';
import { page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { moment, span } from './words.ts';

const size = 50;
type Act = (desk: Desk, request: Request, response: Response, account: Account, endpoint: Endpoint) => Promise<void>;

/** One that is gone leads back to the others. */
const about =
  (act: Act) =>
  async (desk: Desk, request: Request, response: Response, account: Account): Promise<void> => {
    const endpoint = await findEndpoint(desk.keep, desk.seal, String(request.params['id']));
    if (endpoint === null) return response.redirect(303, '/desk/endpoints');
    await act(desk, request, response, account, endpoint);
  };

export const showEndpoint = about(async (desk, request, response, account, endpoint) => {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const before = /^\d{1,12}$/.exec(String(request.query['before']))?.[0];
  const rows = await listDeliveries(desk.keep, endpoint.id, before === undefined ? null : Number(before), size);
  const last = rows.at(-1);
  const { failingSince } = endpoint;
  const body = html`<p><a href="/desk/endpoints">${text('endpoints.title')}</a></p>
<h1><bdi>${endpoint.name}</bdi></h1>
<p>${endpointMark(desk, lang, endpoint)} <bdi>${endpoint.organisation === 'own' ? text('endpoints.own') : endpoint.organisation}</bdi></p>
${failingSince !== null && html`<div class="alert" role="status"><p>${text('endpoints.failing', { wait: span(desk, lang, desk.now().getTime() - failingSince) })}</p></div>`}
<dl><dt>${text('endpoints.url')}</dt><dd><bdi dir="ltr">${endpoint.url ?? text('endpoints.fetches')}</bdi></dd>
<dt>${text('endpoints.inbound')}</dt><dd><bdi dir="ltr">${desk.publicUrl}/hooks/in/${endpoint.id}</bdi></dd>
<dt>${text('endpoints.types')}</dt><dd dir="ltr">${endpoint.types.join(', ')}</dd>
<dt>${text('endpoints.accepts')}</dt><dd dir="ltr">${endpoint.accepts.join(', ') || '–'}</dd>
<dt>${text('endpoints.payload')}</dt><dd>${text(`endpoints.payload-${endpoint.payload}`)}</dd>
${endpoint.protection && html`<dt>${text('role.protection')}</dt><dd>${text('endpoints.protection')}</dd>`}</dl>
${acts(endpoint, text)}
<section><h2>${text('endpoints.deliveries')}</h2>
${rows.length === 0 ? html`<p class="empty">${text('endpoints.nothing')}</p>` : table(rows, lang, text)}
${rows.length === size && last !== undefined && html`<p><a href="/desk/endpoints/${endpoint.id}?before=${last.pos}">${text('log.more')}</a></p>`}</section>`;
  send(response, 200, page(desk, { lang, title: endpoint.name, account, at: 'endpoints', body }));
});

const table = (rows: Seen[], lang: string, text: (key: string) => string): Safe => html`<table class="log">
<thead><tr>${(['when', 'type', 'about', 'state', 'attempts', 'outcome'] as const).map((key) => html`<th scope="col">${text(`endpoints.column.${key}`)}</th>`)}</tr></thead>
<tbody>${rows.map(
  (row) => html`<tr><td>${moment(lang, row.created_at)}</td><td><bdi dir="ltr">${row.type}</bdi></td>
<td><bdi class="hint">${row.case_id}${row.case_id !== '' && html` · ${row.seq}`}</bdi></td><td>${text(`endpoints.delivery.${row.state}`)}</td>
<td>${row.attempts}</td><td><bdi dir="ltr">${row.status ?? row.code ?? ''}</bdi></td></tr>`,
)}</tbody></table>`;

function acts({ id, state, url }: Endpoint, text: (key: string) => string): Safe {
  const act = (name: string, quiet = false) => html`<form method="post" action="/desk/endpoints/${id}/${name}">
<button${quiet && html` class="quiet"`}>${text(`endpoints.act.${name}`)}</button> <span class="hint">${text(`endpoints.means.${name}`)}</span></form>`;
  return html`<section><h2>${text('endpoints.acts')}</h2>
${state === 'on' && act('test')}
${state === 'on' ? act('pause') : act('resume')}
${act('rotate')}
${
  url !== null &&
  html`<form method="post" action="/desk/endpoints/${id}/replay" class="stack"><fieldset><legend>${text('endpoints.replay')}</legend>
${(['dead', 'day', 'week'] as const).map((which) => html`<label class="tick"><input type="radio" name="which" value="${which}" required> <span>${text(`endpoints.which.${which}`)}</span></label>`)}
</fieldset><button>${text('endpoints.act.replay')}</button></form>`
}
<details><summary>${text('endpoints.act.remove')}</summary>${act('remove', true)}</details></section>`;
}

/** Does it and writes it down, in one transaction; then the courier looks. */
async function doing<T>(
  desk: Desk,
  account: Account,
  endpoint: Endpoint,
  action: string,
  work: (tx: Tx, now: number) => Promise<T>,
): Promise<T> {
  const now = desk.now().getTime();
  const result = await transact(desk.keep, async (tx) => {
    await appendAudit(tx, desk.auditKey, { actor: account.id, action, subject: endpoint.id, detail: '' }, now);
    return work(tx, now);
  });
  desk.wake();
  return result;
}
const back = (response: Response, { id }: Endpoint) => response.redirect(303, `/desk/endpoints/${id}`);

/** Also a sleeping one is tried at once. */
export const testEndpoint = about(async (desk, _, response, account, endpoint) => {
  await doing(desk, account, endpoint, 'endpoint.tested', async (tx, now) => {
    await announceTo(desk, tx, endpoint, 'endpoint.test', { endpoint: endpoint.id }, now);
    await noteHealth(tx, endpoint.id, { probe_at: now, hold_until: 0 });
  });
  back(response, endpoint);
});

export const pauseEndpoint = about(async (desk, _, response, account, endpoint) => {
  await doing(desk, account, endpoint, 'endpoint.paused', (tx) => setState(tx, endpoint.id, 'paused'));
  back(response, endpoint);
});

export const resumeEndpoint = about(async (desk, _, response, account, endpoint) => {
  await doing(desk, account, endpoint, 'endpoint.resumed', (tx) => setState(tx, endpoint.id, 'on'));
  back(response, endpoint);
});

export const rotateEndpoint = about(async (desk, _, response, account, endpoint) => {
  const secret = await doing(desk, account, endpoint, 'endpoint.rotated', (tx, now) => rotateSecret(tx, desk.seal, endpoint, now));
  showSecrets(desk, response, account, endpoint, { secret });
});

export const replayEndpoint = about(async (desk, request, response, account, endpoint) => {
  const now = desk.now().getTime();
  const { which } = (request.body ?? {}) as { which?: unknown };
  const days = which === 'day' ? 1 : which === 'week' ? 7 : null;
  const wished: Which = days === null ? { dead: true } : { since: now - days * 86_400_000 };
  await replay(desk, endpoint.id, wished, account.id);
  desk.wake();
  back(response, endpoint);
});

export const dropEndpoint = about(async (desk, _, response, account, endpoint) => {
  await doing(desk, account, endpoint, 'endpoint.removed', (tx) => removeEndpoint(tx, endpoint.id));
  response.redirect(303, '/desk/endpoints');
});
