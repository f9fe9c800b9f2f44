// How each channel is, for administrators, and the code that pairs WhatsApp. Drawn on the server; while
// a code is shown the page is loaded again by itself, for an old code is worth nothing.
import type { Response } from 'express';
import { html, type Safe } from '../http/html.ts';
import type { Account } from '../store/people.ts';
import type { ChannelState, Desk, Drawing } from './desk.ts';
import { page, send } from './layout.ts';
import { languageOf } from './session.ts';
import { reasonWords } from './words.ts';

const codeSeconds = 10;

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
${code !== undefined && pairing(code, text)}`;
  send(response, 200, page(desk, { lang, title: text('channels.title'), account, at: 'channels', body }));
}

const pairing = ({ size, path }: Drawing, text: (key: string) => string): Safe => html`<section><h2>${text('channels.scan')}</h2>
<p>${text('channels.scan-how')}</p>
<svg class="code" role="img" aria-label="${text('channels.scan-label')}" viewBox="0 0 ${size} ${size}"><path d="${path}"/></svg>
<p class="hint">${text('channels.scan-warn')}</p></section>`;
