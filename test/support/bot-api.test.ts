// The stand-in refuses what Telegram refuses, and the bot's own rules on top: a gate that cannot fail
// would prove nothing about the bot.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BotApi, type Person, samples, startBotApi } from './bot-api/server.ts';

type Answer = { status: number; body: { ok: boolean; result?: unknown; description?: string; parameters?: Record<string, number> } };

let api: BotApi;
let zohra: Person;

beforeEach(async () => {
  api = await startBotApi();
  zohra = api.person({ name: 'Zohra' });
});
afterEach(() => api.close());

async function post(
  method: string,
  body: string | FormData | URLSearchParams | undefined,
  headers: Record<string, string> = {},
  token = api.token,
): Promise<Answer> {
  const response = await fetch(`${api.root}/bot${token}/${method}`, { method: 'POST', ...(body === undefined ? {} : { body }), headers });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
const call = (method: string, payload: Record<string, unknown> = {}) =>
  post(method, JSON.stringify(payload), { 'content-type': 'application/json' });
const updates = async (payload: Record<string, unknown> = {}) =>
  (await call('getUpdates', payload)).body.result as Record<string, unknown>[];
const say = (text: string, more: Record<string, unknown> = {}) => call('sendMessage', { chat_id: zohra.id, text, ...more });
const buttons = (...rows: string[][]) => ({
  reply_markup: { inline_keyboard: rows.map((row) => row.map((label) => ({ text: label, callback_data: `5f.${label}` }))) },
});
const description = (answer: Answer) => answer.body.description;
/** The violations so far, which are then forgotten. */
const violations = () => api.violations.splice(0);

test('a wrong token is unauthorized, in the shape of a real refusal', async () => {
  const answer = await post('getMe', undefined, {}, '1:wrong');
  expect(answer).toEqual({ status: 401, body: { ok: false, error_code: 401, description: 'Unauthorized' } });
  expect((await call('getMe')).body.result).toMatchObject({ is_bot: true, username: api.username });
});

test('a method, a path or a verb the bot has no use for is a violation', async () => {
  expect((await call('getFile', { file_id: 'x' })).status).toBe(404);
  expect((await call('getme')).status).toBe(404);
  await fetch(`${api.root}/file/bot${api.token}/photos/1.jpg`);
  await fetch(`${api.root}/bot${api.token}/getMe`);
  expect(violations()).toHaveLength(4);
});

test('every payload Telegram or our own rules refuse is a violation', async () => {
  zohra.says('hi');
  await say('kept', buttons(['Yes']));
  const id = zohra.last()?.id;
  const wrong: [string, Record<string, unknown>, string][] = [
    ['sendMessage', { chat_id: zohra.id }, 'message text is empty'],
    ['sendMessage', { chat_id: zohra.id, text: ' \n' }, 'message text is empty'],
    ['sendMessage', { chat_id: zohra.id, text: 'x'.repeat(4_097) }, 'message is too long'],
    ['sendMessage', { chat_id: String(zohra.id), text: 'x' }, 'chat_id must be an Integer'],
    ['sendMessage', { chat_id: zohra.id, text: 'x', parse_mode: 'HTML' }, ''],
    ['sendMessage', { chat_id: zohra.id, text: 'x', link_preview_options: { is_disabled: false } }, ''],
    [
      'sendMessage',
      { chat_id: zohra.id, text: 'x', reply_markup: { inline_keyboard: [[{ text: 'x', url: 'https://e.org' }]] } },
      'BUTTON_DATA_INVALID',
    ],
    ['sendMessage', { chat_id: zohra.id, text: 'x', ...buttons(['é'.repeat(31)]) }, 'BUTTON_DATA_INVALID'],
    ['sendMessage', { chat_id: zohra.id, text: 'x', ...buttons(['']) }, 'text buttons are unallowed in the inline keyboard'],
    ['sendMessage', { chat_id: zohra.id, text: 'x', ...buttons([]) }, 'empty keyboard row'],
    ['sendMessage', { chat_id: zohra.id, text: 'x', reply_markup: { keyboard: [] } }, ''],
    ['editMessageText', { chat_id: zohra.id, message_id: id, text: '' }, 'message text is empty'],
    ['editMessageText', { chat_id: zohra.id, text: 'x' }, 'message identifier is not specified'],
    ['editMessageReplyMarkup', { chat_id: zohra.id, message_id: id, text: 'x' }, ''],
    ['answerCallbackQuery', {}, ''],
    ['answerCallbackQuery', { callback_query_id: '1', text: 'x'.repeat(201) }, 'MESSAGE_TOO_LONG'],
    ['sendChatAction', { chat_id: zohra.id, action: 'singing' }, 'wrong parameter action in request'],
    ['setMyCommands', { commands: [{ command: 'SOS', description: 'x' }] }, 'BOT_COMMAND_INVALID'],
    ['setMyCommands', { commands: [{ command: 'x'.repeat(33), description: 'x' }] }, 'BOT_COMMAND_INVALID'],
    ['setMyCommands', { commands: [{ command: 'sos', description: 'x'.repeat(257) }] }, 'BOT_COMMAND_DESCRIPTION_INVALID'],
    ['setMyCommands', { commands: [], language_code: 'ckb' }, 'invalid language code specified'],
    ['setMyDescription', { description: 'x'.repeat(513) }, 'description is too long'],
    ['setMyShortDescription', { short_description: 'x'.repeat(121) }, 'short description is too long'],
    ['getUpdates', { limit: 101 }, ''],
    ['getUpdates', { offset: -1 }, 'negative offsets forget updates'],
    ['getUpdates', { allowed_updates: ['inline_query'] }, ''],
    ['deleteWebhook', { drop_pending_updates: true }, ''],
    ['leaveChat', {}, 'chat_id must be an Integer'],
  ];
  for (const [method, payload, what] of wrong) {
    const answer = await call(method, payload);
    expect(answer.body).toMatchObject({ ok: false, error_code: 400, description: expect.stringContaining(`Bad Request: ${what}`) });
    expect(violations()[0]).toContain(`${method}: `);
  }
  expect(zohra.screen()).toHaveLength(2);
});

test('what is allowed to the last character passes', async () => {
  zohra.says('hi');
  const data = `5f.${'é'.repeat(30)}x`;
  const answer = await say('x'.repeat(4_096), { reply_markup: { inline_keyboard: [[{ text: 'x', callback_data: data }]] } });
  expect([answer.status, violations()]).toEqual([200, []]);
});

test('JSON and both kinds of form say the same', async () => {
  zohra.says('hi');
  const fields = { chat_id: String(zohra.id), text: '7', reply_markup: JSON.stringify(buttons(['Yes']).reply_markup) };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  expect((await post('sendMessage', form)).status).toBe(200);
  expect((await post('sendMessage', new URLSearchParams(fields))).status).toBe(200);
  expect(zohra.screen().slice(1)).toMatchObject([
    { text: '7', buttons: [['Yes']] },
    { text: '7', buttons: [['Yes']] },
  ]);
  expect(violations()).toEqual([]);
  form.set('text', new Blob(['file']), 'a.txt');
  await post('sendMessage', form);
  await post('sendMessage', '{', { 'content-type': 'application/json' });
  await post('sendMessage', '<x/>', { 'content-type': 'text/xml' });
  expect(violations()).toEqual(['sendMessage: text: a file', "sendMessage: can't parse JSON object", 'sendMessage: content type text/xml']);
});

test('an update comes again until a higher offset confirms it, and never more than the limit', async () => {
  const ids = ['1', '2', '3'].map((text) => zohra.says(text));
  expect(await updates({ limit: 2 })).toMatchObject([{ update_id: ids[0] }, { update_id: ids[1] }]);
  expect(await updates({ offset: ids[1] })).toMatchObject([{ update_id: ids[1], message: { text: '2' } }, { update_id: ids[2] }]);
  expect([api.pending(), ids.map(api.deliveries)]).toEqual([ids.slice(1), [1, 2, 1]]);
  expect(await updates({ offset: Number(ids[2]) + 1 })).toEqual([]);
  expect(api.pending()).toEqual([]);
});

test('an offset from before an idle week confirms nothing of the new ids', async () => {
  const old = zohra.says('1');
  expect(await updates({ offset: old + 1 })).toEqual([]);
  api.jumpTo(1_000);
  zohra.says('2');
  expect(await updates({ offset: old + 1 })).toMatchObject([{ update_id: 1_000 }]);
  expect(await updates({ offset: 1_001 })).toEqual([]);
});

test('a long poll waits for words, and ends without any after its time', async () => {
  const poll = updates({ timeout: 30 });
  await api.waitFor(api.polling);
  zohra.says('hello');
  expect(await poll).toMatchObject([{ message: { text: 'hello' } }]);
  const [last] = api.pending();
  expect(await updates({ offset: Number(last) + 1, timeout: 1 })).toEqual([]);
});

test('a poller that hangs up takes nothing with it', async () => {
  const hanging = new AbortController();
  const poll = fetch(`${api.root}/bot${api.token}/getUpdates`, {
    method: 'POST',
    body: JSON.stringify({ timeout: 30 }),
    headers: { 'content-type': 'application/json' },
    signal: hanging.signal,
  });
  await api.waitFor(api.polling);
  hanging.abort();
  await expect(poll).rejects.toThrow();
  await api.waitFor(() => !api.polling());
  zohra.says('hello');
  expect(await updates()).toHaveLength(1);
});

test('of two pollers the first is turned away, and both while a webhook is set', async () => {
  const first = call('getUpdates', { timeout: 30 });
  await api.waitFor(api.polling);
  const second = call('getUpdates', { timeout: 30 });
  expect(await first).toMatchObject({
    status: 409,
    body: { description: expect.stringContaining('terminated by other getUpdates request') },
  });
  api.setWebhook();
  expect(await second).toMatchObject({ status: 409 });
  expect(await call('getUpdates')).toMatchObject({ status: 409, body: { description: expect.stringContaining('webhook is active') } });
  await call('deleteWebhook');
  expect(await updates()).toEqual([]);
});

test('a tap works only on a button that is on screen now', async () => {
  zohra.says('hi');
  await say('?', buttons(['Yes', 'No']));
  const id = zohra.last()?.id;
  const tap = zohra.taps('No');
  await call('editMessageText', { chat_id: zohra.id, message_id: id, text: '? No' });
  expect(() => zohra.taps('No')).toThrow('no button "No" on screen');
  const stale = zohra.tapsStale('5f.Yes');
  const got = await updates();
  expect(got.find(({ update_id }) => update_id === tap)).toMatchObject({
    callback_query: { data: '5f.No', message: { message_id: id, text: '?' } },
  });
  expect(got.find(({ update_id }) => update_id === stale)).toMatchObject({
    callback_query: { data: '5f.Yes', message: { message_id: id, text: '? No' } },
  });
  expect(api.unansweredTaps()).toBe(2);
});

test('a tap is acknowledged exactly once for each time it was delivered', async () => {
  zohra.says('hi');
  await say('?', buttons(['Yes']));
  zohra.taps('Yes');
  const query = async () => {
    const got = (await updates()) as { callback_query?: { id: string } }[];
    return { callback_query_id: got.at(-1)?.callback_query?.id };
  };
  const id = await query();
  expect((await call('answerCallbackQuery', id)).status).toBe(200);
  expect(description(await call('answerCallbackQuery', id))).toContain('query is too old');
  expect([violations(), api.unansweredTaps()]).toEqual([['answered a tap twice'], 0]);
  expect((await call('answerCallbackQuery', await query())).status).toBe(200);
  await call('answerCallbackQuery', { callback_query_id: '1' });
  expect(violations()).toEqual(['answered a tap that never was']);
});

test('edits are refused as Telegram refuses them', async () => {
  zohra.says('hi');
  await say('?', buttons(['Yes']));
  const ids = { chat_id: zohra.id, message_id: zohra.last()?.id };
  expect(description(await call('editMessageText', { ...ids, text: '?', ...buttons(['Yes']) }))).toContain('message is not modified');
  expect((await call('editMessageReplyMarkup', { ...ids, ...buttons(['No']) })).status).toBe(200);
  expect((await call('editMessageReplyMarkup', ids)).status).toBe(200);
  expect(description(await call('editMessageReplyMarkup', { ...ids, reply_markup: { inline_keyboard: [] } }))).toContain('not modified');
  expect(description(await call('editMessageText', { ...ids, message_id: 99_999, text: 'x' }))).toBe(
    'Bad Request: message to edit not found',
  );
  expect(description(await call('editMessageText', { ...ids, message_id: zohra.screen()[0]?.id, text: 'x' }))).toBe(
    "Bad Request: message can't be edited",
  );
  expect(violations()).toEqual([]);
});

test('nobody is written to who did not write, who blocked the bot, or who does not exist', async () => {
  expect(description(await say('x'))).toContain("can't initiate conversation");
  expect(violations()).toEqual(['wrote to somebody who never wrote']);
  zohra.says('hi');
  zohra.blocks();
  expect(await say('x')).toMatchObject({ status: 403, body: { description: 'Forbidden: bot was blocked by the user' } });
  zohra.unblocks();
  expect((await say('x')).status).toBe(200);
  expect(description(await call('sendMessage', { chat_id: 5, text: 'x' }))).toBe('Bad Request: chat not found');
  expect(violations()).toEqual(['wrote to a chat that does not exist']);
  expect((await updates()).map((update) => Object.keys(update)[1])).toEqual(['message', 'my_chat_member', 'my_chat_member']);
});

test('a group can be left, and only a group', async () => {
  zohra.says('hi');
  const group = api.group();
  expect(description(await call('leaveChat', { chat_id: group.id }))).toContain('not a member');
  group.adds();
  expect((await call('leaveChat', { chat_id: group.id })).status).toBe(200);
  expect([group.hasBot(), violations()]).toEqual([false, []]);
  await call('leaveChat', { chat_id: zohra.id });
  expect(violations()).toEqual(['left a private chat']);
  group.upgrades(-1_000_001);
  expect((await call('sendMessage', { chat_id: group.id, text: 'x' })).body.parameters).toEqual({ migrate_to_chat_id: -1_000_001 });
});

test('faults strike by method and chat, as often as planted, and are counted', async () => {
  const badi = api.person();
  for (const one of [zohra, badi]) one.says('hi');
  const limited = api.fault('sendMessage', { answer: 429, retryAfter: 7 }, { chat: zohra.id, times: 2 });
  const error = { ok: false, error_code: 429, description: 'Too Many Requests: retry after 7', parameters: { retry_after: 7 } };
  expect(await say('x')).toEqual({ status: 429, body: error });
  expect((await call('sendMessage', { chat_id: badi.id, text: 'x' })).status).toBe(200);
  expect([(await say('x')).status, (await say('x')).status, limited.hits]).toEqual([429, 200, 2]);
  api.fault('sendMessage', { answer: 403 });
  api.fault('sendMessage', { answer: 500 });
  expect([(await say('x')).status, (await say('x')).status]).toEqual([403, 500]);
  api.fault('sendMessage', { answer: 418, description: 'teapot' }, { times: 9 });
  api.clearFaults();
  expect((await say('x')).status).toBe(200);
  expect(violations()).toEqual([]);
});

test('a cut line, a slow answer and a proxy’s page look as they do from outside', async () => {
  zohra.says('hi');
  api.fault('sendMessage', { drop: 'before' });
  await expect(say('before')).rejects.toThrow();
  api.fault('sendMessage', { drop: 'after' });
  await expect(say('after')).rejects.toThrow();
  api.fault('sendMessage', { page: 502 });
  await expect(say('page')).rejects.toThrow();
  const gate = Promise.withResolvers<void>();
  api.fault('sendMessage', { slow: gate.promise });
  const slow = say('slow');
  expect((await zohra.waitFor((screen) => screen.length === 3)).map(({ text }) => text)).toEqual(['hi', 'after', 'slow']);
  gate.resolve();
  expect((await slow).status).toBe(200);
});

test('words, files, edits and settings reach the other side as they were meant', async () => {
  zohra.starts('ngo-7');
  zohra.sends(samples.voice);
  zohra.says('first');
  zohra.edits('second');
  expect(await updates()).toMatchObject([
    { message: { text: '/start ngo-7', entities: [{ type: 'bot_command' }], from: { first_name: 'Zohra', language_code: 'en' } } },
    { message: { voice: { duration: 3 } } },
    { message: { text: 'first', chat: { id: zohra.id, type: 'private' } } },
    { edited_message: { text: 'second', edit_date: expect.any(Number) } },
  ]);
  await call('setMyCommands', { commands: [{ command: 'sos', description: 'Help' }], language_code: 'fr' });
  await call('setMyDescription', { description: 'What', language_code: 'fr' });
  await call('setMyShortDescription', { short_description: 'It' });
  expect([...api.words]).toEqual([
    ['fr', { commands: [{ command: 'sos', description: 'Help' }], description: 'What' }],
    ['', { short: 'It' }],
  ]);
  await call('sendChatAction', { chat_id: zohra.id, action: 'typing' });
  expect([zohra.typing(), violations()]).toEqual([1, []]);
});

test('waiting in vain says what was waited for', () => {
  expect(() => zohra.tapsStale('5f.x')).toThrow('nothing was ever on screen');
  expect(() => zohra.edits('x')).toThrow('nothing to edit');
  zohra.says('x');
  expect(() => api.jumpTo(5)).toThrow('updates still wait');
});
