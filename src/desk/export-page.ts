// Requests as a file, for supervisors who have just proved who they are. Every file is one row in the
// log, written in the transaction that reads it.
import type { Request, Response } from 'express';
import { z } from 'zod';
import { html } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import { exported, exportRows } from '../store/export.ts';
import type { Account } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import { csv } from './csv.ts';
import type { Desk } from './desk.ts';
import { proofFields, proofLacking } from './door.ts';
import { alert, page, send } from './layout.ts';
import { languageOf } from './session.ts';

const wanted = z.object({ which: z.enum(['open', 'all']), as: z.enum(['csv', 'json']) });

export async function showExport(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  status = 200,
  problems: string[] = [],
): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const pick = (name: string, values: readonly string[]) =>
    values.map(
      (value, at) =>
        html`<label class="tick"><input type="radio" name="${name}" value="${value}"${at === 0 && html` checked`}> <span>${text(`export.${value}`)}</span></label>`,
    );
  const body = html`<div class="narrow"><h1>${text('export.title')}</h1>
${alert(problems)}
<p>${text('export.what')}</p>
<p class="hint">${text('export.fields')} <bdi dir="ltr">${exported.join(', ')}</bdi></p>
<form method="post" action="/desk/export" class="stack">
<fieldset><legend>${text('export.which')}</legend>${pick('which', ['open', 'all'])}</fieldset>
<fieldset><legend>${text('export.form')}</legend>${pick('as', ['csv', 'json'])}</fieldset>
${await proofFields(desk, request, account, lang)}
<button class="main">${text('export.go')}</button>
<p class="hint">${text('export.logged')}</p></form></div>`;
  send(response, status, page(desk, { lang, title: text('export.title'), account, at: 'statistics', body }));
}

export async function exportRequests(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const refuse = (status: number, key: string) =>
    showExport(desk, request, response, account, status, [desk.text(languageOf(desk, account), key)]);
  const given = wanted.safeParse(request.body ?? {});
  if (!given.success) return refuse(422, 'problem.invalid');
  const lacking = await proofLacking(desk, request, account);
  if (lacking !== null) return refuse(403, lacking);
  const { which, as } = given.data;
  const now = desk.now();
  const rows = await transact(desk.keep, async (tx) => {
    const found = await exportRows(tx, which, account.offices);
    const detail = `${which} ${as} ${found.length}`;
    await appendAudit(tx, desk.auditKey, { actor: account.id, action: 'data.exported', subject: 'desk', detail }, now.getTime());
    return found;
  });
  const file =
    as === 'csv'
      ? csv([exported, ...rows.map((row) => exported.map((name) => row[name]))])
      : `${JSON.stringify({ exported: now.toISOString(), requests: rows }, null, 2)}\n`;
  response
    .set('Content-Disposition', `attachment; filename="requests-${now.toISOString().slice(0, 10)}.${as}"`)
    .type(as === 'csv' ? 'text/csv' : 'json')
    .send(file);
}
