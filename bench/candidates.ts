// Who is measured and how each is started: a fresh process on an empty folder, ready when it says so.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order } from './load.ts';
import { bytesIn } from './measure.ts';
import type { Told } from './telegram.ts';

export type Name = 'floor' | 'avr-bot' | 'conversations' | 'telegraf';
export type Store = 'embedded' | 'redis';

const here = import.meta.dirname;
const token = '123456:bench-token-of-nobody-in-particular';
const probe = join(here, 'probe.mjs');

/** What `npm start` starts the product with. */
const { scripts } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8')) as { scripts: { start: string } };
const shipped = scripts.start.split(' ').filter((word) => word.startsWith('--'));

/** The first start's proof, which the next ones remember as any second start does. */
let verdict: Buffer | null = null;

export type Running = {
  pid: number;
  startMs: number;
  heapFile: string;
  bytes(): number;
  /** Ends it; its files stay until `remove`. */
  end(): Promise<void>;
  remove(): void;
};

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `redis`: its address, for those that use it. */
export async function start(name: Name, root: string, redis: string | null): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const heapFile = join(folder, 'heap');
  const { PATH = '' } = process.env;
  const port = await freePort();
  const data = join(folder, 'data');
  if (verdict !== null) {
    mkdirSync(data);
    writeFileSync(join(data, 'proof.json'), verdict);
  }
  const environment: Record<string, string> =
    name === 'avr-bot'
      ? {
          PORT: String(port),
          DATA_DIR: data,
          TELEGRAM_BOT_TOKEN: token,
          TELEGRAM_API_ROOT: root,
          TELEGRAM_MODE: 'webhook',
          PUBLIC_URL: `http://127.0.0.1:${port}`,
          HANDOFF_URL: `${root}/cases`,
          ...(redis === null ? {} : { REDIS_URL: redis }),
        }
      : {
          BENCH_TOKEN: token,
          BENCH_ROOT: root,
          BENCH_CASES: `${root}/cases`,
          BENCH_FILE: join(folder, 'store.sqlite'),
          BENCH_REDIS: redis ?? '',
        };
  const script = name === 'avr-bot' ? join(here, '..', 'src', 'main.ts') : join(here, 'peers', `${name}.ts`);
  const flags = ['--expose-gc', '--import', probe, ...(name === 'avr-bot' ? shipped : [])];
  const at = performance.now();
  const child = spawn(process.execPath, [...flags, script], {
    cwd: join(here, '..'),
    env: { PATH, BENCH_HEAP: heapFile, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      written += chunk.toString();
      if (/^ready$|is ready/m.test(written)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void gone.then(() => reject(new Error(`${name} ended:\n${written}`)));
  });
  const startMs = performance.now() - at;
  // The flows are proved beside the running product, once for each content: no part of an update.
  const proved = join(data, 'proof.json');
  while (name === 'avr-bot' && !existsSync(proved)) await new Promise((resolve) => setTimeout(resolve, 100));
  if (name === 'avr-bot') verdict = readFileSync(proved);
  return {
    pid: child.pid ?? 0,
    startMs,
    heapFile,
    bytes: () => bytesIn(name === 'avr-bot' ? data : folder),
    async end() {
      child.kill('SIGTERM');
      await gone;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Load = { root: string; give(order: Order): Promise<Told>; forget(): void; end(): void };

export async function startLoad(): Promise<Load> {
  const child: ChildProcess = fork(join(here, 'load.ts'), { stdio: 'inherit' });
  const next = <T>() => new Promise<T>((resolve) => child.once('message', (message) => resolve(message as T)));
  const { root } = await next<{ root: string }>();
  return {
    root,
    give(order) {
      const told = next<Told>();
      child.send(order);
      return told;
    },
    forget: () => void child.send({ do: 'forget' }),
    end: () => child.disconnect(),
  };
}

/** A Redis server of the bench's own, set as the product asks for it. */
export async function startRedis(): Promise<{ url: string; used(): Promise<number>; end(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const port = await freePort();
  const child = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--maxmemory-policy', 'noeviction'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('Ready to accept') && resolve()),
  );
  const { connect } = await import('node:net');
  const used = () =>
    new Promise<number>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('INFO memory\r\nQUIT\r\n'));
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(Number(/used_memory_dataset:(\d+)/.exec(text)?.[1])));
    });
  return {
    url: `redis://127.0.0.1:${port}`,
    used,
    async end() {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
