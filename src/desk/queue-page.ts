// The queue: who should be read first, why, and how long they have been waiting. Requests that
// somebody may only know of, not open, stand below with their ref alone.
import type { Request, Response } from 'express';
import type { Case } from '../case/case.ts';
import { html } from '../http/html.ts';
import { keyOf, listQueue } from '../store/cases.ts';
import { floodsIn } from '../store/floods.ts';
import { type Account, listAccounts } from '../store/people.ts';
import { turnsOf } from '../store/transcript.ts';
import type { Desk } from './desk.ts';
import { page, send } from './layout.ts';
import { lastChange } from './live.ts';
import { addressOf, filterBar, filterOf, readAsked, writeKey } from './queue-filter.ts';
import { queueRows, type Rows } from './queue-row.ts';
import { actorOf, languageOf } from './session.ts';
import { actorName, moment } from './words.ts';

const size = 50;

/** What the rows of a list need besides the requests themselves. */
export async function rowsFor(desk: Desk, account: Account, ids: readonly string[]): Promise<Rows> {
  const lang = languageOf(desk, account);
  const names = new Map((await listAccounts(desk.keep)).map((one) => [one.id, one.name]));
  const name = (id: string) => (id === account.id ? desk.text(lang, 'queue.you') : actorName(desk, lang, names, id));
  return { desk, lang, actor: actorOf(account), turns: await turnsOf(desk.keep, ids), name };
}

export async function showQueue(desk: Desk, request: Request, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const actor = actorOf(account);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const asked = readAsked(desk, request, actor);
  const filter = filterOf(actor, asked);
  const apart = asked.view === 'mine' || asked.view === 'ended' || asked.flood !== undefined;
  const floods = apart ? [] : await floodsIn(desk.keep, filter);
  // Before the rows: what happens between the two is then shown twice, and never not at all.
  const seq = await lastChange(desk);
  const found = await listQueue(desk.keep, { ...filter, folded: floods }, asked.after, size + 1);
  const shown = found.slice(0, size);
  const last = found.length > size ? shown.at(-1) : undefined;
  const restricted = account.roles.includes('supervisor') && !account.roles.includes('protection');
  const refs = restricted ? await listQueue(desk.keep, { kinds: ['protection'], offices: actor.offices }, null, size) : [];
  const rows = await rowsFor(
    desk,
    account,
    shown.map((kase) => kase.id),
  );
  const fold = (kase: Case) => {
    const one = floods.find(({ head }) => head === kase.id);
    if (one === undefined) return false;
    return html`<p class="hint"><a href="${addressOf(asked, { flood: one.flood })}">${text('queue.alike', { count: String(one.count) })}</a></p>`;
  };
  const body = html`<div class="queue-head"><h1>${text('queue.title')}</h1>
<p class="hint"><span data-live="as-of">${text('queue.as-of', { time: moment(lang, desk.now().getTime()) })}</span> <a href="${addressOf(asked)}">${text('queue.again')}</a></p></div>
${filterBar(desk, lang, actor, asked)}
<div data-live="queue">${shown.length === 0 ? html`<p class="empty">${text('queue.empty')}</p>` : queueRows({ ...rows, fold }, shown)}
${last !== undefined && html`<p><a href="${addressOf(asked, { after: writeKey(keyOf(last)) })}">${text('queue.more')}</a></p>`}
${
  refs.length > 0 &&
  html`<section class="restricted"><h2>${text('queue.restricted')}</h2><p>${text('queue.restricted-why')}</p>
<ul>${refs.map((kase) => html`<li><bdi class="ref">${kase.ref}</bdi></li>`)}</ul></section>`
}</div>`;
  send(response, 200, page(desk, { lang, title: text('queue.title'), account, at: 'queue', live: { seq, about: 'queue' }, body }));
}
