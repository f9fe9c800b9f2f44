// The product as a crowd meets it: one process on embedded stores, or two on one Redis and one PostgreSQL
// behind one door. Each may be killed at any moment and comes back on what it left.
import type { Stores } from '../../src/start/stores.ts';
import { freePort } from './port.ts';
import { makePostgres } from './postgres.ts';
import { dataFolder, type Product, startProduct } from './product.ts';
import { makeRedis } from './redis.ts';
import { spread } from './spread.ts';
import { configOf, keyOf, mustOpen } from './stores.ts';

export type Fleet = {
  /** Of one of them. */
  url(): string;
  /** Kills one of them, or all at once, as chance has it, and starts it again; resolves when it is ready. */
  kill(chance: () => number): Promise<void>;
  /** Ends all and opens what they left. */
  leave(): Promise<Stores>;
  remove(): Promise<void>;
};

const allAtOnce = 0.2;

export async function alone(settings: Record<string, string>): Promise<Fleet> {
  const data = dataFolder();
  const start = () => startProduct(data.path, { ...settings, SEAL_KEY: keyOf(1), NODE_COMPILE_CACHE: `${data.path}/compiled` });
  let product = await start();
  return {
    url: () => product.url,
    async kill() {
      await product.end('SIGKILL');
      product = await start();
    },
    async leave() {
      await product.end('SIGKILL');
      return mustOpen(configOf(data.path));
    },
    async remove() {
      data.remove();
    },
  };
}

/** Two share the webhook; the door hands each request to the next, and answers 502 while that one is away. */
export async function pair(settings: Record<string, string>): Promise<Fleet> {
  const [postgres, redis] = await Promise.all([makePostgres(true), makeRedis()]);
  await Promise.all([postgres.start(), redis.start()]);
  const shared = { SEAL_KEY: keyOf(1), REDIS_URL: redis.url, DATABASE_URL: postgres.url('postgres') };
  // They say the address of the door, so where each listens is chosen here.
  const places = await Promise.all(
    [0, 1].map(async () => {
      const port = await freePort();
      return { port, url: `http://127.0.0.1:${port}`, data: dataFolder() };
    }),
  );
  const up = new Map<number, Product>();
  let next = 0;
  const door = await spread(() => {
    const at = next++ % places.length;
    return up.has(at) ? (places[at]?.url ?? null) : null;
  });
  const start = async (at: number) => {
    const { port, data } = places[at] as (typeof places)[number];
    const own = { PORT: String(port), PUBLIC_URL: door.url, NODE_COMPILE_CACHE: `${data.path}/compiled` };
    up.set(at, await startProduct(data.path, { ...settings, ...shared, ...own }));
  };
  const end = async (at: number) => {
    const product = up.get(at);
    up.delete(at);
    await product?.end('SIGKILL');
  };
  await Promise.all([start(0), start(1)]);
  return {
    url: () => places[0]?.url ?? '',
    async kill(chance) {
      const dying = chance() < allAtOnce ? [0, 1] : [Math.floor(chance() * places.length)];
      await Promise.all(dying.map(end));
      await Promise.all(dying.map(start));
    },
    async leave() {
      await Promise.all([end(0), end(1)]);
      return mustOpen(configOf(places[0]?.data.path ?? '', shared));
    },
    async remove() {
      await door.stop();
      await Promise.all([postgres.end(), redis.end()]);
      for (const { data } of places) data.remove();
    },
  };
}
