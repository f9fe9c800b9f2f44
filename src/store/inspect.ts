// Looks at a file with what must not be lost before anything writes to it: is it whole, did a newer
// version write it, does SEAL_KEY open it. And says what an engine's error means for the operator.
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Seal } from './seal.ts';

/** What is wrong with this file, in words an operator can act on; null when all is well. `known`: names of our migrations. */
export function inspect(path: string, seal: Seal, known?: readonly string[]): string | null {
  if (!existsSync(path)) return null;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const [first] = database.prepare('PRAGMA quick_check(1)').all();
    const verdict = String(first?.['quick_check']);
    if (verdict !== 'ok') return `is damaged (${verdict.split('\n').at(-1)})`;
    const newer = known === undefined ? [] : valuesIn(database, 'kysely_migration', 'name').filter((name) => !known.includes(name));
    if (newer.length > 0) return `was written by a newer version of avr-bot (it has ${newer.join(', ')}); start that version again`;
    const foreign = valuesIn(database, 'meta', 'sealed').find((sealed) => !seal.owns(sealed));
    if (foreign !== undefined)
      return `was sealed with another SEAL_KEY (key ${foreign.slice(0, 8)}; the one given is ${seal.kid}); nothing was written`;
    return null;
  } catch (error) {
    const means = meaning(error);
    if (means === null) throw error;
    return means;
  } finally {
    database?.close();
  }
}

/** One column; nothing where a first start ended before its tables were made. */
function valuesIn(database: DatabaseSync, table: string, column: string): string[] {
  const there = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table);
  return there === undefined
    ? []
    : database
        .prepare(`SELECT ${column} AS value FROM ${table}`)
        .all()
        .map((row) => String(row['value']));
}

/** Whether these data were ever used with a key for each case. */
export function hasKeys(path: string): boolean {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return valuesIn(database, 'meta', 'name').includes('keys');
  } finally {
    database.close();
  }
}

const sqlite: Record<number, string> = {
  5: 'is locked by another program',
  8: 'cannot be written: the disk or the file is read-only',
  10: 'cannot be read or written: the disk reports an error',
  11: 'is damaged',
  13: 'cannot grow: the disk is full',
  14: 'cannot be opened: permission or folder is missing',
  26: 'is damaged or is no SQLite file',
};
const system: Record<string, string> = {
  EACCES: 'cannot be used: no permission',
  EPERM: 'cannot be used: no permission',
  EROFS: 'cannot be written: the disk is read-only',
  ENOSPC: 'cannot grow: the disk is full',
  ENOTDIR: 'cannot be made: part of its path is a file',
  ENOENT: 'cannot be made: the folder above it is missing',
};

/** What went wrong with a file, where that is a matter for the operator; null for a fault of ours. */
export function meaning(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('errcode' in error && typeof error.errcode === 'number') return sqlite[error.errcode & 255] ?? null;
  return 'code' in error && typeof error.code === 'string' ? (system[error.code] ?? null) : null;
}
