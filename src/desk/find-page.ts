// Looks for a request by its reference or by a telephone number. It is a post, for a number must stand in
// no address; the number is compared by its keyed hash, and what was looked for is in the log as a kind.
import type { Request, Response } from 'express';
import { sees } from '../case/queue.ts';
import { html } from '../http/html.ts';
import { appendAudit } from '../store/audit.ts';
import type { Account } from '../store/people.ts';
import { lookUp, phoneIndex } from '../store/phone.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { alert, page, send } from './layout.ts';
import { rowsFor } from './queue-page.ts';
import { queueRows } from './queue-row.ts';
import { actorOf, languageOf } from './session.ts';

/** A reference however it was typed: small letters, spaces, without its hyphen. */
export function refIn(words: string): string | null {
  const signs = words
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '');
  return signs.length === 6 ? `${signs.slice(0, 3)}-${signs.slice(3)}` : null;
}

export async function find(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const actor = actorOf(account);
  const text = (key: string) => desk.text(lang, key);
  const words = String(request.body?.q ?? '').slice(0, 40);
  const ref = refIn(words);
  const phone = phoneIndex(desk.auditKey, words);
  const by = ref !== null ? { ref } : phone !== null ? { phone } : null;
  const all = by === null ? [] : await lookUp(desk.keep, by);
  const seen = all.filter((kase) => sees(actor, kase));
  if (by !== null) {
    const detail = 'ref' in by ? 'ref' : 'phone';
    const now = desk.now().getTime();
    await transact(desk.keep, (tx) =>
      appendAudit(tx, desk.auditKey, { actor: account.id, action: 'desk.searched', subject: 'desk', detail }, now),
    );
  }
  const [only] = seen;
  if (by !== null && 'ref' in by && seen.length === 1 && only !== undefined) return response.redirect(303, `/desk/cases/${only.id}`);
  const rows = await rowsFor(
    desk,
    account,
    seen.map((kase) => kase.id),
  );
  const body = html`<p class="back"><a href="/desk">${text('case.back')}</a></p><h1>${text('find.title')}</h1>
${by === null && alert([text('find.neither')])}
<form class="find" method="post" action="/desk/find" role="search"><label>${text('find.label')} <input name="q" required maxlength="40" autocomplete="off" spellcheck="false" dir="auto"></label><button>${text('find.go')}</button></form>
<p class="hint">${text('find.how')}</p>
${by !== null && (seen.length === 0 ? html`<p class="empty">${text('find.nothing')}</p>` : queueRows(rows, seen))}`;
  send(response, by === null ? 422 : 200, page(desk, { lang, title: text('find.title'), account, at: 'queue', body }));
}
