// Whole journeys with marked names, numbers and words, and then a search of everything the product wrote:
// nothing of them in the open, and after an erasure nothing at all, not even the key.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { type BotApi, type Person, startBotApi } from '../support/bot-api/server.ts';
import { filesBelow, formsOf, traces } from '../support/canary.ts';
import { needs } from '../support/parts.ts';
import { makePostgres, type Postgres } from '../support/postgres.ts';
import { type Answer, cases, chat, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { makeRedis, type Redis } from '../support/redis.ts';
import { shippedContent } from '../support/talk.ts';
import { stepLabels, toReturnConsent } from '../support/ways.ts';

const words = {
  'the name': 'Zamira-Kanarskaya',
  'the telephone number': '375291746352',
  'words before the request': 'quince-lantern-early',
  'words to the caseworker': 'quince-lantern-written',
  "the caseworker's words": 'quince-lantern-replied',
  'a note': 'quince-lantern-noted',
  'words on Telegram': 'quince-lantern-tapped',
  'a pick of the gate': 'gate/place',
};

let api: BotApi;
let product: Product | undefined;
let redis: Redis | undefined;
let postgres: Postgres | undefined;
let data: ReturnType<typeof dataFolder>;
afterEach(async () => {
  await product?.end('SIGKILL');
  await Promise.all([redis?.end(), postgres?.end()]);
  redis = undefined;
  postgres = undefined;
  await api.close();
  data.remove();
});

const url = () => product?.url ?? '';
const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const post = (id: string, verb: string, body?: object) =>
  fetch(`${url()}/api/v1/cases/${id}/${verb}`, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
const whole = async (id: string) => (await fetch(`${url()}/api/v1/cases/${id}`, { headers })).text();

/** Somebody at the page: chooses by code, or writes. */
async function visitor() {
  let answer: Answer = await chat(url(), {});
  const { conversation } = answer;
  let count = 0;
  const replies = async (reply: object) => {
    count += 1;
    answer = await chat(url(), { conversation, reply: { id: `r${count}`, ...reply } });
  };
  return {
    conversation,
    says: (text: string) => replies({ text }),
    async looks() {
      answer = await chat(url(), { conversation });
      return answer.messages.map((message) => message.text).join('\n');
    },
    async taps(...codes: string[]) {
      for (const code of codes) {
        const choice = answer.messages.flatMap((one) => one.choices).find((one) => one.id.endsWith(`.${code}`));
        if (choice === undefined) throw new Error(`no ${code} under ${answer.messages.at(-1)?.text}`);
        await replies({ choice: choice.id });
      }
    },
  };
}

async function taps(person: Person, codes: string[]) {
  const labels = stepLabels(await shippedContent());
  for (const code of codes) {
    const count = person.screen().length;
    const shown = person.screen().flatMap((entry) => entry.buttons.flat());
    await person.taps(labels(code).find((one) => shown.includes(one)) ?? code);
    await person.waitFor(
      (screen) =>
        screen.length > count &&
        screen.slice(count).some((entry) => entry.buttons.length > 0 || /Your code|We delete everything/.test(entry.text)),
    );
  }
}

/** Everything the product wrote down or says about itself. */
async function everything(): Promise<Map<string, Buffer>> {
  const places = filesBelow(data.path);
  // Of PostgreSQL every page and its log.
  for (const server of [redis, postgres]) if (server) for (const [path, bytes] of filesBelow(server.folder)) places.set(path, bytes);
  places.set('its output', Buffer.from(product?.output() ?? ''));
  for (const path of ['/metrics', '/readyz', '/healthz'])
    places.set(path, Buffer.from(await (await fetch(`${url()}${path}`)).arrayBuffer()));
  return places;
}

/** Keys and sealed values of all cases, as they stand in the files. */
async function secretsOf(): Promise<string[]> {
  const read = async (file: string, sql: string) => {
    if (postgres !== undefined) return (await postgres.sql(sql)).map((row) => String(row['value'])).filter((text) => text.length > 40);
    const database = new DatabaseSync(join(data.path, file), { readOnly: true });
    const rows = database.prepare(sql).all();
    database.close();
    return rows.map((row) => String(row['value'])).filter((text) => text.length > 40);
  };
  const tables = ['cases', 'messages', 'notes', 'addresses', 'kept', 'outbox'];
  const sealed = await Promise.all(tables.map((table) => read('keep.sqlite', `SELECT sealed AS value FROM ${table}`)));
  const keys = await read('keys.sqlite', `SELECT wrapped AS value FROM ${postgres === undefined ? '' : 'avr_keys.'}case_keys`);
  return [...keys, ...sealed.flat()].map((text) => text.slice(9));
}

describe.each(['embedded stores', 'Redis and PostgreSQL'] as const)('people who trusted the product, on %s', (stores) => {
  const both = stores === 'Redis and PostgreSQL';
  const run = both && [needs('redis'), needs('postgres')].includes(true) ? it.skip : it;

  run('stand in the open nowhere, and once erased leave neither words nor keys', async () => {
    api = await startBotApi({ token: '123456:strict-server-token-for-tests' });
    data = dataFolder();
    const settings: Record<string, string> = { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.root };
    if (both) {
      [redis, postgres] = await Promise.all([makeRedis(), makePostgres(true)]);
      await Promise.all([redis.start(), postgres.start()]);
      Object.assign(settings, {
        REDIS_URL: redis.url,
        DATABASE_URL: postgres.url('postgres'),
        SEAL_KEY: Buffer.alloc(32, 5).toString('base64'),
      });
    }
    product = await startProduct(data.path, settings);

    // On the page: everything a return request asks for, a telephone number among it, then words both ways.
    const one = await visitor();
    await one.taps('en', 'by');
    await one.says(words['words before the request']);
    await one.taps(...toReturnConsent.slice(2), 'yes', 'iq', 'one', 'baby', '~done', 'sleep', '~done', 'call');
    await one.says(`+${words['the telephone number']}`);
    await one.taps('any', 'none', 'any', 'send');
    await until(async () => (await cases(url())).length === 1, 'the request stands in the queue');
    const id = (await cases(url()))[0]?.id ?? '';
    await one.says('hello');
    await one.taps('write');
    await one.says(words['words to the caseworker']);
    await post(id, 'claim');
    await post(id, 'reply', { text: words["the caseworker's words"] });
    await post(id, 'note', { text: words['a note'] });
    await until(async () => (await one.looks()).includes(words["the caseworker's words"]), 'the reply is shown');
    await until(async () => (await whole(id)).includes(words['words to the caseworker']), 'the words reach the desk');

    // On Telegram: a name, a number of the chat, and words.
    const two = api.person({ name: words['the name'], language: 'en' });
    await two.starts();
    await two.waitFor((screen) => screen.some((entry) => entry.buttons.flat().includes('Français')));
    await taps(two, ['en', 'by', 'return', 'yes', 'questions', 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes', 'yes']);
    await until(async () => (await cases(url())).length === 2, 'the second request stands in the queue');
    const other = (await cases(url())).find((kase) => kase.id !== id)?.id ?? '';
    await post(other, 'claim');
    await post(other, 'reply', { text: words["the caseworker's words"] });
    await two.waitFor((screen) => screen.some((entry) => entry.text.includes(words["the caseworker's words"])));
    two.says(words['words on Telegram']);
    await until(async () => (await whole(other)).includes(words['words on Telegram']), 'the words on Telegram reach the desk');

    const marked = { ...words, 'the conversation': one.conversation, 'the bot token': api.token, 'the number of the chat': `"${two.id}"` };
    expect(traces(marked, await everything())).toEqual([]);
    const secrets = await secretsOf();
    expect(secrets.length).toBeGreaterThan(6);

    // Both have everything deleted.
    await one.says('DELETE');
    await one.taps('delete-all');
    const before = two.screen().length;
    two.says('DELETE');
    await two.waitFor((screen) => screen.slice(before).some((entry) => entry.buttons.length > 0));
    await taps(two, ['delete-all']);
    await until(
      async () => (await Promise.all([whole(id), whole(other)])).every((text) => text.includes('"status":"erased"')),
      'both are erased',
    );
    // On PostgreSQL the hourly upkeep writes the table of keys anew (test/store/postgres-copies.test.ts); here nothing finds them.
    await until(async () => new Set(await secretsOf()).isDisjointFrom(new Set(secrets)), 'no row holds a key or a sealed value of theirs');
    const leftKeys = () => {
      const files = [...filesBelow(data.path)].filter(([path]) => path.includes('keys.sqlite'));
      return secrets.filter((secret) => files.some(([, bytes]) => bytes.includes(secret)));
    };
    expect(leftKeys()).toEqual([]);
    expect(traces(marked, await everything())).toEqual([]);
    await product.end('SIGTERM');
    const after = filesBelow(data.path);
    expect(secrets.filter((secret) => [...after.values()].some((bytes) => bytes.includes(secret)))).toEqual([]);
  });
});

describe('the search itself', () => {
  it.for(['plain', 'hex', 'base64', 'utf16le', 'address', 'escaped'])('finds a word written down in %s', (form) => {
    const word = words['the name'];
    const written: Record<string, Buffer> = {
      plain: Buffer.from(`x${word}`),
      hex: Buffer.from(Buffer.from(word).toString('hex')),
      base64: Buffer.from(Buffer.from(`{"a":"${word}"}`).toString('base64')),
      utf16le: Buffer.from(word, 'utf16le'),
      address: Buffer.from(encodeURIComponent(word)),
      escaped: Buffer.from([...word].map((sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')),
    };
    expect(formsOf(word).some((one) => written[form]?.includes(one))).toBe(true);
  });
});
