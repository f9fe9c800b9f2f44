// Messages to a caseworker while the server is killed again and again, or told to stop: each chat writes
// four in a row, and the end comes in the middle of them. What arrived is read at the desk.
import { describe, expect, it } from 'vitest';
import { type Person, startBotApi } from '../support/bot-api/server.ts';
import { cases, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { begins, refOf, short, walk } from '../support/telegram-people.ts';

const chats = 3;
/** A person may write fast, but not without end. */
const roundsEach = 5;
const perRound = 4;

/** Far above what seventy starts take on two cores. */
const hangLimit = 480_000;

type Run = { mode: 'polling' | 'webhook'; kills: number };

async function theirWords(url: string, ref: string): Promise<string[]> {
  const found = (await cases(url)).find((one) => one.ref === ref);
  const answer = await fetch(`${url}/api/v1/cases/${found?.id}`, { headers: { authorization: `Bearer ${token}` } });
  const { messages } = (await answer.json()) as { messages: { from: string; text: string }[] };
  return messages.flatMap((message) => (message.text.startsWith('word ') ? [message.text] : []));
}

describe.concurrent('four messages in one chat, and an end in the middle of them', () => {
  it.for<Run>([
    { mode: 'polling', kills: 50 },
    { mode: 'webhook', kills: 20 },
  ])('$kills times by $mode: none is lost, none arrives twice, and their order is kept', { timeout: hangLimit }, async ({
    mode,
    kills,
  }) => {
    const api = await startBotApi({ token: '123456:strict-server-token-for-tests' });
    const data = dataFolder();
    const start = () =>
      startProduct(data.path, {
        TELEGRAM_BOT_TOKEN: api.token,
        TELEGRAM_API_ROOT: api.root,
        TELEGRAM_MODE: mode,
        NODE_COMPILE_CACHE: `${data.path}/compiled`,
      });
    let product: Product = await start();
    const writers = Array.from({ length: Math.ceil(kills / roundsEach) * chats }, () => api.person({ language: 'en' }));
    const ready = async (person: Person) => {
      await begins(person);
      await walk(person, short);
      person.starts();
      await person.waitFor((screen) => screen.at(-1)?.buttons.flat().includes('Write a message') === true, 'their request');
      await walk(person, ['write']);
      return { person, from: person.screen().length, wrote: [] as string[] };
    };
    const all = await Promise.all(writers.map(ready));
    await api.waitFor(() => api.pending().length === 0, 'their ways to be confirmed');

    const answered = () => all.reduce((sum, { person, from }) => sum + person.screen().length - from, 0);
    let midway = 0;
    for (let round = 0; round < kills; round += 1) {
      const group = all.slice(Math.floor(round / roundsEach) * chats).slice(0, chats);
      const before = answered();
      for (let i = 0; i < perRound; i += 1)
        for (const one of group) {
          const text = `word ${one.wrote.length}`;
          one.wrote.push(text);
          one.person.says(text);
        }
      const own = chats * perRound;
      // Every round ends after another number of answers.
      const target = (round * 7) % own;
      await until(async () => answered() - before - own >= target || api.pending().length === 0, 'the moment to end', 20_000);
      const left = api.pending().length;
      if (left > 0) midway += 1;
      await product.end(round % 2 === 0 ? 'SIGKILL' : 'SIGTERM');
      product = await start();
    }

    await api.waitFor(() => api.pending().length === 0, 'all to be confirmed');
    expect(midway).toBeGreaterThan(kills / 3);
    await until(async () => (await fetch(`${product.url}/metrics`)).ok, 'the desk');
    for (const { person, from, wrote } of all) {
      await until(async () => (await theirWords(product.url, refOf(person))).length >= wrote.length, 'all words at the desk', 20_000);
      expect(await theirWords(product.url, refOf(person))).toEqual(wrote);
      const answers = person
        .screen()
        .slice(from)
        .filter((one) => one.from === 'bot');
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
      expect(answers.length).toBeGreaterThanOrEqual(wrote.length);
    }
    expect(api.violations).toEqual([]);
    await product.end('SIGKILL');
    await api.close();
    data.remove();
  });
});
