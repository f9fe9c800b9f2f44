// A real Redis on a free port of this machine, to be killed, frozen and filled by a test.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './port.ts';

export type Redis = {
  url: string;
  start(...settings: string[]): Promise<void>;
  signal(name: NodeJS.Signals): void;
  folder: string;
  end(): Promise<void>;
};

/** Not started yet; `start` may be called again after a kill and finds the same data. */
export async function makeRedis(): Promise<Redis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  let child: ChildProcess | undefined;
  const gone = async () => {
    const one = child;
    if (one === undefined || one.exitCode !== null || one.signalCode !== null) return;
    const ended = new Promise((resolve) => one.once('exit', resolve));
    one.kill('SIGKILL');
    await ended;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    folder,
    async start(...settings) {
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes', ...settings];
      child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise<void>((resolve, reject) => {
        child?.once('exit', () => reject(new Error('redis-server ended')));
        child?.once('error', reject);
        child?.stdout?.on('data', (chunk: Buffer) => chunk.toString().includes('Ready to accept') && resolve());
      });
    },
    signal: (name) => void child?.kill(name),
    async end() {
      await gone();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
