// Keyv on Node's own SQLite: what is forgotten must really be gone, so deleted bytes are overwritten
// and the log is truncated after each purge; expired rows are hidden at once and purged on a timer.
import { EventEmitter } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import type { KeyvStoreAdapter } from 'keyv';
import { watched } from './crash.ts';
import type { Forgetful } from './forgetful.ts';

// Not WITHOUT ROWID: there a value of more than a kilobyte lies in pages of its own, and saving it costs three times as much.
const schema = 'CREATE TABLE IF NOT EXISTS forget (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER)';

/** `path`: a file or `:memory:`. `now` in milliseconds. */
export function openKeyvSqlite(path: string, now: () => number): Forgetful {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA busy_timeout = 2000');
  database.exec(schema);
  const get = database.prepare('SELECT value FROM forget WHERE key = ? AND (expires IS NULL OR expires > ?)');
  const put = database.prepare(
    'INSERT INTO forget VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires',
  );
  const drop = database.prepare('DELETE FROM forget WHERE key = ?');
  // A range, not LIKE: LIKE takes A for a, and clearing one namespace would clear another.
  const dropRange = database.prepare('DELETE FROM forget WHERE key >= ? AND key < ?');
  const dropAll = database.prepare('DELETE FROM forget');
  const expired = database.prepare('DELETE FROM forget WHERE expires <= ?');
  const { before, after } = watched();
  const truncate = () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)');

  const space = (): KeyvStoreAdapter => {
    const adapter = Object.assign(new EventEmitter(), {
      // keyv 5 looks for a dialect it knows; without one its constructor throws.
      opts: { dialect: 'sqlite', url: 'sqlite:' },
      namespace: undefined as string | undefined,
      async get(key: string) {
        before();
        return get.get(key, now())?.['value'] as never;
      },
      async set(key: string, value: string, ttl?: number) {
        before();
        put.run(key, value, ttl === undefined ? null : now() + ttl);
        after();
        return true;
      },
      async delete(key: string) {
        before();
        const removed = drop.run(key).changes > 0;
        after();
        if (removed) truncate();
        return removed;
      },
      async clear() {
        const { namespace } = adapter;
        if (namespace === undefined) dropAll.run();
        else dropRange.run(`${namespace}:`, `${namespace};`);
        truncate();
      },
      async has(key: string) {
        return get.get(key, now()) !== undefined;
      },
    });
    return adapter;
  };
  return {
    space,
    useKeyPrefix: true,
    findings: async () => [],
    purge() {
      const removed = Number(expired.run(now()).changes);
      if (removed > 0) truncate();
      return removed;
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}
