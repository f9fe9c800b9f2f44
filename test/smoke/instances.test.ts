// Several processes on one Redis and one PostgreSQL, as real processes over real sockets: people meet one
// chat and caseworkers one queue, whichever process answers and whichever is killed.
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startBotApi } from '../support/bot-api/server.ts';
import { crowd, oneEach } from '../support/crowd.ts';
import { needs } from '../support/parts.ts';
import { freePort } from '../support/port.ts';
import { makePostgres, type Postgres } from '../support/postgres.ts';
import { cases, chat, dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { makeRedis, type Redis } from '../support/redis.ts';
import { learn, toReceiptBy } from '../support/soak.ts';
import { spread } from '../support/spread.ts';
import { refOf } from '../support/telegram-people.ts';
import { toReceipt } from '../support/ways.ts';

const missing = [needs('redis'), needs('postgres')].includes(true);
const sealKey = Buffer.alloc(32, 4).toString('base64');

describe.skipIf(missing)('several processes on one Redis and one PostgreSQL', () => {
  let server: Postgres;
  let redis: Redis;
  let count = 0;
  const running = new Set<Product>();
  const folders: { remove(): void }[] = [];
  beforeAll(async () => {
    [server, redis] = await Promise.all([makePostgres(true), makeRedis()]);
    await Promise.all([server.start(), redis.start()]);
  });
  afterEach(async () => {
    await Promise.all([...running].map((one) => one.end('SIGKILL')));
    running.clear();
    for (const folder of folders.splice(0)) folder.remove();
  });
  afterAll(() => Promise.all([server.end(), redis.end()]));

  const database = async () => {
    count += 1;
    await server.sql(`create database avr${count}`);
    return server.url(`avr${count}`);
  };
  /** Each on a data folder of its own, as on machines of their own. */
  const start = async (url: string, settings: Record<string, string> = {}) => {
    const folder = dataFolder();
    folders.push(folder);
    const shared = { DATABASE_URL: url, REDIS_URL: redis.url, SEAL_KEY: sealKey };
    const product = await startProduct(folder.path, { ...shared, ...settings });
    running.add(product);
    return product;
  };
  const kill = async (product: Product) => {
    running.delete(product);
    await product.end('SIGKILL');
  };

  it('serve each person in turn, and killed again and again lose no answer and make no case twice', async () => {
    const url = await database();
    const instances: (Product | null)[] = [await start(url), await start(url)];
    let next = 0;
    const pick = () => instances[next++ % instances.length]?.url ?? null;
    let open = 30;
    const killer = async () => {
      for (let i = 0; i < 5 && open > 0; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        const dying = instances[i % 2];
        instances[i % 2] = null;
        if (dying) await kill(dying);
        instances[i % 2] = await start(url);
      }
    };
    const finished = () => {
      open -= 1;
    };
    const [refs] = await Promise.all([crowd(open, pick, finished), killer()]);
    await oneEach(refs, pick() ?? '');
  });

  it("share Telegram's webhook, and one of them killed for good leaves nobody stuck", async () => {
    const url = await database();
    const api = await startBotApi({ token: '123456:strict-server-token-for-tests' });
    // Both say the address in front of them, so where each listens is chosen here.
    const ports = [await freePort(), await freePort()];
    const doors: (string | null)[] = ports.map((port) => `http://127.0.0.1:${port}`);
    let next = 0;
    const front = await spread(() => doors[next++ % doors.length] ?? null);
    onTestFinished(async () => {
      await Promise.all([front.stop(), api.close()]);
    });
    const telegram = { TELEGRAM_BOT_TOKEN: api.token, TELEGRAM_API_ROOT: api.root, TELEGRAM_MODE: 'webhook', PUBLIC_URL: front.url };
    const [dying] = await Promise.all(ports.map((port) => start(url, { ...telegram, PORT: String(port) })));
    const people = Array.from({ length: 6 }, () => api.person({ language: 'en' }));
    const answers = await learn();
    const walking = Promise.all(people.map((person) => toReceiptBy(person, answers)));
    await Promise.race([walking, until(async () => front.counts.size === 2, 'both have been asked')]);
    if (dying !== undefined) await kill(dying);
    doors[0] = null;
    await walking;
    const at = doors[1] ?? '';
    await until(async () => (await cases(at)).length === people.length, 'all requests stand in the queue');
    const refs = (await cases(at)).map((one) => one.ref);
    expect(people.map(refOf).sort()).toEqual([...refs].sort());
    expect(new Set(refs).size).toBe(people.length);
    expect(api.violations).toEqual([]);
  });

  it('take over what a killed one had in hand, without its coming back', async () => {
    const url = await database();
    // Nothing reaches the desk from this one: it posts to where nobody listens, and then it is killed.
    const deaf = await start(url, { HANDOFF_URL: 'http://127.0.0.1:9/hooks/cases' });
    const refs = await crowd(5, () => deaf.url);
    await kill(deaf);
    const other = await start(url);
    await oneEach(refs, other.url);
  });

  it('show one queue and one log: of many caseworkers who claim at both, one gets the case', async () => {
    const url = await database();
    const both = [await start(url), await start(url)];
    await crowd(1, () => both[0]?.url ?? null);
    await until(async () => (await cases(both[1]?.url ?? '')).length === 1, 'the case stands in the queue');
    const [found] = await cases(both[1]?.url ?? '');
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        fetch(`${both[at % 2]?.url}/api/v1/cases/${found?.id}/claim`, { method: 'POST', headers: { authorization: `Bearer ${token}` } }),
      ),
    );
    const won = claims.filter((one) => one.status < 300);
    expect(new Set(claims.map((one) => one.status))).toEqual(new Set([won[0]?.status, 409]));
    expect(await server.sql("select count(*)::int as n from audit where action = 'case.claimed'", `avr${count}`)).toEqual([{ n: 1 }]);
  });

  it('answer one message once, though it comes to both at the same moment', async () => {
    const url = await database();
    const both = [await start(url), await start(url)];
    let answer = await chat(both[0]?.url ?? '', {});
    const { conversation } = answer;
    for (const [i, code] of toReceipt.entries()) {
      const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
      const reply = { id: `r${i}`, choice: choice?.id ?? '' };
      const [one, other] = await Promise.all(both.map((product) => chat(product.url, { conversation, reply })));
      expect(one?.messages.map((message) => message.text)).toEqual(other?.messages.map((message) => message.text));
      answer = one ?? answer;
    }
    await until(async () => (await cases(both[1]?.url ?? '')).length === 1, 'the case stands in the queue');
    expect(await server.sql('select count(*)::int as n from consents', `avr${count}`)).toEqual([{ n: 1 }]);
  });

  it('are not several where one of them keeps sessions to itself', async () => {
    const url = await database();
    const own = { REDIS_URL: '' };
    const first = await start(url, own);
    await expect(start(url, own)).rejects.toThrow(/DATABASE_URL: another bot process works on this database/);
    await expect(start(url)).rejects.toThrow(/DATABASE_URL: another bot process works on this database/);
    await kill(first);
    await start(url);
    await expect(start(url, own)).rejects.toThrow(/several of them need one REDIS_URL/);
  });

  it('go on when PostgreSQL is restarted under them', async () => {
    const url = await database();
    const both = [await start(url), await start(url)];
    let next = 0;
    const walking = crowd(12, () => both[next++ % 2]?.url ?? null);
    await new Promise((resolve) => setTimeout(resolve, 400));
    await server.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 500));
    await server.start();
    await oneEach(await walking, both[0]?.url ?? '');
  });

  it('need the same key to their data, and say so', async () => {
    const url = await database();
    await start(url);
    await expect(start(url, { SEAL_KEY: Buffer.alloc(32, 5).toString('base64') })).rejects.toThrow(/SEAL_KEY/);
  });
});
