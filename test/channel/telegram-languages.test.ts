// Everybody's own language before the strict Bot API server: from the first word to a request, then each word
// that works everywhere, and to delete everything. The server counts what Telegram would refuse.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTelegram, type Telegram } from '../../src/channel/telegram.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { type BotApi, type Person, startBotApi } from '../support/bot-api/server.ts';
import { makeWorld, shippedContent } from '../support/talk.ts';
import { toReceipt } from '../support/ways.ts';

const { flow } = await shippedContent();
type Markup = { inline_keyboard?: { text: string; callback_data: string }[][] };
let api: BotApi;
let channel: Telegram;
let made: Awaited<ReturnType<typeof makeWorld>>;
let replies: ReturnType<typeof makeReplies>;

beforeAll(async () => {
  api = await startBotApi();
  made = await makeWorld();
  const { world } = made;
  replies = makeReplies(world.log);
  channel = makeTelegram({ token: api.token, apiRoot: api.root, log: world.log, hash: (text) => world.index('log', text), now: world.now });
  await channel.start(makeReceive(world, channel, replies));
});
afterAll(async () => {
  await channel.stop();
  replies.stop();
  await api.close();
});

it.for(flow.languages)('a person goes all the way in %s, and no rule of the Bot API is broken', async (language) => {
  const { catalog } = made.world.content;
  const person: Person = api.person({ language });
  const done = async (act: () => number) => {
    made.clock.at += 3_000;
    const id = act();
    await api.waitFor(() => !api.pending().includes(id), 'it to be answered');
  };
  /** The words on the newest button of this code. */
  const labelOf = (code: string): string | undefined => {
    const sent = api.calls.filter(({ payload }) => payload['chat_id'] === person.id || payload['chat_id'] === String(person.id));
    const keys = sent.flatMap(({ payload }) => (payload['reply_markup'] as Markup | undefined)?.inline_keyboard?.flat() ?? []);
    return keys.findLast((one) => one.callback_data.endsWith(`.${code}`))?.text;
  };
  const tap = async (code: string) => {
    const label = labelOf(code);
    if (label === undefined) throw new Error(`no ${code} under ${person.last()?.text}`);
    await done(() => person.taps(label));
  };
  await done(() => person.starts());
  for (const code of [language, ...toReceipt.slice(1)]) await tap(code);
  expect(person.screen().some(({ text }) => /[0-9A-Z]{3}-[0-9A-Z]{3}/.test(text))).toBe(true);
  for (const word of ['help', 'language', 'human', 'urgent', 'stop', 'delete']) {
    const count = person.screen().length;
    const [said = ''] = (catalog.tree(language, 'interrupts') as Record<string, string[]>)[word] ?? [];
    await done(() => person.says(said));
    expect(person.screen().length, word).toBeGreaterThan(count + 1);
    await done(() => person.starts());
  }
  expect(api.violations).toEqual([]);
});
