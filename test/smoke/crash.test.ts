import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, cases, chat, dataFolder, type Product, startProduct, until } from '../support/product.ts';
import { toReceipt } from '../support/ways.ts';

const people = 40;
const kills = 8;

let product: Product | undefined;
const folder = dataFolder();
afterAll(async () => {
  await product?.end('SIGKILL');
  folder.remove();
});

describe('a server that is killed again and again', () => {
  it('loses no acknowledged answer, and each person gets exactly one case', async () => {
    product = await startProduct(folder.path);
    let ready = Promise.resolve();
    let open = people;
    const refs = new Map<string, string>();

    /** Sends until an answer comes; the same id each time, as a page does. */
    const send = async (body: Parameters<typeof chat>[1]): Promise<Answer> => {
      for (;;) {
        await ready;
        try {
          return await chat(product?.url ?? '', body);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const walk = async () => {
      let answer = await send({});
      const { conversation } = answer;
      for (const [i, code] of toReceipt.entries()) {
        const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
        expect(choice, `${code} was lost under: ${answer.messages.at(-1)?.text}`).toBeDefined();
        answer = await send({ conversation, reply: { id: `r${i}`, choice: choice?.id ?? '' } });
      }
      refs.set(conversation, /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(answer.messages.map((one) => one.text).join('\n'))?.[0] ?? 'none');
      open -= 1;
    };
    const killer = async () => {
      for (let i = 0; i < kills && open > 0; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 150 + ((i * 97) % 200)));
        ready = (async () => {
          await product?.end('SIGKILL');
          product = await startProduct(folder.path);
        })();
        await ready;
      }
    };
    await Promise.all([killer(), ...Array.from({ length: people }, walk)]);

    const url = product.url;
    await until(async () => (await cases(url)).length >= people, 'all cases stand in the queue');
    const found = await cases(url);
    expect(found.map((one) => one.ref).sort()).toEqual([...refs.values()].sort());
    expect(new Set(refs.values()).size).toBe(people);
  });
});
