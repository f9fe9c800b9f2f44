// PostgreSQL for what must not be lost, loaded only when it is asked for. What is out of reach, full or
// too slow ends in time and under one name; numbers come back as numbers; a doubtful connection is not used again.
import { type PostgresDialect as Dialect, PostgresDialect, type PostgresPoolClient } from 'kysely';
import { watched } from './crash.ts';
import { StoreDown } from './forget.ts';

/** Connections of one process: its people wait for each other, other processes on the server do not starve. */
const mostConnections = 10;
const seconds = 1000;

export async function postgresDialect(url: string, onError: () => void, most = mostConnections): Promise<Dialect> {
  const { DatabaseError, Pool, types } = await import('pg');
  const pool = new Pool({
    connectionString: url,
    application_name: 'avr-bot',
    max: most,
    keepAlive: true,
    // Also the wait for one of our own connections, when many write at once.
    connectionTimeoutMillis: 7 * seconds,
    // A process held up inside a transaction keeps all others from writing: the server ends it before they give up.
    idle_in_transaction_session_timeout: 5 * seconds,
    lock_timeout: 7 * seconds,
    statement_timeout: 7 * seconds,
    query_timeout: 8 * seconds,
    types: { getTypeParser: (oid, format) => (oid === bigint || oid === numeric ? exact : types.getTypeParser(oid, format)) },
  });
  // Without listeners a lost connection would end the process: the pool listens only to those nobody is using.
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));

  const told = (error: unknown): unknown => {
    const ours = error instanceof RangeError || error instanceof TypeError;
    if (ours || (error instanceof DatabaseError && !passing.test(error.code ?? ''))) return error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return Object.assign(new StoreDown('the database is out of reach', { cause: error }), { code });
  };
  const { before, after } = watched();
  const clients = new WeakMap<object, PostgresPoolClient>();
  return new PostgresDialect({
    pool: {
      options: pool.options,
      end: () => pool.end(),
      async connect() {
        const client = await pool.connect().catch((error) => Promise.reject(told(error)));
        const known = clients.get(client);
        if (known !== undefined) return known;
        let doubtful = false;
        /** Inside a transaction, and whether it has changed rows. */
        let inside = false;
        let changed = false;
        const noted = (text: string, rows: number) => {
          inside = beginning.test(text) || (inside && !ending.test(text));
          changed = text !== 'rollback' && (changed || (changing.test(text) && rows > 0));
          if (!changed || inside) return;
          changed = false;
          after();
        };
        const query = async (text: string, values: readonly unknown[] = []) => {
          try {
            if (text !== 'rollback') before();
            const result = await client.query(text, values.map(storable));
            noted(text, result.rowCount ?? 0);
            return result;
          } catch (error) {
            doubtful ||= !(error instanceof DatabaseError);
            throw told(error);
          }
        };
        const careful: PostgresPoolClient = {
          query: query as unknown as PostgresPoolClient['query'],
          release: (discard) => client.release(discard === true || doubtful),
        };
        clients.set(client, careful);
        return careful;
      },
    },
  });
}

const beginning = /^(begin|start transaction)/;
const ending = /^(commit|rollback)$/;
const changing = /^(insert|update|delete|with)\b/;

const bigint = 20;
const numeric = 1700;

/** Times and sums fit a number; what does not must not be rounded in silence. */
function exact(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a number of the database is too large');
  return value;
}

/** PostgreSQL has no place for the character of value 0, SQLite does; nobody reads it. */
const storable = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value);

/** Connection lost, server full or going down, waited too long: the same again may go well later. */
const passing = /^(08|53|57|58|25P03|55P03)/;
