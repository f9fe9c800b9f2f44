// Opens what main and the operator's tools share: data folder, keys, SQL and what is forgotten.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Forgetful } from '../store/forgetful.ts';
import { type Keep, openKeep, ownKey } from '../store/keep.ts';
import { openKeyvRedis } from '../store/keyv-redis.ts';
import { openKeyvSqlite } from '../store/keyv-sqlite.ts';
import { makeSeal, type Seal } from '../store/seal.ts';
import { sealKeys } from '../store/seal-key.ts';

export type Stores = {
  keep: Keep;
  seal: Seal;
  /** Whether the sealing key lies beside the data. */
  sealGenerated: boolean;
  indexKey: Buffer;
  auditKey: Buffer;
  secrets: string[];
};

export async function openStores(config: Config): Promise<Stores> {
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 });
  const { keys, generated } = sealKeys(config.SEAL_KEY, config.DATA_DIR);
  const seal = makeSeal(keys);
  const keep = await openKeep(join(config.DATA_DIR, 'keep.sqlite'));
  const [indexKey, auditKey, handoff] = await Promise.all(['index', 'audit', 'handoff'].map((name) => ownKey(keep, seal, name)));
  if (indexKey === undefined || auditKey === undefined || handoff === undefined) throw new Error('a key could not be made');
  const secrets = config.HANDOFF_SECRET ?? [`whsec_${handoff.toString('base64')}`];
  return { keep, seal, sealGenerated: generated, indexKey, auditKey, secrets };
}

/** The store of what must be forgotten: Redis where several processes share it, else a file of our own. */
export const openForgetful = (config: Config, onError: () => void): Promise<Forgetful> =>
  config.REDIS_URL === undefined
    ? Promise.resolve(openKeyvSqlite(join(config.DATA_DIR, 'forget.sqlite'), Date.now))
    : openKeyvRedis(config.REDIS_URL, onError);
