// Which part of the queue somebody looks at: a view and what narrows it, all of it in the address, and
// none of it anything about a person. An unknown value is no filter: old links still open.
import type { Request } from 'express';
import { type Actor, kinds, levels, openStatuses, type Status } from '../case/case.ts';
import { mayRead } from '../case/queue.ts';
import { html, type Safe } from '../http/html.ts';
import type { QueueFilter, QueueKey } from '../store/cases.ts';
import type { Desk } from './desk.ts';
import { languageName, officeName, slug } from './words.ts';

const views = ['open', 'new', 'mine', 'ended'] as const;
type View = (typeof views)[number];

const channels = ['telegram', 'whatsapp', 'web', 'terminal'] as const;
const narrow = ['status', 'kind', 'level', 'language', 'channel', 'office'] as const;
type Narrow = (typeof narrow)[number];

/** `flood`: only the requests of one. */
export type Asked = { view: View; after: QueueKey | null; flood?: string | undefined } & Partial<Record<Narrow, string>>;

export const writeKey = (key: QueueKey) => `${key.rank}.${key.waitingSince}.${key.id}`;
function readKey(given: unknown): QueueKey | null {
  const found = /^(\d)\.(\d{1,15})\.(\w{1,50})$/.exec(String(given));
  return found === null ? null : { rank: Number(found[1]), waitingSince: Number(found[2]), id: found[3] ?? '' };
}

const optionsOf = (desk: Desk, actor: Actor): Record<Narrow, readonly string[]> => ({
  status: openStatuses,
  kind: kinds.filter((kind) => mayRead(actor, kind)),
  level: levels,
  language: desk.languages,
  channel: channels,
  office: actor.offices?.length ? actor.offices : desk.offices,
});

export function readAsked(desk: Desk, request: Request, actor: Actor): Asked {
  const asked: Asked = {
    view: views.find((one) => one === request.query['view']) ?? 'open',
    after: readKey(request.query['after']),
  };
  const flood = /^c_[0-9a-z]{4,40}$/.exec(String(request.query['flood']))?.[0];
  if (flood !== undefined) asked.flood = flood;
  const options = optionsOf(desk, actor);
  for (const name of narrow) {
    const given = options[name].find((one) => one === request.query[name]);
    if (given !== undefined && !(name === 'status' && asked.view !== 'open')) asked[name] = given;
  }
  return asked;
}

/** The same view at another place or with something else in it. */
export function addressOf(asked: Asked, change: Record<string, string> = {}): string {
  const kept = narrow.flatMap((name): [string, string][] => (asked[name] === undefined ? [] : [[name, asked[name] ?? '']]));
  return `/desk?${new URLSearchParams({ view: asked.view, ...Object.fromEntries(kept), ...(asked.flood !== undefined && { flood: asked.flood }), ...change })}`;
}

const statusesOf: Record<View, readonly Status[] | undefined> = {
  open: undefined,
  new: ['new'],
  mine: undefined,
  ended: ['closed', 'withdrawn', 'erased'],
};

export function filterOf(actor: Actor, asked: Asked): QueueFilter {
  const one = <T extends string>(list: readonly T[], value: string | undefined) => list.find((item) => item === value);
  const status = one(openStatuses, asked.status);
  const kind = one(kinds, asked.kind);
  return {
    kinds: kinds.filter((each) => mayRead(actor, each) && (kind === undefined || kind === each)),
    statuses: status === undefined ? statusesOf[asked.view] : [status],
    claimedBy: asked.view === 'mine' ? actor.id : undefined,
    offices: actor.offices,
    office: asked.office,
    level: one(levels, asked.level),
    language: asked.language,
    channel: asked.channel,
    flood: asked.flood,
  };
}

/** Tabs, and below them what narrows the list; it works as a plain form. */
export function filterBar(desk: Desk, lang: string, actor: Actor, asked: Asked): Safe {
  const text = (key: string) => desk.text(lang, key);
  const options = optionsOf(desk, actor);
  const names: Record<Narrow, (code: string) => string> = {
    status: (code) => text(`status.${slug(code)}`),
    kind: (code) => text(`kind.${code}`),
    level: (code) => text(`level.${code}`),
    language: (code) => languageName(lang, code),
    channel: (code) => text(`channel.${code}`),
    office: (code) => officeName(lang, code),
  };
  const shown = narrow.filter((name) => options[name].length > 1 && !(name === 'status' && asked.view !== 'open'));
  const active = narrow.some((name) => asked[name] !== undefined);
  const choice = (
    name: Narrow,
  ) => html`<label>${text(`filter.${name}`)} <select name="${name}"><option value="">${text('filter.all')}</option>
${options[name].map((code) => html`<option value="${code}"${asked[name] === code && html` selected`}>${names[name](code)}</option>`)}</select></label>`;
  return html`<div class="bar"><nav class="tabs" aria-label="${text('queue.views')}"><ul>
${views.map((one) => html`<li><a href="${addressOf({ ...asked, view: one, flood: undefined })}"${one === asked.view && html` aria-current="page"`}>${text(`queue.view.${one}`)}</a></li>`)}
</ul></nav>
<form class="find" method="post" action="/desk/find" role="search"><label>${text('find.label')} <input name="q" required maxlength="40" autocomplete="off" spellcheck="false" dir="auto"></label><button>${text('find.go')}</button></form></div>
<details class="filters"${active && html` open`}><summary>${text(active ? 'filter.on' : 'filter.title')}</summary>
<form method="get" action="/desk"><input type="hidden" name="view" value="${asked.view}">
${shown.map(choice)}
<p class="filter-go"><button>${text('filter.go')}</button>${active && html` <a href="/desk?view=${asked.view}">${text('filter.clear')}</a>`}</p></form></details>`;
}
