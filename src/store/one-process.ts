// One process per data folder: an open exclusive transaction on a file of its own. The system lets go
// of it however a process ends, so a kill leaves no stale lock behind.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Null when another process has this folder. */
export function takeFolder(folder: string): { release(): void } | null {
  const database = new DatabaseSync(join(folder, 'process.sqlite'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return null;
  }
  return { release: () => database.close() };
}
