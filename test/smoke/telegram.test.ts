import { afterEach, describe, expect, it } from 'vitest';
import { type BotApi, samples, startBotApi } from '../support/bot-api/server.ts';
import { cases, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { shippedContent } from '../support/talk.ts';
import { begins, short, walk } from '../support/telegram-people.ts';

let api: BotApi;
let product: Product | undefined;
let data: ReturnType<typeof dataFolder>;

afterEach(async () => {
  await product?.end('SIGKILL');
  await api.close();
  data.remove();
});

async function start(mode: 'polling' | 'webhook' = 'polling') {
  api = await startBotApi({ token: '123456:strict-server-token-for-tests' });
  data = dataFolder();
  product = await startProduct(data.path, { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.root, TELEGRAM_MODE: mode });
}

describe('a person on Telegram', () => {
  it.for([
    'polling',
    'webhook',
  ] as const)('reaches a caseworker by %s, reads the answer and writes back, and no rule of the Bot API is broken', async (mode) => {
    await start(mode);
    expect(product?.output()).toMatch(
      mode === 'polling' ? /^Telegram +on, by long polling/m : /^Telegram +on, by webhook at http.*\/telegram$/m,
    );
    const person = api.person({ language: 'en' });
    await begins(person);
    await walk(person, short);
    await until(async () => (await cases(product?.url ?? '')).length === 1, 'the case stands in the queue');
    const [found] = await cases(product?.url ?? '');
    expect(person.screen().some((entry) => entry.text.includes(found?.ref ?? 'none'))).toBe(true);

    const post = (path: string, body?: object) =>
      fetch(`${product?.url}/api/v1/cases/${found?.id}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    await post('claim');
    await post('reply', { text: 'Hello, this is the team.' });
    await person.waitFor((screen) => screen.some((entry) => entry.text.includes('Hello, this is the team.')), 'the reply');
    await person.says('Thank you for writing');
    const view = async () =>
      (await fetch(`${product?.url}/api/v1/cases/${found?.id}`, { headers: { authorization: `Bearer ${token}` } })).text();
    await until(async () => (await view()).includes('Thank you for writing'), 'the words reach the desk');
    expect(api.violations).toEqual([]);
    expect(product?.output()).not.toMatch(/Thank you for writing|strict-server-token/);
  });

  it('meets kindness with a photo, a group and a button of yesterday', async () => {
    await start();
    const person = api.person({ language: 'fr' });
    await begins(person);
    await walk(person, ['fr']);
    await person.sends(samples.photo);
    await person.waitFor((screen) => screen.some((entry) => /photo/i.test(entry.text) && entry.from === 'bot'), 'a kind answer');
    const closed = (await shippedContent()).catalog.text('fr', 'common', 'notices.closed');
    await person.tapsStale('0.fr');
    await person.waitFor((screen) => screen.some((entry) => entry.text.includes(closed)), 'the question is closed');
    const group = api.group();
    await group.adds();
    await group.says('hello');
    await until(async () => !group.hasBot(), 'the bot leaves the group');
    expect(api.calls.map((call) => call.method)).not.toContain('getFile');
    expect(api.violations).toEqual([]);
  });
});
