// The product as its own process, on a data folder of its own, to be talked to over HTTP and killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const token = 'a-token-for-tests-only-0123456789';

export type Product = {
  url: string;
  setUp: string | null;
  pid: number;
  /** Everything it wrote so far. */
  output(): string;
  /** Whether it has ended, however. */
  gone(): boolean;
  /** Ends it and resolves with its exit code; null for a kill. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'product-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when it is ready; rejects with what it wrote when it ends before. */
export async function startProduct(folder: string, settings: Record<string, string> = {}): Promise<Product> {
  const { PATH = '' } = process.env;
  const environment = { PATH, PORT: '0', DATA_DIR: folder, DESK_API_TOKEN: token, DESK_API_PROTECTION: 'on', ...settings };
  const child: ChildProcess = spawn(process.execPath, ['src/main.ts'], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let written = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      written += chunk.toString();
      if (/is ready[\s\S]*Desk API.*\n/.test(written)) resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    void ended.then((code) => reject(new Error(`the product ended with ${code}:\n${written}`)));
  });
  const url = /^(?:Web chat|Desk) +(http\S+)\/(?:chat|desk)$/m.exec(written)?.[1]?.replace('localhost', '127.0.0.1') ?? '';
  return {
    url,
    setUp: /^First account.*: (\S+)$/m.exec(written)?.[1]?.replace('localhost', '127.0.0.1') ?? null,
    pid: child.pid ?? 0,
    output: () => written,
    gone: () => child.exitCode !== null || child.signalCode !== null,
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

export type Reply = { id?: string; choice?: string; text?: string };
export type Answer = {
  conversation: string;
  messages: { id: string; text: string; lang: string; dir: string; choices: { id: string; label: string; kind: string }[] }[];
};

/** One post to `/api/chat`; rejects when the process is gone or the answer is no success. */
export async function chat(url: string, body: { conversation?: string; reply?: Reply }): Promise<Answer> {
  const response = await fetch(`${url}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return (await response.json()) as Answer;
}

/** The same, said again until it is answered: a machine that has much else to do may keep a store waiting. A reply needs an id. */
export async function insistently(url: string, body: { conversation?: string; reply?: Reply }): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    const answer = await chat(url, body).catch((error: Error) => error);
    if (!(answer instanceof Error)) return answer;
    if (tries === 200) throw answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function cases(url: string): Promise<{ id: string; ref: string; kind: string; status: string }[]> {
  const all: { id: string; ref: string; kind: string; status: string }[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const path: string = `${url}/api/v1/cases?limit=100${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`;
    const response = await fetch(path, { headers: { authorization: `Bearer ${token}` } });
    const page = (await response.json()) as { cases: typeof all; next: string | null };
    all.push(...page.cases);
    after = page.next;
  }
  return all;
}

/** Waits until it holds, or fails after a while that nothing sound needs. */
export async function until(holds: () => Promise<boolean>, what: string, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${ms} ms: ${what}`);
}
