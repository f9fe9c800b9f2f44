// What a person reads on a telephone of 360 pixels: on a channel with buttons no label is cut, in any
// language; and the pictures for the docs, made with PICTURES=1.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTelegram } from '../../src/channel/telegram.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { startBotApi } from '../support/bot-api/server.ts';
import { launch } from '../support/chromium.ts';
import { needs } from '../support/parts.ts';
import { makeTalk, makeWorld, shippedContent } from '../support/talk.ts';
import { type Bubble, transcriptPage } from '../support/transcript.ts';
import { toReceipt } from '../support/ways.ts';

describe.skipIf(needs('chromium'))('a chat on a narrow telephone', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  /** Labels that do not fit their button; takes a picture of the end of the chat when it is asked for. */
  async function shown(language: string, bubbles: Bubble[], picture?: string): Promise<string[]> {
    const { catalog } = await shippedContent();
    const { page: markup, style } = transcriptPage(language, catalog.direction(language), bubbles);
    const page = await browser.newPage({ viewport: { width: 360, height: 560 }, deviceScaleFactor: 2 });
    await page.setContent(markup);
    await page.addStyleTag({ content: style });
    const cut = await page.evaluate(
      `[...document.querySelectorAll('.row span')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)`,
    );
    if (picture !== undefined && process.env['PICTURES'] === '1') {
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      await page.screenshot({ path: `docs/pictures/${picture}.png` });
    }
    await page.close();
    return cut as string[];
  }

  /** Somebody on Telegram, before the strict stand-in, along a whole way. */
  async function onTelegram(language: string, codes: string[]): Promise<Bubble[]> {
    const api = await startBotApi();
    const { world } = await makeWorld();
    const replies = makeReplies(world.log);
    const channel = makeTelegram({ token: api.token, apiRoot: api.root, log: world.log, hash: (text) => text.slice(0, 1), now: world.now });
    await channel.start(makeReceive(world, channel, replies));
    const person = api.person({ language });
    /** The label of this code at the question that was sent or changed last. */
    const labelOf = (code: string): string => {
      type Sent = { reply_markup?: { inline_keyboard: { text: string; callback_data: string }[][] } };
      const rows = api.calls.map(({ payload }) => (payload as Sent).reply_markup?.inline_keyboard ?? []);
      return (
        rows
          .findLast((one) => one.length > 0)
          ?.flat()
          .find((one) => one.callback_data.endsWith(`.${code}`))?.text ?? code
      );
    };
    const done = (id: number) => api.waitFor(() => !api.pending().includes(id), 'it to be confirmed');
    const bubbles: Bubble[] = [];
    const collect = () => {
      for (const { from, text, buttons } of person.screen().slice(-3))
        if (from === 'bot' && buttons.length > 0) bubbles.push({ from: 'us', text, buttons });
    };
    await done(person.starts());
    for (const code of codes) {
      collect();
      await done(person.taps(labelOf(code)));
    }
    const whole = person.screen().map(({ from, text, buttons }): Bubble => ({ from: from === 'bot' ? 'us' : 'them', text, buttons }));
    expect(api.violations).toEqual([]);
    await channel.stop();
    replies.stop();
    await api.close();
    return [...bubbles, ...whole];
  }

  it('shows every label whole, in every language', async () => {
    const { flow } = await shippedContent();
    for (const language of flow.languages)
      expect(await shown(language, await onTelegram(language, [language, ...toReceipt.slice(1)])), language).toEqual([]);
  });

  it('looks like this on a channel with buttons', async () => {
    const chat = (await onTelegram('en', toReceipt.slice(0, 6))).slice(-2);
    expect(await shown('en', chat, 'telegram')).toEqual([]);
  });

  it('looks like this on a channel with numbers', async () => {
    const talk = await makeTalk({ channel: 'whatsapp', choices: 'numbers' });
    const chat: Bubble[] = [];
    for (const text of ['hello', '1', '1']) {
      const before = talk.seen.length;
      await talk.says(text);
      chat.push({ from: 'them', text }, ...talk.seen.slice(before).map((one): Bubble => ({ from: 'us', text: one.text })));
    }
    expect(await shown('en', chat.slice(-4), 'whatsapp')).toEqual([]);
  });
});
