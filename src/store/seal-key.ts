// The key that seals everything, where the operator gave none: made once, beside the data, for trying
// the product out. Production wants it from outside.

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 32 bytes; `generated` when it lies in the data folder. Null when there ought to be one: a new one would open nothing. */
export function sealKeys(given: string[] | undefined, folder: string, mayMake: boolean): { keys: Buffer[]; generated: boolean } | null {
  if (given !== undefined) return { keys: given.map((text) => Buffer.from(text, 'base64')), generated: false };
  const path = join(folder, 'seal.key');
  if (!existsSync(path)) {
    if (!mayMake || existsSync(join(folder, 'keep.sqlite'))) return null;
    writeFileSync(`${path}.new`, randomBytes(32).toString('base64'), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
  return { keys: [Buffer.from(readFileSync(path, 'utf8').trim(), 'base64')], generated: true };
}
