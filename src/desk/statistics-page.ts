// What the desk did, month by month, drawn and as tables. The month that is not over is for supervisors
// alone, who see the queue anyway: two looks at a growing month would tell each other's difference.
import type { Request, Response } from 'express';
import { html, type Safe } from '../http/html.ts';
import type { Account } from '../store/people.ts';
import { may } from './access.ts';
import { csv } from './csv.ts';
import type { Desk } from './desk.ts';
import { page, send, sendError } from './layout.ts';
import { columns, rows } from './plot.ts';
import { languageOf } from './session.ts';
import { figuresOf, monthOf, monthsUntil, type Table } from './statistics.ts';
import { answerWords, dates, languageName } from './words.ts';

function monthAsked(desk: Desk, request: Request, account: Account): string {
  const now = desk.now().getTime();
  const offered = monthsUntil(now).filter((month) => month !== monthOf(now) || account.roles.includes('supervisor'));
  return offered.find((month) => month === request.query['month']) ?? offered[0] ?? monthOf(now);
}

const months = dates({ month: 'long', year: 'numeric', timeZone: 'UTC' });
const monthName = (lang: string, month: string) => months(lang).format(Date.parse(`${month}-01`));

/** A code of a table in words. */
function codeWords(desk: Desk, lang: string, { name }: Table, code: string): string {
  if (name === 'arrivals') return String(Number(code.slice(8)));
  if (code === 'other') return desk.text(lang, 'statistics.other');
  if (name === 'languages') return languageName(lang, code);
  if (name === 'channels') return desk.text(lang, `channel.${code}`);
  if (name === 'steps') return answerWords(desk, lang, code, null).title;
  if (name === 'waiting') {
    const [level = '', ...when] = code.split('-');
    return desk.text(lang, `statistics.${when.join('-')}`, { level: desk.text(lang, `level.${level}`) });
  }
  if (code === 'open' || code === 'withdrawn') return desk.text(lang, `statistics.${code}`);
  return desk.text(lang, `close-reason.${code.replace('closed-', '')}`);
}

function section(desk: Desk, lang: string, table: Table): Safe {
  const text = (key: string) => desk.text(lang, key);
  const title = text(`statistics.${table.name}`);
  const bars = table.cells.map((cell) => ({ ...cell, label: codeWords(desk, lang, table, cell.code) }));
  const given = {
    id: `plot-${table.name}`,
    title,
    desc: text(`statistics.${table.name}-means`),
    bars,
    rtl: desk.direction(lang) === 'rtl',
  };
  return html`<section><h2>${title}</h2><p class="hint">${given.desc}</p>
${
  bars.length === 0
    ? html`<p class="empty">${text('queue.empty')}</p>`
    : html`${(table.name === 'arrivals' ? columns : rows)(given)}
<details><summary>${text('statistics.table')}</summary><table><caption class="hint">${title}</caption><thead><tr><th scope="col">${text(`statistics.${table.name}-column`)}</th><th scope="col">${text('statistics.count')}</th></tr></thead>
<tbody>${bars.map(({ label, count, code }) => html`<tr><th scope="row">${table.name === 'arrivals' ? html`<bdi>${code}</bdi>` : label}</th><td>${count ?? text('statistics.few')}</td></tr>`)}</tbody></table></details>`
}</section>`;
}

export async function showStatistics(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const now = desk.now().getTime();
  const present = account.roles.includes('supervisor');
  const month = monthAsked(desk, request, account);
  const figures = await figuresOf(desk, month, account.offices, present);
  const offered = monthsUntil(now).filter((one) => one !== monthOf(now) || present);
  const body = html`<h1>${text('statistics.title')}</h1>
<form method="get" action="/desk/statistics" class="pair"><label>${text('statistics.month')} <select name="month">${offered.map(
    (one) => html`<option value="${one}"${one === month && html` selected`}>${monthName(lang, one)}</option>`,
  )}</select></label> <button>${text('filter.go')}</button></form>
<p>${figures.total === null ? text('statistics.total-few') : text('statistics.total', { count: String(figures.total) })} ${!figures.over && html`<b>${text('statistics.running')}</b>`}</p>
<p class="hint">${text('statistics.rule')}</p>
<div class="plots">${figures.tables.map((table) => section(desk, lang, table))}</div>
<p>${figures.over && html`<a href="/desk/statistics/file?month=${month}">${text('statistics.file')}</a>`} ${may(account.roles, 'export') && html`<a href="/desk/export">${text('export.title')}</a>`}</p>`;
  send(response, 200, page(desk, { lang, title: text('statistics.title'), account, at: 'statistics', body }));
}

/** The same as a file, of a month that is over. Numbers alone, so it is no row in the log. */
export async function statisticsFile(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const month = monthAsked(desk, request, account);
  const { over, total, tables } = await figuresOf(desk, month, account.offices, false);
  if (!over || month !== request.query['month']) return sendError(desk, response, languageOf(desk, account), account, 'invalid');
  const lines = tables.flatMap(({ name, cells }) =>
    cells.map(({ code, count }) => [name, code, count === null ? 'not shown' : String(count)]),
  );
  response
    .set('Content-Disposition', `attachment; filename="statistics-${month}.csv"`)
    .type('text/csv')
    .send(csv([['table', 'code', 'count'], ['total', month, total === null ? 'not shown' : String(total)], ...lines]));
}
