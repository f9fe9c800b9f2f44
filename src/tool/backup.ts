// `npm run backup -- FILE`: a copy of the data while the service runs, and of the keys beside it as
// FILE.keys. The two belong in different places: together, and with SEAL_KEY, they open everything.
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../config.ts';
import { orRefuse, refuse } from '../start/refuse.ts';
import { inDatabase, openSeal, pathsOf } from '../start/stores.ts';
import { copySqlite } from '../store/copy.ts';
import { inspect, meaning } from '../store/inspect.ts';
import { migrationNames } from '../store/keep.ts';
import type { Seal } from '../store/seal.ts';

/** Where the copies are, or why there are none. */
export function backup(
  config: Pick<Config, 'DATA_DIR' | 'DATABASE_URL'>,
  seal: Seal,
  args: string[],
): { data: string; keys: string; bytes: number } | { findings: string[] } {
  const [file, ...more] = words(args);
  if (file === undefined || more.length > 0)
    return { findings: ['FILE: one name for the copy of the data; the copy of the keys goes to FILE.keys'] };
  if (config.DATABASE_URL !== undefined) return { findings: [inDatabase] };
  const paths = pathsOf(config);
  for (const path of [paths.keep, paths.keys]) if (!existsSync(path)) return { findings: [`${path}: there is nothing to copy yet`] };
  const [data, keys] = [resolve(file), `${resolve(file)}.keys`];
  try {
    // The data first: every request in the copy then has its key in the other, unless its person was erased.
    const wrong =
      copySqlite(paths.keep, data, (path) => inspect(path, seal, migrationNames)) ??
      copySqlite(paths.keys, keys, (path) => inspect(path, seal));
    if (wrong !== null) return { findings: [`the copy ${wrong}; it was thrown away`] };
    return { data, keys, bytes: statSync(data).size };
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return { findings: [`${file} or ${paths.keep} ${means}`] };
  }
}

function words(args: string[]): string[] {
  try {
    return parseArgs({ args, allowPositionals: true, strict: true }).positionals;
  } catch {
    return [];
  }
}

if (import.meta.main) {
  const config = readConfig(process.env);
  if ('findings' in config) refuse(config.findings);
  const { seal } = orRefuse(openSeal(config));
  const { data, keys, bytes } = orRefuse(backup(config, seal, process.argv.slice(2)));
  process.stdout.write(`Data: ${data} (${bytes} bytes), without sessions and without keys.\n`);
  process.stdout.write(`Keys: ${keys}. Keep it elsewhere, and only the newest: an older one brings back who was erased since.\n`);
}
