// How fast events reach case systems elsewhere while a quarter of those is broken: twenty of them in a
// process of their own, ten thousand events in a store on disk, and the courier the service uses. Each
// receiver checks the signature and keeps ids, so nothing counts that was posted twice or unsigned.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readConfig } from '../src/config.ts';
import { makeCourier } from '../src/handoff/courier.ts';
import { chosenTypes } from '../src/handoff/outside.ts';
import { makeSend } from '../src/handoff/send.ts';
import { verify } from '../src/handoff/sign.ts';
import { makeLog } from '../src/log.ts';
import { openStores, type Stores } from '../src/start/stores.ts';
import { putDelivery } from '../src/store/deliveries.ts';
import { addEndpoint } from '../src/store/endpoints.ts';
import { transact } from '../src/store/transact.ts';

export type Row = { name: string; value: number; unit: string };

const systems = 20;
/** The first ones: an error, no answer at all, a cut line, a way elsewhere, too much to do. */
const broken = 5;
const changes = 500;
const requests = 50;
const singles = 100;
const events = systems * changes;
const patience = 300_000;

type Order = { secrets: string[] } | 'count' | 'times';
type Report = { ports: number[] } | { count: number } | { at: Record<string, number> };

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const clock = () => performance.timeOrigin + performance.now();

/** In the other process. Broken ones look at nothing. */
async function receive(): Promise<void> {
  let secrets: string[] = [];
  const at: Record<string, number> = {};
  let count = 0;
  const ways: ((request: IncomingMessage, response: ServerResponse) => void)[] = [
    (_, response) => response.writeHead(500).end(),
    () => {},
    (request) => request.socket.destroy(),
    (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
    (_, response) => response.writeHead(429).end(),
  ];
  const listen = (system: number): Promise<number> => {
    const takes = (request: IncomingMessage, response: ServerResponse) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const way = ways[system];
        if (way !== undefined) return way(request, response);
        const id = verify([secrets[system] ?? ''], request.headers, Buffer.concat(chunks), Date.now());
        if (id === null) return response.writeHead(401).end();
        if (at[id] === undefined) count += 1;
        at[id] ??= clock();
        return response.writeHead(202).end();
      });
    };
    const server: Server = createServer(takes).listen(0, '127.0.0.1');
    return new Promise((resolve) => server.once('listening', () => resolve((server.address() as AddressInfo).port)));
  };
  const ports = await Promise.all(Array.from({ length: systems }, (_, system) => listen(system)));
  process.on('message', (order: Order) => {
    if (typeof order === 'object') secrets = order.secrets;
    else process.send?.((order === 'count' ? { count } : { at }) satisfies Report);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ports } satisfies Report);
}

function startReceivers() {
  const child = fork(import.meta.filename, ['receivers']);
  const next = <T extends Report>() => new Promise<T>((resolve) => child.once('message', (report) => resolve(report as T)));
  const ports = next<{ ports: number[] }>().then((report) => report.ports);
  return {
    ports,
    knows: (secrets: string[]) => void child.send({ secrets } satisfies Order),
    count() {
      const report = next<{ count: number }>();
      child.send('count' satisfies Order);
      return report.then(({ count }) => count);
    },
    /** When each event arrived, by its id. */
    times() {
      const report = next<{ at: Record<string, number> }>();
      child.send('times' satisfies Order);
      return report.then(({ at }) => at);
    },
    stop: () => child.disconnect(),
  };
}

/** One change of a request, as the desk writes it: an event for every system, in one transaction. */
const change = ({ keep, seal }: Stores, ids: readonly string[], at: number) =>
  transact(keep, async (tx) => {
    const caseId = `c_${String(at % requests).padStart(6, '0')}`;
    const letter = { fetched: false, type: 'case.updated', caseId, kind: 'return', urgent: false, standing: true };
    const facts = {
      ref: '7K4-2PD',
      kind: 'return',
      office: 'minsk',
      language: 'ckb',
      status: 'claimed',
      priority: 'high',
      reasons: ['no-shelter'],
    };
    for (const endpoint of ids)
      await putDelivery(tx, seal, { ...letter, endpoint, data: (seq) => ({ case_id: caseId, seq, ...facts }) }, Date.now());
  });

function p95(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN);
}

