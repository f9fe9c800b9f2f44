// Where a story is told again and again from the same beginning: a folder that is copied, or a database of
// PostgreSQL with a database of Redis beside it. Each telling has its own and leaves the beginning as it was.
import { cpSync } from 'node:fs';
import { createClient } from '@keyv/redis';
import type { Stores } from '../../src/start/stores.ts';
import { filesBelow } from './canary.ts';
import { makePostgres } from './postgres.ts';
import { dataFolder } from './product.ts';
import { makeRedis } from './redis.ts';
import { configOf, mustOpen } from './stores.ts';

export type Ground = {
  folder: string;
  settings: Record<string, string>;
  open(): Promise<Stores>;
  /** Every file that belongs to this telling alone. */
  files(): Map<string, Buffer>;
  remove(): Promise<void>;
};
export type Grounds = {
  /** Of the beginning itself. */
  first: Ground;
  /** A copy of it; the one before is no longer in use. */
  again(): Promise<Ground>;
  /** Every file there is, also those that all tellings share. */
  files(): Map<string, Buffer>;
  remove(): Promise<void>;
};

function groundOf({ path, remove }: ReturnType<typeof dataFolder>, settings: Record<string, string> = {}): Ground {
  return {
    folder: path,
    settings,
    open: () => mustOpen(configOf(path, settings)),
    files: () => filesBelow(path),
    remove: async () => remove(),
  };
}

export async function embedded(): Promise<Grounds> {
  const first = groundOf(dataFolder());
  return {
    first,
    async again() {
      const data = dataFolder();
      cpSync(first.folder, data.path, { recursive: true });
      return groundOf(data);
    },
    files: first.files,
    remove: first.remove,
  };
}

export async function shared(): Promise<Grounds> {
  const [postgres, redis] = await Promise.all([makePostgres(true), makeRedis()]);
  await Promise.all([postgres.start(), redis.start()]);
  await postgres.sql('create database beginning');
  const at = (database: string, number: number) => ({ DATABASE_URL: postgres.url(database), REDIS_URL: `${redis.url}/${number}` });
  const client = createClient({ url: redis.url });
  await client.connect();
  const first = groundOf(dataFolder(), at('beginning', 0));
  let count = 0;
  return {
    first,
    async again() {
      count += 1;
      const name = `telling${count}`;
      await postgres.sql(`create database ${name} template beginning`);
      await client.sendCommand(['EVAL', "redis.call('select', ARGV[1]); redis.call('flushdb')", '0', '1']);
      for (const key of await client.keys('*')) await client.sendCommand(['COPY', key, key, 'DB', '1']);
      const ground = groundOf(dataFolder(), at(name, 1));
      return {
        ...ground,
        async remove() {
          await ground.remove();
          await postgres.sql(`drop database ${name}`);
        },
      };
    },
    files: () => new Map([postgres.folder, redis.folder].flatMap((folder) => [...filesBelow(folder)])),
    async remove() {
      client.destroy();
      await Promise.all([postgres.end(), redis.end(), first.remove()]);
    },
  };
}
