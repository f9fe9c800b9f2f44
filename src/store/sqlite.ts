// The few lines between kysely and Node's own SQLite. kysely hands parameters over as one array and
// begins deferred transactions; both would go wrong here, so this file puts them right.
import { DatabaseSync, type SQLInputValue, type StatementResultingChanges } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely';
import { watched } from './crash.ts';

// A Date or object as first parameter would be read as named parameters and shift all the others.
function bound(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return value;
  throw new TypeError('a SQL parameter must be a string, number, boolean, bytes or null');
}

const mostKnown = 500;
const changing = /^(insert|update|delete)\b/;

/** Opens a file (or `:memory:`) with what must not be lost: every commit reaches the disk, deleted bytes are overwritten. */
function openSqlite(path: string): SqliteDatabase {
  const database = new DatabaseSync(path);
  // Patience first: the others already need it where two processes open the same file at once.
  database.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  database.exec('PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON');
  const { before, after } = watched();
  /** Rows were changed and are not on the disk yet. */
  let changed = false;
  function prepare(sql: string): SqliteStatement {
    // A deferred transaction that reads first cannot become a writer beside a second connection.
    const statement = database.prepare(sql === 'begin' ? 'begin immediate' : sql);
    // A full disk ends a transaction by itself; kysely's rollback would then hide why.
    const over = () => sql === 'rollback' && !database.isTransaction;
    const changes = changing.test(sql);
    const asked = <T extends unknown[] | StatementResultingChanges>(run: () => T): T => {
      if (sql !== 'rollback') before();
      const done = run();
      const count = Array.isArray(done) ? done.length : Number(done.changes);
      changed = sql !== 'rollback' && (changed || (changes && count > 0));
      if (changed && !database.isTransaction) {
        changed = false;
        after();
      }
      return done;
    };
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => asked(() => statement.all(...parameters.map(bound))),
      run: (parameters) => (over() ? { changes: 0, lastInsertRowid: 0 } : asked(() => statement.run(...parameters.map(bound)))),
      // Of its own: the same words may run again while these rows are still being read.
      iterate: (parameters) => database.prepare(sql).iterate(...parameters.map(bound)) as IterableIterator<unknown>,
    };
  }
  /** Prepared once each. Texts of SQL are few, save where a list has a length of its own. */
  const known = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare(sql) {
      const statement = known.get(sql) ?? prepare(sql);
      if (known.size >= mostKnown) known.clear();
      known.set(sql, statement);
      return statement;
    },
  };
}

export const sqliteDb = <T>(path: string): Kysely<T> => new Kysely<T>({ dialect: new SqliteDialect({ database: openSqlite(path) }) });

/** Moves everything from the log into the file, where deleted bytes are overwritten. Another reader may delay it to the next time. */
export async function truncateLog<T>(db: Kysely<T>): Promise<void> {
  await sql.raw('PRAGMA wal_checkpoint(TRUNCATE)').execute(db);
}
