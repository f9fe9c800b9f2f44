// A durable store for the peers: the same SQLite settings as the product's session file, or Redis.
import { DatabaseSync } from 'node:sqlite';
import { createClient } from '@redis/client';

export type Store = {
  read(key: string): Promise<unknown>;
  write(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
};

export async function openStore(): Promise<Store> {
  const { BENCH_REDIS: redis, BENCH_FILE: file = ':memory:' } = process.env;
  if (redis !== undefined && redis !== '') {
    const client = createClient({ url: redis });
    await client.connect();
    return {
      read: async (key) => {
        const text = await client.get(key);
        return text === null ? undefined : JSON.parse(text);
      },
      write: async (key, value) => void (await client.set(key, JSON.stringify(value), { PX: 86_400_000 })),
      delete: async (key) => void (await client.del(key)),
    };
  }
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  const get = database.prepare('SELECT value FROM kept WHERE key = ?');
  const put = database.prepare('INSERT INTO kept VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value');
  const drop = database.prepare('DELETE FROM kept WHERE key = ?');
  return {
    read: async (key) => {
      const row = get.get(key);
      return row === undefined ? undefined : JSON.parse(String(row['value']));
    },
    write: async (key, value) => void put.run(key, JSON.stringify(value)),
    delete: async (key) => void drop.run(key),
  };
}
