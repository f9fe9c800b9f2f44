// What only one of many processes may do: a lock of PostgreSQL for each, held by a connection of its
// own, so that the server lets go of it however the process ends.
import type { Client } from 'pg';

export type Duty = 'conversations' | 'telegram' | 'whatsapp';
export type Wanted = {
  duty: Duty;
  /** Others may have it too, unless somebody wants it alone. */
  shared: boolean;
};
export type Duties = { release(): Promise<void> };

const ours = 7_230_118;
const numbers: Record<Duty, number> = { conversations: 1, telegram: 2, whatsapp: 3 };
const heartbeatMs = 5_000;
const againMs = 1_000;

/** All of them, or the first that another process has. `onLost`: another process got one while the database was away. */
export async function takeDuties(url: string, wanted: Wanted[], onLost: (duty: Duty) => void): Promise<Duties | { taken: Duty }> {
  let released = false;
  let current: Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const later = (work: () => Promise<void>, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void work(), ms).unref();
  };
  const again = async (): Promise<void> => {
    const client = current;
    current = undefined;
    await client?.end().catch(() => {});
    if (released) return;
    const taken = await attempt().catch(() => again);
    if (taken === again) later(again, againMs);
    else if (typeof taken === 'string') onLost(taken);
  };
  // A machine that has gone without a word is noticed on both sides, or two would do the work of one.
  const beat = async (): Promise<void> => {
    if (released || current === undefined) return;
    const alive = await current.query('select 1').catch(() => null);
    later(alive === null ? again : beat, alive === null ? 0 : heartbeatMs);
  };
  const attempt = async (): Promise<Duty | null> => {
    const { client, taken } = await hold(url, wanted);
    if (taken !== null) return taken;
    client.on('error', () => later(again, againMs));
    current = client;
    later(beat, heartbeatMs);
    return null;
  };

  const taken = await attempt();
  if (taken !== null) return { taken };
  return {
    async release() {
      released = true;
      clearTimeout(timer);
      await current?.end().catch(() => {});
    },
  };
}

async function hold(url: string, wanted: Wanted[]): Promise<{ client: Client; taken: Duty | null }> {
  const { Client } = await import('pg');
  const client = new Client({
    connectionString: url,
    application_name: 'avr-bot duties',
    connectionTimeoutMillis: 3_000,
    query_timeout: heartbeatMs,
  });
  const noted = () => {};
  client.on('error', noted);
  try {
    await client.connect();
    await client.query('set tcp_keepalives_idle = 10; set tcp_keepalives_interval = 5; set tcp_keepalives_count = 3');
    for (const { duty, shared } of wanted) {
      const { rows } = await client.query(`select pg_try_advisory_lock${shared ? '_shared' : ''}($1, $2) as mine`, [ours, numbers[duty]]);
      if (rows[0]?.mine === true) continue;
      await client.end();
      return { client, taken: duty };
    }
    return { client, taken: null };
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
