// A copy of a running SQLite file: one moment of it, whole, without anything deleted, looked at and on
// the disk before it gets its name. Who writes meanwhile is not held up.
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Null when the copy is there; else what is wrong with it, and then an older copy stays as it was. */
export function copySqlite(from: string, to: string, wrong: (path: string) => string | null): string | null {
  const half = `${to}.new`;
  rmSync(half, { force: true });
  try {
    const source = new DatabaseSync(from, { readOnly: true });
    try {
      source.exec('PRAGMA busy_timeout = 5000');
      source.prepare('VACUUM INTO ?').run(half);
    } finally {
      source.close();
    }
    const found = wrong(half);
    if (found !== null) return found;
    chmodSync(half, 0o600);
    const file = openSync(half, 'r+');
    fsyncSync(file);
    closeSync(file);
    renameSync(half, to);
    return null;
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${half}${end}`, { force: true });
  }
}
