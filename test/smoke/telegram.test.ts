import { afterEach, describe, expect, it } from 'vitest';
import { type BotApi, type Person, samples, startBotApi } from '../support/bot-api/server.ts';
import { cases, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { shippedContent } from '../support/talk.ts';
import { stepLabels } from '../support/ways.ts';

let api: BotApi;
let product: Product | undefined;
let data: ReturnType<typeof dataFolder>;

afterEach(async () => {
  await product?.end('SIGKILL');
  await api.close();
  data.remove();
});

async function start() {
  api = await startBotApi({ token: '123456:strict-server-token-for-tests' });
  data = dataFolder();
  product = await run();
}
const run = () => startProduct(data.path, { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.root });

/** Taps what a person sees: the label of each code at the question on screen. */
async function walk(person: Person, codes: string[]) {
  const labels = stepLabels(await shippedContent());
  for (const code of codes) {
    const count = person.screen().length;
    const shown = () => person.screen().flatMap((entry) => entry.buttons.flat());
    const label = labels(code).find((one) => shown().includes(one));
    if (label === undefined) throw new Error(`no ${code} among ${shown().join(', ')} under ${person.last()?.text}`);
    await person.taps(label);
    // The answer may be several messages; the last has buttons, or is the receipt.
    const whole = (entry: ReturnType<Person['screen']>[number] | undefined) =>
      (entry?.buttons.length ?? 0) > 0 || entry?.text.includes('Your code');
    await person.waitFor((screen) => screen.length > count && screen.slice(count).some(whole), `an answer to ${code}`);
  }
}

const short = ['en', 'by', 'return', 'yes', 'questions', 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes', 'yes'];

describe('a person on Telegram', () => {
  it('reaches a caseworker, reads the answer and writes back, and the real client breaks no rule of the Bot API', async () => {
    await start();
    const person = api.person({ language: 'en' });
    await person.starts();
    await person.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Français')), 'the language question');
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
    await person.starts();
    await person.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Français')), 'the language question');
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

  it.each([
    'SIGKILL',
    'SIGTERM',
  ] as const)('who writes four messages while the server gets %s loses none of them, in order', async (signal) => {
    await start();
    const person = api.person({ language: 'en' });
    await person.starts();
    await person.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Français')), 'the language question');
    const ended = product?.end(signal);
    for (const text of ['English', 'Belarus', 'Help to return', 'Yes, it is safe']) await person.says(text);
    await ended;
    product = await run();
    await person.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Go to the questions')), 'the fourth answer');
    expect(api.violations).toEqual([]);
  });
});
