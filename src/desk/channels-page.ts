// How everything that carries words is, for administrators: each channel with the code that pairs
// WhatsApp, what waits between bot and desk, replies to people, other systems. While a code is shown
// the page is loaded again by itself, for an old code is worth nothing.
import type { Response } from 'express';
import { html, type Safe } from '../http/html.ts';
import { type Fared, fared } from '../store/delivery-health.ts';
import { listEndpoints } from '../store/endpoints.ts';
import { asideCount, oldestAge, stuckEvents } from '../store/outbox.ts';
import type { Account } from '../store/people.ts';
import type { ChannelState, Desk, Drawing } from './desk.ts';
import { endpointMark } from './endpoints-page.ts';
import { page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { reasonWords, slug, span } from './words.ts';

const codeSeconds = 10;
const lately = 7 * 24 * 3_600_000;
/** Longer than that on the way between bot and desk, and somebody should look. */
const slow = 60_000;

export async function showChannels(desk: Desk, response: Response, account: Account): Promise<void> {
  const lang = languageOf(desk, account);
  const text = (key: string) => desk.text(lang, key);
  const channels = desk.channels?.() ?? [];
  const code = channels.find((one) => one.code !== undefined)?.code;
  if (code !== undefined) response.set('Refresh', String(codeSeconds));
  const row = ({ name, state, reason }: ChannelState) =>
    html`<li class="person"><p><b>${text(`channel.${name}`)}</b> <span class="status">${text(`channels.state.${state}`)}</span></p>
${reason !== undefined && html`<p>${reasonWords(desk, lang, reason)}</p>`}</li>`;
  const body = html`<h1>${text('channels.title')}</h1>
${channels.length === 0 ? html`<p>${text('channels.none')}</p>` : html`<ul class="people">${channels.map(row)}</ul>`}
<p><a href="/desk/channels">${text('channels.again')}</a></p>
${await delivery(desk, lang)}
${code !== undefined && pairing(code, text)}`;
  send(response, 200, page(desk, { lang, title: text('channels.title'), account, at: 'channels', body }));
}

const pairing = ({ size, path }: Drawing, text: (key: string) => string): Safe => html`<section><h2>${text('channels.scan')}</h2>
<p>${text('channels.scan-how')}</p>
<svg class="code" role="img" aria-label="${text('channels.scan-label')}" viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>
<p class="hint">${text('channels.scan-warn')}</p></section>`;

/** What is on its way, in numbers. */
async function delivery(desk: Desk, lang: string): Promise<Safe> {
  const text = (key: string, values?: Record<string, string>) => desk.text(lang, key, values);
  const now = desk.now().getTime();
  const age = await oldestAge(desk.keep, now);
  const [aside, stuck] = [await asideCount(desk.keep), await stuckEvents(desk.keep)];
  const replies = await fared(desk.keep, now - lately);
  const endpoints = await listEndpoints(desk.keep, desk.seal);
  const word = ({ state, reason }: Fared) => `${text(`state.${state}`)}${reason === null ? '' : `: ${text(`failed.${slug(reason)}`)}`}`;
  return html`<section><h2>${text('channels.between')}</h2>
<p>${age > slow ? html`<b class="late">${text('channels.oldest', { wait: span(desk, lang, age) })}</b>` : text('channels.flows')}</p>
${stuck > 0 && html`<p class="late">${text('channels.stuck', { count: String(stuck) })}</p>`}
${aside > 0 && html`<p class="late">${text('channels.aside', { count: String(aside) })}</p>`}</section>
<section><h2>${text('channels.replies')}</h2>
${
  replies.length === 0
    ? html`<p class="empty">${text('channels.no-replies')}</p>`
    : html`<table><thead><tr>${['name', 'outcome', 'count'].map((name) => html`<th scope="col">${text(`channels.column.${name}`)}</th>`)}</tr></thead>
<tbody>${replies.map((one) => html`<tr><th scope="row">${text(`channel.${one.channel}`)}</th><td>${word(one)}</td><td>${one.count}</td></tr>`)}</tbody></table>`
}</section>
<section><h2>${text('endpoints.title')}</h2>
${
  endpoints.length === 0
    ? html`<p class="empty">${text('endpoints.none')}</p>`
    : html`<ul class="people">${endpoints.map(
        (
          one,
        ) => html`<li class="person"><p><a href="/desk/endpoints/${one.id}"><bdi>${one.name}</bdi></a> ${endpointMark(desk, lang, one)}</p>
${one.failingSince !== null && html`<p class="late">${text('endpoints.failing', { wait: span(desk, lang, now - one.failingSince) })}</p>`}</li>`,
      )}</ul>`
}</section>`;
}
