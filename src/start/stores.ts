// Opens what main and the operator's tools share: data folder, keys, SQL and what is forgotten. What an
// operator has to put right comes back as findings, found before anything is written.
import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import type { Config } from '../config.ts';
import { unopenable } from '../store/erase.ts';
import type { Forgetful } from '../store/forgetful.ts';
import { hasKeys, inspect, meaning } from '../store/inspect.ts';
import { type Keep, migrationNames, openKeep, ownKey, unusable } from '../store/keep.ts';
import { type KeyTables, openKeys, type Seals } from '../store/keys.ts';
import { openRemoteKeys, rewriteKeys } from '../store/keys-postgres.ts';
import { openKeyvRedis } from '../store/keyv-redis.ts';
import { openKeyvSqlite } from '../store/keyv-sqlite.ts';
import { makeIndex, makeSeal, type Seal } from '../store/seal.ts';
import { sealKeys } from '../store/seal-key.ts';
import { sqliteDb, truncateLog } from '../store/sqlite.ts';

export type Stores = {
  keep: Keep;
  seal: Seals;
  /** Whether the sealing key lies beside the data. */
  sealGenerated: boolean;
  indexKey: Buffer;
  auditKey: Buffer;
  secrets: string[];
  /** What Telegram shows with an update, where the operator chose none. */
  telegramSecret: string;
  /** Moves what was deleted out of the engines' logs. */
  settle(): Promise<void>;
  close(): Promise<void>;
};

export type Paths = { keep: string; keys: string };
export const pathsOf = (config: Pick<Config, 'DATA_DIR'>): Paths => ({
  keep: join(config.DATA_DIR, 'keep.sqlite'),
  keys: join(config.DATA_DIR, 'keys.sqlite'),
});

/** What the tools for files say where there are none. */
export const inDatabase =
  'DATABASE_URL: the data are in PostgreSQL, whose own tools copy them and put them back (docs/operating/backup.md)';

const settleMs = 50 * 60_000;
const again = 'put the newest backup back: npm run restore -- FILE';

export const newId = (): string => randomBytes(12).toString('hex');

/** The seal of the installation, or why there is none. Makes the data folder, and a key unless it has to be there. */
export function openSeal(config: Config, missing?: 'never make one'): { seal: Seal; generated: boolean } | { findings: string[] } {
  const folder = config.DATA_DIR;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    const given = sealKeys(config.SEAL_KEY, folder, missing === undefined);
    if (given === null)
      return {
        findings: [
          `SEAL_KEY: not set, and ${folder} has no seal.key any more; put that file back, or set the key the data were sealed with`,
        ],
      };
    return { seal: makeSeal(given.keys), generated: given.generated };
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return { findings: [`DATA_DIR: ${folder} ${means}`] };
  }
}

/** What is wrong with the files as they lie there, before anything is written. */
export async function findingsOf(paths: Paths, seal: Seal): Promise<string | null> {
  const data = inspect(paths.keep, seal, migrationNames);
  if (data !== null) return `${paths.keep} ${data}${data.includes('damaged') ? `; ${again}` : ''}`;
  const keys = inspect(paths.keys, seal);
  if (keys !== null) return `${paths.keys} ${keys}; put its newest copy back (docs/operating/backup.md)`;
  if (existsSync(paths.keep) && !existsSync(paths.keys) && hasKeys(paths.keep))
    return `${paths.keys} is missing, and without it no request can be opened: put its newest copy back (docs/operating/backup.md)`;
  if (existsSync(paths.keep) || !existsSync(paths.keys)) return null;
  const alone = await openKeysFile(paths.keys, seal);
  const empty = await alone.empty();
  await alone.close();
  return empty ? null : `${paths.keep} is missing, but keys of requests are there: ${again}`;
}

/** `lacking: 'allow'` is for the tools that put it right. `onLost`: a connection to the database was lost. */
export async function openStores(
  config: Config,
  lacking: 'refuse' | 'allow' = 'refuse',
  paths = pathsOf(config),
  onLost = () => {},
): Promise<Stores | { findings: string[] }> {
  const opened = openSeal(config);
  if ('findings' in opened) return opened;
  if (config.DATABASE_URL !== undefined) return openRemote(config, config.DATABASE_URL, opened, lacking, onLost);
  try {
    const unsound = await findingsOf(paths, opened.seal);
    if (unsound !== null) return { findings: [unsound] };
    const keep = await openKeep(paths.keep);
    const seal = await openKeysFile(paths.keys, opened.seal);
    return await matched(await together(config, keep, seal, opened.generated, () => truncateLog(keep)), paths, lacking);
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return { findings: [`DATA_DIR: a file in ${config.DATA_DIR} ${means}`] };
  }
}

