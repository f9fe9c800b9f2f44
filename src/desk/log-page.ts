// The log of everything read and done, for those who watch over the desk. It names requests by id
// alone, so it shows that somebody looked, not at whom. Walking the chain is a button: a year of it is long.
import type { Request, Response } from 'express';
import { sees } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import { type AuditRow, auditPage, verifyAudit } from '../store/audit.ts';
import type { Account } from '../store/people.ts';
import { lookUp } from '../store/phone.ts';
import type { Desk } from './desk.ts';
import { refIn } from './find-page.ts';
import { alert, page, send } from './layout.ts';
import { namesOf } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { actionWords, actorName, moment } from './words.ts';

const size = 100;

type Asked = { who: string; about: string; before: number | null; check: boolean };

function readAsked(request: Request): Asked {
  const given = (name: string) => String(request.query[name] ?? '');
  const before = /^\d{1,12}$/.exec(given('before'))?.[0];
  return {
    who: /^[a-z0-9_]{2,60}$/.exec(given('who'))?.[0] ?? '',
    about: given('about').slice(0, 60),
    before: before === undefined ? null : Number(before),
    check: given('check') === 'yes',
  };
}

/** Ids the words may mean: an id is taken as it is, a reference only of a request the reader may see. */
async function subjectsOf(desk: Desk, account: Account, about: string): Promise<string[]> {
  const id = /^[a-z]{1,2}_[0-9a-z_]{1,50}$/.exec(about.trim())?.[0];
  if (id !== undefined) return [id];
  const ref = refIn(about);
  const found = ref === null ? [] : await lookUp(desk.keep, { ref });
  return found.filter((kase) => sees(actorOf(account), kase)).map((kase) => kase.id);
}

export async function showLog(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const asked = readAsked(request);
  const subjects = asked.about.trim() === '' ? undefined : await subjectsOf(desk, account, asked.about);
  const rows = subjects?.length === 0 ? [] : await auditPage(desk.keep, asked.before, size, { actor: asked.who || undefined, subjects });
  const names = await namesOf(desk.keep);
  const check = asked.check ? await verifyAudit(desk.keep, desk.auditKey) : null;
  const last = rows.at(-1);
  const body = html`<h1>${text('log.title')}</h1>
${
  check !== null &&
  (check.ok
    ? html`<div class="box" role="status"><p>${text('log.whole', { rows: String(check.head.seq) })}</p><p class="hint">${text('log.head')} <bdi dir="ltr">${check.head.seq}:${check.head.mac}</bdi></p></div>`
    : alert([text('log.broken', { row: String(check.seq) })]))
}
<form method="get" action="/desk/log"><input type="hidden" name="check" value="yes"><button>${text('log.check')}</button></form>
${filters(asked, names, text)}
${rows.length === 0 ? html`<p class="empty">${text('log.nothing')}</p>` : table(desk, lang, rows, names)}
${rows.length === size && last !== undefined && html`<p><a href="/desk/log?${query(asked, last.seq)}">${text('log.more')}</a></p>`}`;
  send(response, 200, page(desk, { lang, title: text('log.title'), account, at: 'log', body }));
}

const query = ({ who, about }: Asked, before: number): string =>
  String(new URLSearchParams({ ...(who && { who }), ...(about && { about }), before: String(before) }));

const filters = (asked: Asked, names: Map<string, string>, text: (key: string) => string): Safe => html`<details class="filters"${
  asked.who + asked.about !== '' && html` open`
}><summary>${text('filter.title')}</summary><form method="get" action="/desk/log">
<label>${text('log.who')} <select name="who"><option value="">${text('filter.all')}</option>${[...names].map(
  ([id, name]) => html`<option value="${id}"${id === asked.who && html` selected`}>${name}</option>`,
)}</select></label>
<label>${text('log.about-label')} <input name="about" value="${asked.about}" maxlength="60" autocomplete="off" spellcheck="false" dir="ltr"></label>
<button>${text('filter.go')}</button><p class="filter-go"><a href="/desk/log">${text('filter.clear')}</a></p></form></details>`;

const table = (
  desk: Desk,
  lang: string,
  rows: AuditRow[],
  names: Map<string, string>,
): Safe => html`<table class="log"><thead><tr>${['row', 'when', 'who', 'what', 'about'].map((name) => html`<th scope="col">${desk.text(lang, `log.${name}`)}</th>`)}</tr></thead>
<tbody>${rows.map(
  (row) =>
    html`<tr><td>${row.seq}</td><td>${moment(lang, row.at)}</td><td><bdi>${actorName(desk, lang, names, row.actor)}</bdi></td><td>${actionWords(desk, lang, row.action)} <span class="hint">${row.detail}</span></td><td><bdi class="hint">${row.subject}</bdi></td></tr>`,
)}</tbody></table>`;
