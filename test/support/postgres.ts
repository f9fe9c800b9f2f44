// A real PostgreSQL on a free port of this machine, to be killed, frozen and restarted by a test. It
// refuses to run as root, so there its own user runs it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { findPostgres } from '../../src/tool/parts.ts';
import { freePort } from './port.ts';

export type Postgres = {
  /** Of one of its databases. */
  url(database: string): string;
  /** May be called again after an end and finds the same data. */
  start(): Promise<void>;
  /** SIGINT: everybody is thrown out; SIGQUIT: as if the power failed; SIGSTOP and SIGCONT reach every process of it. */
  signal(name: 'SIGINT' | 'SIGQUIT' | 'SIGSTOP' | 'SIGCONT'): Promise<void>;
  /** One statement as its master. */
  sql(statement: string, database?: string): Promise<Record<string, unknown>[]>;
  folder: string;
  end(): Promise<void>;
};

function user(): { uid: number; gid: number } | Record<string, never> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

/** `durable`: written to the disk as shipped; without, a test that kills no server is quicker. Not started yet. */
export async function makePostgres(durable: boolean): Promise<Postgres> {
  const bin = findPostgres() ?? '';
  const who = user();
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  if ('uid' in who) chownSync(folder, who.uid ?? 0, who.gid ?? 0);
  const data = join(folder, 'data');
  const port = await freePort();
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...who,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr}`);
  const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];
  const settings = ['listen_addresses=127.0.0.1', 'max_connections=100', 'shared_buffers=32MB', ...(durable ? [] : quick)];
  let child: ChildProcess | undefined;
  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const ended = () => new Promise<void>((resolve) => (alive() ? child?.once('exit', () => resolve()) : resolve()));
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;

  const server: Postgres = {
    url,
    folder,
    async start() {
      const args = ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((one) => ['-c', one])];
      child = spawn(join(bin, 'postgres'), args, { ...who, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      await new Promise<void>((resolve, reject) => {
        child?.once('exit', () => reject(new Error(`postgres ended: ${said}`)));
        child?.once('error', reject);
        child?.stderr?.on('data', (chunk: Buffer) => {
          said = (said + chunk.toString()).slice(-4000);
          if (chunk.toString().includes('ready to accept connections')) resolve();
        });
      });
    },
    async signal(name) {
      const freeze = name === 'SIGSTOP' || name === 'SIGCONT';
      // First the one that would answer a new connection with a process nobody has listed.
      child?.kill(name);
      const below = freeze ? spawnSync('ps', ['-o', 'pid=', '--ppid', String(child?.pid)], { encoding: 'utf8' }).stdout : '';
      for (const pid of below.split(/\s+/).filter(Boolean)) process.kill(Number(pid), name);
      if (!freeze) await ended();
    },
    async sql(statement, database = 'postgres') {
      const client = new Client({ connectionString: url(database) });
      await client.connect();
      try {
        return (await client.query(statement)).rows ?? [];
      } finally {
        await client.end();
      }
    },
    async end() {
      if (alive()) await server.signal('SIGQUIT');
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}
