// One request in the queue, told in words: why it stands there, how long somebody waits, whether anybody
// replied, and how that compares to what the desk wants to keep. No row needs a colour to be read.
import { type Actor, type Case, isOpen, levelOf, stateOf } from '../case/case.ts';
import { works } from '../case/queue.ts';
import { unclaimedForADay } from '../case/retain.ts';
import { html, type Safe } from '../http/html.ts';
import type { Turn } from '../store/transcript.ts';
import { kindMark, levelMark, overrideWords, reasonList, statusMark } from './badges.ts';
import type { Desk } from './desk.ts';
import { countryName, languageName, moment, officeName, span } from './words.ts';

/** What a list of requests is drawn with. `name`: of an account, or "you". */
export type Rows = {
  desk: Desk;
  lang: string;
  actor: Actor;
  turns: Map<string, Turn>;
  name: (id: string) => string;
  /** What stands for many like it. */
  fold?: (kase: Case) => Safe | false;
};

const never: Turn = { firstReply: null, lastOut: null };

/** Statuses in which the wait is ours. */
const ours = ['new', 'claimed', 'waiting_us'] as const;

/** "Waiting 2 h 10 min · nobody has replied · 1 h 10 min over the target of 1 h". */
export function waitWords({ desk, lang }: Pick<Rows, 'desk' | 'lang'>, kase: Case, turn = never): Safe {
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  if (!isOpen(kase.status)) return html`<b>${kase.closedAt !== null && moment(lang, kase.closedAt)}</b>`;
  const status = stateOf(kase);
  const since = desk.now().getTime() - kase.waitingSince;
  const wait = span(desk, lang, since);
  const reply =
    turn.lastOut === 'queued'
      ? 'on-its-way'
      : turn.lastOut === 'failed'
        ? 'not-arrived'
        : turn.firstReply === null
          ? 'nobody-replied'
          : status === 'waiting_us'
            ? 'wrote-again'
            : null;
  const waiting = status === 'waiting_person' ? 'queue.answered' : status === 'appointment' ? 'queue.since' : 'queue.waiting';
  return html`<b>${text(waiting, { wait })}</b>${reply !== null && html` · <span class="reply-state ${reply}">${text(`queue.${reply}`)}</span>`}${
    ours.some((one) => one === status) && html` · ${target(desk, lang, kase, since)}`
  }`;
}

function target(desk: Desk, lang: string, kase: Case, since: number): Safe {
  const limit = desk.targets[levelOf(kase)] * 60_000;
  const left = limit - since;
  return left >= 0
    ? html`<span class="target">${desk.text(lang, 'queue.within', { wait: span(desk, lang, left) })}</span>`
    : html`<span class="target late">${desk.text(lang, 'queue.late', { wait: span(desk, lang, -left), target: span(desk, lang, limit) })}</span>`;
}

function queueRow(rows: Rows, kase: Case): Safe {
  const { desk, lang, actor, turns, name, fold } = rows;
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  return html`<li class="row ${levelOf(kase)}" data-case="${kase.id}">
<div class="row-head">${levelMark(desk, lang, levelOf(kase))} <a class="ref" href="/desk/cases/${kase.id}"><bdi>${kase.ref}</bdi></a> ${kindMark(desk, lang, kase)} ${statusMark(desk, lang, kase)}</div>
<div class="row-why">${reasonList(desk, lang, kase)}${kase.override !== null && html`<p class="override">${overrideWords(desk, lang, kase, name)}</p>`}</div>
<p class="row-wait">${waitWords(rows, kase, turns.get(kase.id))}${unclaimedForADay(kase, desk.now().getTime()) && html` · <b class="late">${text('queue.unclaimed-day')}</b>`}</p>
<p class="row-facts"><span>${languageName(lang, kase.language)}</span>${kase.country !== null && html`<span>${countryName(lang, kase.country)}</span>`}<span>${text(`channel.${kase.channel}`)}</span>${
    kase.office !== null && kase.office !== kase.country && html`<span>${officeName(lang, kase.office)}</span>`
  }${kase.claimedBy !== null && html`<span>${text('queue.claimed-by', { name: name(kase.claimedBy) })}</span>`}</p>
${
  kase.status === 'new' &&
  works(actor, kase) &&
  html`<form method="post" action="/desk/cases/${kase.id}/claim"><button aria-label="${text('act.claim-ref', { ref: kase.ref })}">${text('act.claim')}</button></form>`
}
${fold?.(kase)}</li>`;
}

export const queueRows = (rows: Rows, cases: readonly Case[]): Safe =>
  html`<ol class="queue">${cases.map((kase) => queueRow(rows, kase))}</ol>`;
