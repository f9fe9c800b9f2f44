// The product as its own process when what it stands on fails under it: what the person, the caseworker and
// the operator then see, and that nothing which was said to be taken is lost afterwards.
import { createClient } from '@keyv/redis';
import { afterEach, describe, expect, it } from 'vitest';
import { brokenOn } from '../support/invariants.ts';
import { needs } from '../support/parts.ts';
import { makePostgres } from '../support/postgres.ts';
import { type Answer, cases, dataFolder, insistently, type Product, startProduct, token, until } from '../support/product.ts';
import { makeRedis } from '../support/redis.ts';
import { smallDisk } from '../support/small-disk.ts';
import { configOf, keyOf, mustOpen } from '../support/stores.ts';
import { toReceipt } from '../support/ways.ts';

/** Far above what twenty starts of servers take. */
const hangLimit = { timeout: 600_000 };
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});
async function start(folder: string, settings: Record<string, string> = {}): Promise<Product> {
  const product = await startProduct(folder, { SEAL_KEY: keyOf(1), ...settings });
  cleanUp.push(() => product.end('SIGKILL'));
  return product;
}
const fresh = () => {
  const folder = dataFolder();
  cleanUp.push(folder.remove);
  return folder.path;
};

/** What `/readyz` says: the status, and what does not work. */
async function ready({ url }: Product): Promise<[number, string[]]> {
  const answer = await fetch(`${url}/readyz`);
  const { checks } = (await answer.json()) as { checks: Record<string, boolean> };
  return [answer.status, Object.keys(checks).filter((name) => !checks[name])];
}
const says = (product: Product, lacks: string[]) =>
  until(async () => JSON.stringify(await ready(product)) === JSON.stringify([lacks.length === 0 ? 200 : 503, lacks]), `lacking ${lacks}`);

/** Somebody walks up to the last of these codes; what sends it comes back. */
async function walk({ url }: Product, codes: readonly string[]) {
  let answer: Answer = await insistently(url, {});
  const { conversation } = answer;
  const tap = (code: string) => ({
    choice: answer.messages.flatMap((one) => one.choices).find((one) => one.id.endsWith(`.${code}`))?.id ?? code,
  });
  for (const [i, code] of codes.slice(0, -1).entries())
    answer = await insistently(url, { conversation, reply: { id: `r${i}`, ...tap(code) } });
  const last = { conversation, reply: { id: 'last', ...tap(codes.at(-1) ?? '') } };
  const raw = () =>
    fetch(`${url}/api/chat`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(last) });
  return { send: async () => textOf(await insistently(url, last)), raw, codes: () => answer.messages.flatMap((one) => one.choices) };
}
const textOf = (answer: Answer) => answer.messages.map((one) => one.text).join('\n');
const claim = ({ url }: Product, id: string) =>
  fetch(`${url}/api/v1/cases/${id}/claim`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });

describe('a disk', () => {
  it('that gets full under it: people and caseworkers are told, and the same tap is taken when there is room', async () => {
    const disk = smallDisk();
    cleanUp.push(disk.remove);
    const product = await start(disk.path);
    const early = await walk(product, toReceipt);
    expect(await early.send()).toMatch(/[0-9A-Z]{3}-[0-9A-Z]{3}/);
    await until(async () => (await cases(product.url)).length === 1, 'the first request stands in the queue');
    const [{ id } = { id: '' }] = await cases(product.url);
    const person = await walk(product, toReceipt);

    disk.fill(product.pid);
    const answer = await person.raw();
    expect([answer.status, await answer.text()]).toEqual([503, expect.stringContaining('unavailable')]);
    expect((await claim(product, id)).status).toBe(503);
    await says(product, ['sql', 'sessions']);
    // Whoever watches still gets figures, and the queue can be read.
    expect((await fetch(`${product.url}/metrics`)).status).toBe(200);
    expect(await cases(product.url)).toHaveLength(1);

    disk.clear(product.pid);
    await says(product, []);
    const text = await person.send();
    await until(async () => (await cases(product.url)).length === 2, 'the second request stands in the queue');
    expect((await cases(product.url)).filter((one) => text.includes(one.ref))).toHaveLength(1);
    expect((await claim(product, id)).status).toBeLessThan(300);
    await product.end('SIGKILL');
    const stores = await mustOpen(configOf(disk.path));
    expect(await brokenOn(stores, [])).toEqual([]);
    await stores.close();
  });

  it('that is full or cannot be written keeps it from starting, and the reason is told', async () => {
    const full = smallDisk();
    cleanUp.push(full.remove);
    full.fill(process.pid);
    await expect(start(full.path)).rejects.toThrow(/DATA_DIR: .*disk (is full|reports an error)[\s\S]*nothing was started/);
    full.clear(process.pid);
    await start(full.path);

    const locked = smallDisk();
    cleanUp.push(locked.remove);
    if (locked.lock())
      await expect(start(locked.path)).rejects.toThrow(/DATA_DIR: .*(read-only|may not be written)[\s\S]*nothing was started/);
  });
});

async function set(url: string, name: string, value: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  await client.configSet(name, value);
  client.destroy();
}

describe.skipIf([needs('redis'), needs('postgres')].includes(true))('a server it keeps its data on', () => {
  async function onBoth(...settings: string[]) {
    const [redis, postgres] = await Promise.all([makeRedis(), makePostgres(true)]);
    cleanUp.push(postgres.end, redis.end);
    await Promise.all([redis.start(...settings), postgres.start()]);
    return { redis, postgres, where: { REDIS_URL: redis.url, DATABASE_URL: postgres.url('postgres') } };
  }

  it(
    'that is away is named by /readyz; the person is told, the rest goes on, and the same tap is taken afterwards',
    hangLimit,
    async () => {
      const { redis, postgres, where } = await onBoth();
      const product = await start(fresh(), where);
      const person = await walk(product, toReceipt);
      await says(product, []);

      redis.signal('SIGSTOP');
      await says(product, ['sessions']);
      expect((await person.raw()).status).toBe(503);
      expect(await cases(product.url)).toEqual([]);
      redis.signal('SIGCONT');
      await says(product, []);
      // It was not evicting when the product started.
      await set(redis.url, 'maxmemory-policy', 'allkeys-lru');
      await says(product, ['sessions']);
      expect(product.output()).toContain('may forget without telling');
      await set(redis.url, 'maxmemory-policy', 'noeviction');
      await says(product, []);

      await postgres.signal('SIGINT');
      await says(product, ['sql']);
      expect((await person.raw()).status).toBe(503);
      expect((await fetch(`${product.url}/metrics`)).status).toBe(503);
      await postgres.start();
      await says(product, []);
      const text = await person.send();
      await until(async () => (await cases(product.url)).length === 1, 'the request stands in the queue');
      expect(text).toContain((await cases(product.url))[0]?.ref);
    },
  );

  it('a Redis that may forget without telling: it does not start, and says what to set', async () => {
    const { where } = await onBoth('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    await expect(start(fresh(), where)).rejects.toThrow(
      /REDIS_URL: maxmemory-policy is allkeys-lru.*set noeviction[\s\S]*nothing was started/,
    );
  });
});
