// `node test/scale.ts [PEOPLE] [ROUNDS]`: what it costs to share the work. The same people walk the web chat
// to their receipt before one process on embedded stores, one on Redis and PostgreSQL, and two on both.
// A run in which anybody lost anything gives no figure.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { appendAudit } from '../src/store/audit.ts';
import { type Keep, openKeep } from '../src/store/keep.ts';
import { firstTime } from '../src/store/outbox.ts';
import { transact } from '../src/store/transact.ts';
import { crowd, oneEach } from './support/crowd.ts';
import { makePostgres } from './support/postgres.ts';
import { dataFolder, startProduct } from './support/product.ts';
import { makeRedis } from './support/redis.ts';
import { toReceipt } from './support/ways.ts';

const [people = 60, rounds = 3] = process.argv.slice(2).map(Number);
const ticks = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Microseconds a process has worked, user and system, its threads included. */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticks) * 1_000_000;
}
const residentOf = (pid: number) => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const server = await makePostgres(true);
const redis = await makeRedis();
await Promise.all([server.start(), redis.start()]);
let databases = 0;

/** What a person leaves behind, in kB: session and transcript in Redis, request in PostgreSQL. */
const left = { redis: Number.NaN, postgres: Number.NaN };
const keptBytes = async (database: string) => ({
  redis: Number(
    /used_memory_dataset:(\d+)/.exec(execFileSync('redis-cli', ['-u', redis.url, 'info', 'memory'], { encoding: 'utf8' }))?.[1],
  ),
  postgres: Number((await server.sql(`select pg_database_size('${database}')::text as bytes`))[0]?.['bytes']),
});

async function run(count: number, shared: boolean): Promise<{ cpu: number; perSecond: number; resident: number }> {
  databases += 1;
  if (shared) await server.sql(`create database scale${databases}`);
  const sealKey = Buffer.alloc(32, 4).toString('base64');
  const settings = shared ? { DATABASE_URL: server.url(`scale${databases}`), REDIS_URL: redis.url, SEAL_KEY: sealKey } : {};
  const folders = Array.from({ length: count }, dataFolder);
  const products = await Promise.all(folders.map((folder) => startProduct(folder.path, settings)));
  const cpu = () => products.reduce((sum, one) => sum + cpuOf(one.pid), 0);
  let next = 0;
  const pick = () => products[next++ % count]?.url ?? null;
  const warm = await crowd(people, pick);
  await oneEach(warm, products[0]?.url ?? '');
  const empty = shared ? await keptBytes(`scale${databases}`) : null;
  const [before, began] = [cpu(), performance.now()];
  const refs = await crowd(people, pick);
  const seconds = (performance.now() - began) / 1000;
  await oneEach(new Map([...warm, ...refs]), products[0]?.url ?? '');
  const updates = people * (toReceipt.length + 1);
  const result = {
    cpu: (cpu() - before) / updates,
    perSecond: updates / seconds,
    resident: median(products.map((one) => residentOf(one.pid))),
  };
  await Promise.all(products.map((one) => one.end('SIGTERM')));
  if (empty !== null) {
    const full = await keptBytes(`scale${databases}`);
    left.redis = (full.redis - empty.redis) / people / 1024;
    left.postgres = (full.postgres - empty.postgres) / people / 1024;
  }
  for (const folder of folders) folder.remove();
  return result;
}

const ways = [
  { name: 'one process, embedded stores', count: 1, shared: false },
  { name: 'one process, Redis and PostgreSQL', count: 1, shared: true },
  { name: 'two processes, Redis and PostgreSQL', count: 2, shared: true },
];
const runs = ways.map(() => [] as Awaited<ReturnType<typeof run>>[]);
for (let round = 0; round < rounds; round += 1) for (const [i, way] of ways.entries()) runs[i]?.push(await run(way.count, way.shared));
for (const [i, { name }] of ways.entries()) {
  const all = runs[i] ?? [];
  const cpus = all.map((one) => one.cpu);
  const spread = `${Math.min(...cpus).toFixed(0)}–${Math.max(...cpus).toFixed(0)}`;
  const resident = median(all.map((one) => one.resident)).toFixed(0);
  const perSecond = median(all.map((one) => one.perSecond)).toFixed(0);
  process.stdout.write(`${name}: ${median(cpus).toFixed(0)} µs CPU a message (${spread}), ${perSecond}/s, ${resident} MB each\n`);
}
const ratios = (runs[2] ?? []).map((two, i) => two.cpu / (runs[1]?.[i]?.cpu ?? Number.NaN));
process.stdout.write(
  `two to one on Redis and PostgreSQL: ${median(ratios).toFixed(2)} (${ratios.map((one) => one.toFixed(2)).join(', ')})\n`,
);
process.stdout.write(`a person leaves ${left.redis.toFixed(1)} kB in Redis and ${left.postgres.toFixed(1)} kB in PostgreSQL\n`);

// Changes of the desk follow one another: how many fit into a second, with a row of the log each.
await server.sql('create database writers');
const keeps = await Promise.all([1, 2].map(() => openKeep(server.url('writers'))));
const entry = { actor: 'a_1', action: 'case.read', subject: 'c_1', detail: '' };
const changes = 1000;
const began = performance.now();
await Promise.all(
  Array.from({ length: 20 }, async (_, at) => {
    for (let i = at; i < changes; i += 20)
      await transact(keeps[at % 2] as Keep, async (tx) => {
        await firstTime(tx, `change ${i}`, i);
        await appendAudit(tx, Buffer.alloc(32, 2), entry, i);
      });
  }),
);
process.stdout.write(`two processes change ${((changes * 1000) / (performance.now() - began)).toFixed(0)} things a second\n`);
await Promise.all(keeps.map((keep) => keep.destroy()));
await Promise.all([server.end(), redis.end()]);
