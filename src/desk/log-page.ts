// The log of everything read and done, for those who watch over the desk. It names requests by id
// alone, so it shows that somebody looked, not at whom.
import type { Request, Response } from 'express';
import { html } from '../http/html.ts';
import { auditPage, verifyAudit } from '../store/audit.ts';
import type { Account } from '../store/people.ts';
import type { Desk } from './desk.ts';
import { alert, page, send } from './layout.ts';
import { namesOf } from './look.ts';
import { languageOf } from './session.ts';
import { actionWords, actorName, moment } from './words.ts';

const size = 100;

export async function showLog(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const before = /^\d{1,12}$/.exec(String(request.query['before']))?.[0];
  const rows = await auditPage(desk.keep, before === undefined ? null : Number(before), size);
  const names = await namesOf(desk.keep);
  // The whole chain, once per visit: older pages are part of the same log.
  const check = before === undefined ? await verifyAudit(desk.keep, desk.auditKey) : null;
  const last = rows.at(-1);
  const body = html`<h1>${text('log.title')}</h1>
${check === null ? false : check.ok ? html`<p class="hint">${text('log.whole', { rows: String(check.head.seq) })}</p>` : alert([text('log.broken', { row: String(check.seq) })])}
<table class="log"><thead><tr><th scope="col">${text('log.row')}</th><th scope="col">${text('log.when')}</th><th scope="col">${text('log.who')}</th><th scope="col">${text('log.what')}</th><th scope="col">${text('log.about')}</th></tr></thead>
<tbody>${rows.map(
    (row) =>
      html`<tr><td>${row.seq}</td><td>${moment(lang, row.at)}</td><td><bdi>${actorName(desk, lang, names, row.actor)}</bdi></td><td>${actionWords(desk, lang, row.action)} <span class="hint">${row.detail}</span></td><td><bdi class="hint">${row.subject}</bdi></td></tr>`,
  )}</tbody></table>
${rows.length === size && last !== undefined && html`<p><a href="/desk/log?before=${last.seq}">${text('log.more')}</a></p>`}`;
  send(response, 200, page(desk, { lang, title: text('log.title'), account, at: 'log', body }));
}
