import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { cases, chat, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { toReceipt } from '../support/ways.ts';

const folders: { remove(): void }[] = [];
const running: Product[] = [];
afterEach(async () => {
  for (const product of running.splice(0)) await product.end('SIGKILL');
  for (const folder of folders.splice(0)) folder.remove();
});
const started = async (settings: Record<string, string> = {}, folder = dataFolder()) => {
  folders.push(folder);
  const product = await startProduct(folder.path, settings);
  running.push(product);
  return { product, folder };
};

describe('a newcomer starts the product with nothing set', () => {
  it('walks the chat over HTTP, and the case stands in the queue', async () => {
    const { product } = await started();
    expect((await fetch(`${product.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
    let answer = await chat(product.url, {});
    const { conversation } = answer;
    for (const [i, code] of toReceipt.entries()) {
      const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
      expect(choice, `${code} under ${answer.messages.at(-1)?.text}`).toBeDefined();
      answer = await chat(product.url, { conversation, reply: { id: `r${i}`, choice: choice?.id ?? '' } });
    }
    const text = answer.messages.map((message) => message.text).join('\n');
    await until(async () => (await cases(product.url)).length === 1, 'the case stands in the queue');
    const [found] = await cases(product.url);
    expect(found).toMatchObject({ kind: 'return', status: 'new' });
    expect(text).toContain(found?.ref);

    // A caseworker answers through the API, and the person finds the words when they look again.
    const post = (path: string, body?: object) =>
      fetch(`${product.url}/api/v1/cases/${found?.id}/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect((await post('claim')).status).toBeLessThan(300);
    expect((await post('reply', { text: 'Good morning, we read your request.' })).status).toBe(202);
    await until(
      async () => (await chat(product.url, { conversation })).messages.some((one) => one.text.includes('Good morning')),
      'the reply is shown',
    );
    // And the person writes back.
    await chat(product.url, { conversation, reply: { id: 'back', text: 'Thank you, I wait.' } });
    const view = async () =>
      (await (await fetch(`${product.url}/api/v1/cases/${found?.id}`, { headers: { authorization: `Bearer ${token}` } })).text()).includes(
        'Thank you, I wait.',
      );
    await until(view, 'the words reach the desk');
    expect(product.output()).not.toMatch(/Good morning|Thank you, I wait|w_[A-Za-z0-9_-]{20}/);
  });

  it('and words, answers and tokens stand in no file in the open', async () => {
    const { product, folder } = await started();
    let answer = await chat(product.url, {});
    const { conversation } = answer;
    for (const code of toReceipt) {
      const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
      answer = await chat(product.url, { conversation, reply: { choice: choice?.id ?? '' } });
    }
    await chat(product.url, { conversation, reply: { text: 'hello' } });
    const open = await chat(product.url, { conversation });
    const write = open.messages.at(-1)?.choices.find((one) => one.id.endsWith('.write'));
    await chat(product.url, { conversation, reply: { choice: write?.id ?? '' } });
    await chat(product.url, { conversation, reply: { text: 'canary-4711 in my words' } });
    await until(async () => (await cases(product.url)).length === 1, 'the case stands in the queue');
    await product.end('SIGTERM');
    for (const name of ['keep.sqlite', 'keep.sqlite-wal', 'forget.sqlite', 'forget.sqlite-wal']) {
      let bytes = '';
      try {
        bytes = readFileSync(join(folder.path, name), 'latin1');
      } catch {
        continue;
      }
      expect(bytes.includes('canary-4711'), name).toBe(false);
      expect(bytes.includes(conversation), name).toBe(false);
      expect(bytes.includes('gate/place'), name).toBe(false);
    }
    expect(product.output()).not.toContain('canary-4711');
  });
});

describe('what keeps the product from starting', () => {
  it('all wrong settings are told at once', async () => {
    const folder = dataFolder();
    folders.push(folder);
    const wrong = startProduct(folder.path, {
      TELEGRAM_BOT_TOKEN: 'x',
      MODE: 'fast',
      SESSION_TTL_HOURS: '99',
      DATABASE_URL: 'mysql://localhost/avr',
    });
    await expect(wrong).rejects.toThrow(/TELEGRAM_BOT_TOKEN[\s\S]*MODE[\s\S]*SESSION_TTL_HOURS|MODE[\s\S]*DATABASE_URL/);
  });

  it('production refuses example operators, drafts, generated keys and addresses without TLS', async () => {
    const folder = dataFolder();
    folders.push(folder);
    await expect(startProduct(folder.path, { MODE: 'production' })).rejects.toThrow(
      /SEAL_KEY[\s\S]*PUBLIC_URL[\s\S]*operator\.yaml[\s\S]*not verified[\s\S]*no language is reviewed/,
    );
  });

  it('a second process on the same data is refused', async () => {
    const { folder } = await started();
    await expect(startProduct(folder.path)).rejects.toThrow(/another process already works/);
  });

  it('SIGTERM ends it cleanly', async () => {
    const { product } = await started();
    expect(await product.end('SIGTERM')).toBe(0);
  });
});
