// Bot and desk as two processes with stores of their own, which know each other by two addresses and one
// secret: what people and caseworkers say arrives, also when the other side was away or killed meanwhile.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../support/port.ts';
import { type Answer, cases, chat, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { toReceipt } from '../support/ways.ts';

const secret = `whsec_${Buffer.alloc(32, 6).toString('base64')}`;
const folders: { remove(): void }[] = [];
const running = new Set<Product>();
afterEach(async () => {
  await Promise.all([...running].map((one) => one.end('SIGKILL')));
  running.clear();
  for (const folder of folders.splice(0)) folder.remove();
});
const folder = () => {
  const made = dataFolder();
  folders.push(made);
  return made.path;
};

async function pair() {
  const [botPort, deskPort] = [await freePort(), await freePort()];
  const side = (role: 'bot' | 'desk') => {
    const data = folder();
    const other =
      role === 'bot'
        ? { PORT: String(botPort), HANDOFF_URL: `http://127.0.0.1:${deskPort}/hooks/cases` }
        : { PORT: String(deskPort), MESSAGES_URL: `http://127.0.0.1:${botPort}/hooks/messages` };
    let product: Product;
    return {
      url: () => product.url,
      output: () => product.output(),
      async start() {
        product = await startProduct(data, { ROLE: role, HANDOFF_SECRET: secret, ...other });
        running.add(product);
      },
      async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL') {
        running.delete(product);
        return product.end(signal);
      },
    };
  };
  return { bot: side('bot'), desk: side('desk') };
}

async function walk(url: string, codes = toReceipt): Promise<Answer> {
  let answer = await chat(url, {});
  for (const code of codes) {
    const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
    expect(choice, `${code} under ${answer.messages.at(-1)?.text}`).toBeDefined();
    answer = await chat(url, { conversation: answer.conversation, reply: { choice: choice?.id ?? '' } });
  }
  return answer;
}
const act = (url: string, path: string, body?: object) =>
  fetch(`${url}/api/v1/cases/${path}`, {
    method: body === undefined && !path.includes('/') ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

describe('bot and desk in processes of their own', () => {
  it('bring a request to a caseworker and the answer back, though each was away and killed for a while', async () => {
    const { bot, desk } = await pair();
    await Promise.all([bot.start(), desk.start()]);
    // Each answers what is its own and nothing else.
    const status = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;
    expect(await Promise.all([status(`${desk.url()}/chat`), status(`${bot.url()}/desk`), status(`${bot.url()}/api/v1/cases`)])).toEqual([
      404, 404, 404,
    ]);
    expect(await Promise.all([status(`${bot.url()}/readyz`), status(`${desk.url()}/readyz`)])).toEqual([200, 200]);

    // The desk is down while somebody asks: they are served, and their request waits.
    await desk.end();
    const { conversation } = await walk(bot.url());
    await bot.end();
    await bot.start();
    await desk.start();
    await until(async () => (await cases(desk.url())).length === 1, 'the request stands in the queue');
    const id = (await cases(desk.url()))[0]?.id ?? '';

    // The bot is down while a caseworker answers: the words wait at the desk, which is killed too.
    await bot.end();
    expect((await act(desk.url(), `${id}/claim`)).status).toBeLessThan(300);
    expect((await act(desk.url(), `${id}/reply`, { text: 'Good morning, we read your request.' })).status).toBe(202);
    await desk.end();
    await desk.start();
    await bot.start();
    const shown = async () => {
      // Whoever looks too often is asked to wait.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return (await chat(bot.url(), { conversation })).messages.map((one) => one.text).join('\n');
    };
    await until(async () => (await shown()).includes('Good morning'), 'the answer is shown');
    await chat(bot.url(), { conversation, reply: { id: 'back', text: 'Thank you, I wait.' } });
    await until(async () => (await (await act(desk.url(), id)).text()).includes('Thank you, I wait.'), 'the words reach the desk');
    const seen = JSON.parse(await (await act(desk.url(), id)).text()) as { messages: { state?: string; text: string }[] };
    expect(seen.messages.map((one) => one.text)).toEqual(['Good morning, we read your request.', 'Thank you, I wait.']);
    expect(bot.output() + desk.output()).not.toMatch(/Good morning|Thank you, I wait/);
    expect(await Promise.all([bot.end('SIGTERM'), desk.end('SIGTERM')])).toEqual([0, 0]);
  });

  it('offer a request for protection only while somebody at the desk can read it', async () => {
    // A desk of which only this question matters.
    let status = 204;
    const asked = createServer((request, response) => response.writeHead(request.url === '/hooks/staff' ? status : 503).end());
    await new Promise((resolve) => asked.listen(0, '127.0.0.1', () => resolve(null)));
    const url = `http://127.0.0.1:${(asked.address() as AddressInfo).port}/hooks/cases`;
    const settings = { ROLE: 'bot', HANDOFF_SECRET: secret, HANDOFF_URL: url };
    const fear = ['en', 'by', 'return', 'yes', 'questions', 'me', 'adult', 'shelter', 'no', 'yes'];
    const codes = async (product: Product) =>
      (await walk(product.url, fear)).messages.flatMap((one) => one.choices.map((choice) => choice.id.replace(/^.*\./, '')));
    const without = await startProduct(folder(), settings);
    running.add(without);
    const offered = await codes(without);
    status = 200;
    const having = await startProduct(folder(), settings);
    running.add(having);
    await until(async () => JSON.stringify(await codes(having)) !== JSON.stringify(offered), 'more is offered');
    asked.close();
  });

  it.for([
    ['bot', /HANDOFF_SECRET: ROLE=bot needs it[\s\S]*HANDOFF_URL: ROLE=bot needs it/],
    ['desk', /HANDOFF_SECRET: ROLE=desk needs it[\s\S]*MESSAGES_URL: ROLE=desk needs it/],
  ] as const)('are refused as %s alone without secret and address of the other', async ([role, says]) => {
    await expect(startProduct(folder(), { ROLE: role })).rejects.toThrow(says);
  });
});
