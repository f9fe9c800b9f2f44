// The queue: who should be read first, why, and how long they have been waiting. Requests that
// somebody may only know of, not open, stand below with their ref alone.
import type { Request, Response } from 'express';
import { type Case, kinds, openStatuses } from '../case/case.ts';
import { mayRead, mayWork } from '../case/queue.ts';
import { unclaimedForADay } from '../case/retain.ts';
import { html, type Safe } from '../http/html.ts';
import { keyOf, listQueue, type QueueFilter, type QueueKey } from '../store/cases.ts';
import { type Flood, floodsIn } from '../store/floods.ts';
import type { Account } from '../store/people.ts';
import { kindMark, levelMark, reasonList, statusMark } from './badges.ts';
import type { Desk } from './desk.ts';
import { alert, page, send } from './layout.ts';
import { namesOf } from './look.ts';
import { actorOf, languageOf } from './session.ts';
import { actorName, countryName, languageName, moment, wait } from './words.ts';

const size = 50;
const views = ['open', 'new', 'mine', 'ended'] as const;
type View = (typeof views)[number];

const write = (key: QueueKey) => `${key.rank}.${key.waitingSince}.${key.id}`;
function read(given: unknown): QueueKey | null {
  const found = /^(\d)\.(\d{1,15})\.(\w{1,50})$/.exec(String(given));
  return found === null ? null : { rank: Number(found[1]), waitingSince: Number(found[2]), id: found[3] ?? '' };
}

const statusesOf: Record<View, QueueFilter['statuses']> = {
  open: undefined,
  new: ['new'],
  mine: undefined,
  ended: ['closed', 'withdrawn', 'erased'],
};

export async function showQueue(
  desk: Desk,
  request: Request,
  response: Response,
  account: Account,
  status = 200,
  problems: string[] = [],
): Promise<void> {
  const lang = languageOf(desk, account);
  const actor = actorOf(account);
  const view = views.find((one) => one === request.query['view']) ?? 'open';
  const seen = kinds.filter((kind) => mayRead(actor, kind));
  const flood = /^c_[0-9a-z]{4,40}$/.exec(String(request.query['flood']))?.[0];
  const floods =
    view === 'mine' || view === 'ended' || flood !== undefined
      ? []
      : await floodsIn(desk.keep, { kinds: seen, statuses: statusesOf[view] ?? openStatuses });
  const filter = { kinds: seen, statuses: statusesOf[view], claimedBy: view === 'mine' ? account.id : undefined, flood, folded: floods };
  const alike = new Map(floods.map((one) => [one.head, one]));
  const rows = await listQueue(desk.keep, filter, read(request.query['after']), size + 1);
  const restricted = account.roles.includes('supervisor') && !seen.includes('protection');
  const refs = restricted ? await listQueue(desk.keep, { kinds: ['protection'] }, null, size) : [];
  const names = await namesOf(desk.keep);
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;

  const row = (kase: Case): Safe => html`<li class="row ${kase.level}">
<div class="row-head">${levelMark(desk, lang, kase.level)} <a class="ref" href="/desk/cases/${kase.id}"><bdi>${kase.ref}</bdi></a> ${kindMark(desk, lang, kase)} ${statusMark(desk, lang, kase)}</div>
<div class="row-why">${reasonList(desk, lang, kase)}</div>
<p class="row-facts"><b>${kase.closedAt === null ? text(kase.status === 'waiting_person' ? 'queue.answered' : 'queue.waiting', { wait: wait(desk, lang, kase.waitingSince) }) : moment(lang, kase.closedAt)}</b>
${unclaimedForADay(kase, desk.now().getTime()) && html`<b>${text('queue.unclaimed-day')}</b>`}
<span>${languageName(lang, kase.language)}</span> <span>${kase.country !== null && countryName(lang, kase.country)}</span> <span>${text(`channel.${kase.channel}`)}</span>
${kase.claimedBy !== null && html`<span>${text('queue.claimed-by', { name: holder(kase.claimedBy) })}</span>`}</p>
${
  kase.status === 'new' &&
  mayWork(actor, kase.kind) &&
  html`<form method="post" action="/desk/cases/${kase.id}/claim"><button aria-label="${text('act.claim-ref', { ref: kase.ref })}">${text('act.claim')}</button></form>`
}
${folded(alike.get(kase.id))}</li>`;
  const folded = (one: Flood | undefined) =>
    one !== undefined &&
    html`<p class="hint"><a href="/desk?view=${view}&amp;flood=${one.flood}">${text('queue.alike', { count: String(one.count) })}</a></p>`;
  const holder = (id: string) => (id === account.id ? text('queue.you') : actorName(desk, lang, names, id));

  const body = html`<div class="queue-head"><h1>${text('queue.title')}</h1>
<p class="hint">${text('queue.as-of', { time: moment(lang, desk.now().getTime()) })} <a href="/desk?view=${view}">${text('queue.again')}</a></p></div>
${alert(problems)}
<nav class="tabs" aria-label="${text('queue.views')}"><ul>
${views.map((one) => html`<li><a href="/desk?view=${one}"${one === view && html` aria-current="page"`}>${text(`queue.view.${one}`)}</a></li>`)}
</ul></nav>
${shown.length === 0 ? html`<p class="empty">${text('queue.empty')}</p>` : html`<ol class="queue">${shown.map(row)}</ol>`}
${last !== undefined && html`<p><a href="/desk?view=${view}&amp;after=${write(keyOf(last))}${flood !== undefined && `&flood=${flood}`}">${text('queue.more')}</a></p>`}
${
  refs.length > 0 &&
  html`<section class="restricted"><h2>${text('queue.restricted')}</h2><p>${text('queue.restricted-why')}</p>
<ul>${refs.map((kase) => html`<li><bdi class="ref">${kase.ref}</bdi></li>`)}</ul></section>`
}`;
  send(response, status, page(desk, { lang, title: text('queue.title'), account, at: 'queue', body }));
}
