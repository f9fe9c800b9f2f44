// Keyv on Redis, for more than one process. Each option here closes a way in which an outage would
// look like an empty store or a call would hang; `store/forget.ts` adds the timer on top.
import { randomBytes } from 'node:crypto';
import { watched } from './crash.ts';
import { bounded } from './forget.ts';
import type { Forgetful } from './forgetful.ts';
import type { Lease } from './lock.ts';

const patience = 500;
/** Longer than a message may take, shorter than a person's patience. */
const leaseMs = 10_000;
const releaseOwn = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

/** Resolves also while Redis is away: every call then rejects until it is back. */
export async function openKeyvRedis(url: string, onError: () => void): Promise<Forgetful> {
  const { default: KeyvRedis, createClient } = await import('@keyv/redis');
  const client = createClient({
    url,
    // Without it, calls made while Redis is away would wait in memory instead of failing.
    disableOfflineQueue: true,
    // Below the socket's timeout, or idle connections would be cut.
    pingInterval: 200,
    socket: { connectTimeout: patience, socketTimeout: patience, reconnectStrategy: (tries) => Math.min(50 * 2 ** tries, 1000) },
  });
  client.on('error', onError);
  await Promise.race([client.connect(), new Promise((resolve) => setTimeout(resolve, patience).unref())]).catch(onError);

  const { before, after } = watched();
  /** Something that lasts, done. */
  const lasting = async <T>(work: () => Promise<T>): Promise<T> => {
    before();
    const done = await work();
    after();
    return done;
  };

  const lease: Lease = {
    async take(key) {
      const token = randomBytes(12).toString('base64url');
      const expiration = { type: 'PX', value: leaseMs } as const;
      const done = await lasting(() => bounded(client.set(`turn:${key}`, token, { condition: 'NX', expiration })));
      return done === null ? null : token;
    },
    holds: async (key, token) => (await bounded(client.get(`turn:${key}`))) === token,
    async release(key, token) {
      await bounded(client.eval(releaseOwn, { keys: [`turn:${key}`], arguments: [token] }));
    },
  };
  return {
    space() {
      const store = new KeyvRedis(client, { throwOnErrors: true, throwOnConnectError: true, connectionTimeout: patience });
      const [set, remove] = [store.set.bind(store), store.delete.bind(store)];
      store.set = (...given) => lasting(() => set(...given));
      store.delete = (key) => lasting(() => remove(key));
      return store;
    },
    useKeyPrefix: false,
    purge: () => 0,
    lease,
    async findings() {
      const info = String(await bounded(client.info()));
      const value = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
      const policy = value('maxmemory_policy');
      return policy === 'noeviction' || policy === ''
        ? []
        : [`REDIS_URL: maxmemory-policy is ${policy}; Redis may then forget a conversation without telling: set noeviction`];
    },
    async close() {
      client.destroy();
    },
  };
}
