import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeForget, StoreDown } from '../../src/store/forget.ts';
import { openKeyvRedis } from '../../src/store/keyv-redis.ts';
import { makeLock } from '../../src/store/lock.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { makeSessions } from '../../src/store/sessions.ts';
import { needs } from '../support/parts.ts';
import { until } from '../support/product.ts';
import { makeRedis, type Redis } from '../support/redis.ts';
import { makeTalk, makeWorld } from '../support/talk.ts';
import { toGate, walkTo } from '../support/ways.ts';

const open = async (url: string) => {
  const store = await openKeyvRedis(url, () => {});
  onTestFinished(() => store.close());
  return { store, forget: (name: string) => makeForget(store, name, () => {}) };
};

describe.skipIf(needs('redis'))('what must be forgotten, on Redis', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await makeRedis();
    await redis.start();
  });
  afterAll(() => redis.end());

  it('is there until its time is over', async () => {
    const { forget } = await open(redis.url);
    const sessions = forget('ttl');
    await sessions.set('a', 'words', 150);
    expect(await sessions.get('a')).toBe('words');
    await until(async () => (await sessions.get('a')) === undefined, 'the value has gone');
    await sessions.set('b', 'more', 60_000);
    await sessions.delete('b');
    expect(await sessions.get('b')).toBeUndefined();
  });

  it('two namespaces never see each other', async () => {
    const { forget } = await open(redis.url);
    const [a, b] = [forget('a'), forget('A')];
    await a.set('k', 'small', 60_000);
    expect(await b.get('k')).toBeUndefined();
  });

  it('keys of something else are left alone, and a value that is not ours is an error and no new person', async () => {
    const { createClient } = await import('@keyv/redis');
    const other = createClient({ url: redis.url });
    await other.connect();
    onTestFinished(() => other.destroy());
    const { forget } = await open(redis.url);
    const sessions = makeSessions(forget('session'), makeSeal([Buffer.alloc(32, 1)]), 60_000);
    await sessions.save('mine', { conversation: 'x' } as never);
    const ours = await other.keys('*');
    await other.set('cart:17', 'of a shop');
    await other.set('session', 'of somebody');
    expect(await sessions.load('theirs')).toBeUndefined();
    const [key = ''] = ours.filter((one) => one.includes('mine'));
    await other.set(key, 'of somebody else');
    await expect(sessions.load('mine')).rejects.toThrow();
    await sessions.forget('mine');
    expect(await other.get('cart:17')).toBe('of a shop');
    expect(await other.get('session')).toBe('of somebody');
  });

  it('a person has one turn at a time, also across processes', async () => {
    const [one, two] = [await open(redis.url), await open(redis.url)];
    const locks = [makeLock(one.store.lease), makeLock(two.store.lease)];
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        locks[i % 2]?.('person', async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise((resolve) => setTimeout(resolve, 5));
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
  });

  it('whoever lost their turn does not save', async () => {
    const [mine, other] = [await open(redis.url), await open(redis.url)];
    const saved = makeLock(mine.store.lease)('slow', async (still) => {
      await forceRelease(redis.url, 'turn:slow');
      await other.store.lease?.take('slow');
      await still();
      return 'saved';
    });
    await expect(saved).rejects.toThrow(StoreDown);
  });

  it('a Redis that may evict is refused, one that may not is taken', async () => {
    const evicting = await makeRedis();
    await evicting.start('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru');
    onTestFinished(() => evicting.end());
    const { store } = await open(evicting.url);
    expect((await store.findings()).join()).toContain('noeviction');
    expect(await (await open(redis.url)).store.findings()).toEqual([]);
  });
});

/** As a lease that ran out. */
async function forceRelease(url: string, key: string): Promise<void> {
  const { createClient } = await import('@keyv/redis');
  const client = createClient({ url });
  await client.connect();
  await client.del(key);
  client.destroy();
}

describe.skipIf(needs('redis'))('a Redis in trouble is never taken for a new person', () => {
  const trouble = async () => {
    const redis = await makeRedis();
    await redis.start();
    onTestFinished(() => redis.end());
    const { store, forget } = await open(redis.url);
    const sessions = forget('session');
    await sessions.set('a', 'known', 600_000);
    return { redis, store, sessions };
  };
  const back = (sessions: { get(key: string): Promise<string | undefined> }) =>
    until(async () => (await sessions.get('a').catch(() => undefined)) === 'known', 'the person is known again');

  it('when it is killed, and known again after it is back', async () => {
    const { redis, sessions } = await trouble();
    redis.signal('SIGKILL');
    await until(
      async () =>
        sessions.get('a').then(
          () => false,
          (error) => error instanceof StoreDown,
        ),
      'reads fail',
    );
    await expect(sessions.set('a', 'new', 1000)).rejects.toThrow(StoreDown);
    await redis.start();
    await back(sessions);
  });

  it('when it is frozen', async () => {
    const { redis, sessions } = await trouble();
    redis.signal('SIGSTOP');
    await expect(sessions.get('a')).rejects.toThrow(StoreDown);
    await expect(sessions.set('b', 'x', 1000)).rejects.toThrow(StoreDown);
    redis.signal('SIGCONT');
    await back(sessions);
  });

  it('when it is full', async () => {
    const redis = await makeRedis();
    await redis.start('--maxmemory', '3mb', '--maxmemory-policy', 'noeviction');
    onTestFinished(() => redis.end());
    const { forget } = await open(redis.url);
    const sessions = forget('session');
    await sessions.set('a', 'known', 600_000);
    const fill = async () => {
      for (let i = 0; i < 200; i += 1) await sessions.set(`fill-${i}`, 'x'.repeat(100_000), 600_000);
    };
    await expect(fill()).rejects.toThrow(StoreDown);
    expect(await sessions.get('a')).toBe('known');
  });

  it('when it is not there at the start', async () => {
    const redis = await makeRedis();
    onTestFinished(() => redis.end());
    const { forget } = await open(redis.url);
    const sessions = forget('session');
    await expect(sessions.get('a')).rejects.toThrow(StoreDown);
    await redis.start();
    await until(
      async () =>
        sessions.get('a').then(
          (value) => value === undefined,
          () => false,
        ),
      'it is used as soon as it is there',
    );
  });

  it('and the person gets one honest sentence, and the conversation goes on afterwards', async () => {
    const { redis, store } = await trouble();
    const built = await makeWorld();
    built.world.sessions = makeSessions(
      makeForget(store, 'session', () => {}),
      makeSeal([Buffer.alloc(32, 7)]),
      600_000,
    );
    built.world.lock = makeLock(store.lease);
    const talk = await makeTalk({}, built);
    await walkTo(talk, [...toGate, 'me']);
    redis.signal('SIGSTOP');
    await expect(talk.arrives({ kind: 'text', text: '18 or older' }, 'same')).rejects.toThrow(StoreDown);
    expect(talk.answer()).toContain('technical problem');
    await expect(talk.arrives({ kind: 'text', text: '18 or older' }, 'same')).rejects.toThrow(StoreDown);
    expect(talk.answer()).toBe('');
    redis.signal('SIGCONT');
    // The platform sends it again, because nothing was confirmed.
    await until(
      async () =>
        talk.arrives({ kind: 'text', text: '18 or older' }, 'same').then(
          () => true,
          () => false,
        ),
      'it is handled',
    );
    expect(talk.buttons()).toContain('shelter');
  });
});