/** Beside the broken ones, or the healthy ones alone. */
async function drain(folder: string, alone: boolean, heap: () => number) {
  const config = readConfig({ DATA_DIR: folder, SEAL_KEY: Buffer.alloc(32, 1).toString('base64') });
  if ('findings' in config) throw new Error(config.findings.join('\n'));
  const stores = await openStores(config);
  if ('findings' in stores) throw new Error(stores.findings.join('\n'));
  const { keep, seal } = stores;
  const receivers = startReceivers();
  const wished = { organisation: 'own', types: [...chosenTypes], accepts: [], payload: 'thin' as const, protection: false, language: 'en' };
  const made: { id: string; secret: string }[] = [];
  for (const [at, port] of (await receivers.ports).entries())
    made.push(
      await transact(keep, (tx) => addEndpoint(tx, seal, { ...wished, name: `${at}`, url: `http://127.0.0.1:${port}/` }, Date.now())),
    );
  receivers.knows(made.map(({ secret }) => secret));
  const ids = made.map(({ id }) => id).slice(alone ? broken : 0);
  const healthy = made.map(({ id }) => id).slice(broken);
  for (let at = 0; at < changes; at += 1) await change(stores, ids, at);

  const { send, close } = makeSend({ hosts: null, loopback: true }, Date.now);
  const quiet = makeLog(
    () => {},
    () => new Date(),
  );
  const courier = makeCourier({ keep, seal, log: quiet, send, now: Date.now, disabled: async () => {} });
  const wanted = healthy.length * changes;
  const reaches = async (count: number) => {
    for (const end = clock() + patience; ; await sleep(20)) {
      const there = await receivers.count();
      if (there >= count) return;
      if (clock() > end) throw new Error(`only ${there} of ${count} events arrived`);
    }
  };

  const before = heap();
  let most = before;
  const began = clock();
  courier.wake();
  // What is really held on the way, not what waits to be collected; the pauses for it count as delivery.
  for (let part = 1; part <= 5; part += 1) {
    await reaches((wanted * part) / 5);
    most = Math.max(most, heap());
  }
  const all = Object.values(await receivers.times());
  const seconds = (Math.max(...all) - began) / 1000;
  const after = heap();

  // The broken ones are asleep or held by now; somebody else's event must not feel them.
  const single: { written: number; last: number }[] = [];
  for (let at = 0; at < (alone ? 0 : singles); at += 1) {
    const written = clock();
    await change(stores, ids, at);
    courier.wake();
    await reaches(wanted + healthy.length * (at + 1));
    single.push({ written, last: (at + 1) * healthy.length });
  }
  // In the order they arrived; each change was whole before the next was written.
  const late = Object.values(await receivers.times())
    .toSorted((a, b) => a - b)
    .slice(wanted);
  const waits = single.flatMap(({ written, last }) => late.slice(last - healthy.length, last).map((time) => time - written));
  close();
  await courier.stop();
  receivers.stop();
  await stores.close();
  return { rate: wanted / seconds, p95: p95(all.map((time) => time - began)), before, most, after, single: p95(waits) };
}

/** Rows of the bench. */
export async function benchHandoff(): Promise<Row[]> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const heap = () => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const folder = mkdtempSync(join(tmpdir(), 'handoff-'));
  try {
    const alone = await drain(join(folder, 'alone'), true, heap);
    const mixed = await drain(join(folder, 'mixed'), false, heap);
    const mb = (bytes: number) => Math.round(bytes / 104_857.6) / 10;
    return [
      { name: 'events waiting at the start', value: events, unit: '' },
      { name: 'case systems, of which broken', value: broken, unit: `of ${systems}` },
      { name: 'to the healthy ones alone', value: Math.round(alone.rate), unit: 'events/s' },
      { name: 'to the healthy ones beside the broken', value: Math.round(mixed.rate), unit: 'events/s' },
      { name: 'p95 time to delivery of the whole backlog', value: mixed.p95, unit: 'ms' },
      { name: 'p95 time to delivery of one change to fifteen systems', value: mixed.single, unit: 'ms' },
      { name: 'heap before, collected', value: mb(mixed.before), unit: 'MB' },
      { name: 'heap at its largest, collected', value: mb(mixed.most), unit: 'MB' },
      { name: 'heap after, collected', value: mb(mixed.after), unit: 'MB' },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main && process.argv[2] === 'receivers') await receive();
else if (import.meta.main) console.table(await benchHandoff());