export async function openKeysFile(path: string, seal: Seal): Promise<Seals> {
  const db = sqliteDb<KeyTables>(path);
  return openKeys(db, seal, Date.now, () => truncateLog(db));
}

/** The same on PostgreSQL, where keys are a schema of their own. */
async function openRemote(
  config: Config,
  url: string,
  { seal, generated }: { seal: Seal; generated: boolean },
  lacking: 'refuse' | 'allow',
  onLost: () => void,
): Promise<Stores | { findings: string[] }> {
  const names = { keep: 'DATABASE_URL: the database', keys: 'DATABASE_URL: its schema avr_keys' };
  let keep: Keep | undefined;
  try {
    keep = await openKeep(url, onLost);
    const data = keep as Kysely<unknown>;
    // Rewriting a table keeps everybody from it for a moment: once an hour, not whenever somebody asks.
    let settledAt = 0;
    const settle = async () => {
      if (Date.now() - settledAt < settleMs) return;
      settledAt = Date.now();
      await rewriteKeys(data);
    };
    for (const { sealed } of await keep.selectFrom('meta').select('sealed').execute())
      if (!seal.owns(sealed)) {
        await keep.destroy();
        return { findings: [`${names.keep} was sealed with another SEAL_KEY (key ${sealed.slice(0, 8)}; the one given is ${seal.kid})`] };
      }
    const keys = await openRemoteKeys(url, seal, Date.now, onLost);
    return await matched(await together(config, keep, keys, generated, settle), names, lacking);
  } catch (error) {
    await keep?.destroy();
    return { findings: [`DATABASE_URL: the database: ${unusable(error).message}`] };
  }
}

/** Closed again, with a finding, where data and keys do not belong together. */
async function matched(stores: Stores, names: Paths, lacking: 'refuse' | 'allow'): Promise<Stores | { findings: string[] }> {
  const unfit = (await unpaired(stores, names)) ?? (lacking === 'allow' ? null : await incomplete(stores, names));
  if (unfit === null) return stores;
  await stores.close();
  return { findings: [unfit] };
}

async function together(config: Config, keep: Keep, seal: Seals, sealGenerated: boolean, settle: () => Promise<void>): Promise<Stores> {
  const own = (name: string) => ownKey(keep, seal, name);
  const [indexKey, auditKey, handoff, telegram] = [await own('index'), await own('audit'), await own('handoff'), await own('telegram')];
  return {
    keep,
    seal,
    sealGenerated,
    indexKey,
    auditKey,
    telegramSecret: telegram.toString('base64url'),
    secrets: config.HANDOFF_SECRET ?? [`whsec_${handoff.toString('base64')}`],
    settle,
    async close() {
      await keep.destroy();
      await seal.close();
    },
  };
}

/** Keys of other data would be dropped as spare ones, and with them those data. */
async function unpaired({ keep, seal }: Stores, paths: Paths): Promise<string | null> {
  const id = makeIndex(await ownKey(keep, seal, 'keys'))('pairing').slice(0, 16);
  return (await seal.pair(id)) === id
    ? null
    : `${paths.keys} belongs to other data than ${paths.keep}; put the two together that belong together`;
}

async function incomplete({ keep, seal }: Stores, paths: Paths): Promise<string | null> {
  const { length } = await unopenable(keep, seal);
  return length === 0
    ? null
    : `${paths.keys} has no key for ${length} of the requests in ${paths.keep}: put its newest copy back, or give them up with npm run restore -- --reconcile`;
}

/** The store of what must be forgotten: Redis where several processes share it, else a file of our own. */
export async function openForgetful(config: Config, onError: () => void): Promise<Forgetful | { findings: string[] }> {
  if (config.REDIS_URL !== undefined) return openKeyvRedis(config.REDIS_URL, onError);
  const path = join(config.DATA_DIR, 'forget.sqlite');
  try {
    return openKeyvSqlite(path, Date.now);
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return { findings: [`${path} ${means}; it holds only chats under way: without it people begin again`] };
  }
}
