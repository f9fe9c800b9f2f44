// The product and the operator's tools as processes of their own: copied under load, lost, put back,
// proved; ended while something hangs; started on what is broken.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { cases, chat, dataFolder, type Product, startProduct, until } from '../support/product.ts';
import { toReceipt } from '../support/ways.ts';

const running: { end(signal: 'SIGKILL'): Promise<unknown> }[] = [];
const folders: { remove(): void }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.end('SIGKILL');
  for (const folder of folders.splice(0)) folder.remove();
});
const key = Buffer.alloc(32, 5).toString('base64');
const started = async (folder: string, settings: Record<string, string> = {}): Promise<Product> => {
  const product = await startProduct(folder, { SEAL_KEY: key, ...settings });
  running.push(product);
  return product;
};
const fresh = () => {
  const folder = dataFolder();
  folders.push(folder);
  return folder.path;
};

/** One of the operator's commands; its exit code and what it wrote. */
const tool = (
  folder: string,
  name: string,
  args: string[],
  settings: Record<string, string> = {},
): Promise<{ code: number; wrote: string }> =>
  new Promise((resolve) => {
    const { PATH = '' } = process.env;
    const env = { PATH, DATA_DIR: folder, SEAL_KEY: key, ...settings };
    execFile(process.execPath, [`src/tool/${name}.ts`, ...args], { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : 1, wrote: out + err }),
    );
  });

/** Somebody sends a return request; their ref. */
async function request(url: string): Promise<string> {
  let answer = await chat(url, {});
  const { conversation } = answer;
  for (const [i, code] of toReceipt.entries()) {
    const choice = answer.messages.at(-1)?.choices.find((one) => one.id.endsWith(`.${code}`));
    answer = await chat(url, { conversation, reply: { id: `r${i}`, choice: choice?.id ?? '' } });
  }
  return /[0-9A-Z]{3}-[0-9A-Z]{3}/.exec(answer.messages.map((one) => one.text).join('\n'))?.[0] ?? 'none';
}

describe('an operator', () => {
  it('copies under load, loses the disk, puts the copy back: whoever was there before the copy is there, who was erased is not, and the log goes on', async () => {
    const folder = fresh();
    const copy = join(fresh(), 'copy');
    let product = await started(folder);
    const { url } = product;
    const early = await Promise.all(Array.from({ length: 4 }, () => request(url)));
    await until(async () => (await cases(url)).length === 4, 'four stand in the queue');
    // Copies are made while people go on.
    let copying = true;
    const late: string[] = [];
    const load = Promise.all(
      Array.from({ length: 3 }, async () => {
        while (copying) late.push(await request(url));
      }),
    );
    for (let i = 0; i < 3; i += 1)
      expect(await tool(folder, 'backup', [copy])).toMatchObject({ code: 0, wrote: expect.stringContaining('Data: ') });
    copying = false;
    await load;
    const [erased = ''] = early;
    const gone = await tool(folder, 'erase', ['--case', erased]);
    expect(gone.wrote).toContain('is erased at the desk');
    await until(async () => (await cases(url)).length === 3 + late.length, 'one is erased, all others stand in the queue');
    const head = /Head (\S+)/.exec((await tool(folder, 'audit', ['verify'])).wrote)?.[1] ?? '';

    expect((await tool(folder, 'restore', [copy])).wrote).toContain('stop it first');
    await product.end('SIGKILL');
    const back = await tool(folder, 'restore', [copy]);
    expect(back).toMatchObject({ code: 0, wrote: expect.stringMatching(/goes on; [1-9]\d* requests erased since were taken out/) });
    const proof = await tool(folder, 'audit', ['verify']);
    expect(proof).toMatchObject({ code: 0, wrote: expect.stringContaining('The log is whole') });
    // Whoever kept the head sees that the end was cut by the restore.
    expect((await tool(folder, 'audit', ['verify', '--head', head])).code).toBe(1);

    product = await started(folder);
    const refs = (await cases(product.url)).map((one) => one.ref);
    expect(refs).toEqual(expect.arrayContaining(early.slice(1)));
    expect(refs).not.toContain(erased);
    await request(product.url);
    await until(async () => (await cases(product.url)).length === refs.length + 1, 'work goes on');
    expect((await tool(folder, 'audit', ['verify'])).code).toBe(0);
  });

  it('changes SEAL_KEY without a pause, and then the old key opens nothing', async () => {
    const folder = fresh();
    let product = await started(folder);
    await request(product.url);
    await until(async () => (await cases(product.url)).length === 1, 'it stands in the queue');
    await product.end('SIGTERM');
    const next = Buffer.alloc(32, 6).toString('base64');
    product = await started(folder, { SEAL_KEY: `${next},${key}` });
    await until(async () => product.output().includes('keys are wrapped by the new SEAL_KEY'), 'the keys are wrapped anew');
    await request(product.url);
    await until(async () => (await cases(product.url)).length === 2, 'work goes on meanwhile');
    await product.end('SIGTERM');
    product = await started(folder, { SEAL_KEY: next });
    expect(await cases(product.url)).toHaveLength(2);
    await product.end('SIGTERM');
    await expect(started(folder)).rejects.toThrow(/sealed with another SEAL_KEY/);
  });
});

describe('the product', () => {
  it('does not start on a damaged file, and says which command helps', async () => {
    const folder = fresh();
    const product = await started(folder);
    await request(product.url);
    await until(async () => (await cases(product.url)).length === 1, 'it stands in the queue');
    expect((await tool(folder, 'backup', [join(folder, 'copy')])).code).toBe(0);
    await product.end('SIGTERM');
    const path = join(folder, 'keep.sqlite');
    const bytes = readFileSync(path);
    const at = bytes.indexOf('case.opened');
    writeFileSync(path, bytes.fill(0xa5, at - (at % 4096), at - (at % 4096) + 4096));
    await expect(started(folder)).rejects.toThrow(/is damaged.*npm run restore -- FILE[\s\S]*nothing was started/);
    expect((await tool(folder, 'restore', [join(folder, 'copy')])).code).toBe(0);
    expect(await cases((await started(folder)).url)).toHaveLength(1);
  });

  it('ends within ten seconds while the other side hangs, and tells it after the next start', async () => {
    let heard = 0;
    let hangs = true;
    const other: Server = createServer((request, response) => {
      request.resume();
      if (hangs) return;
      heard += 1;
      response.writeHead(202).end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
    const settings = { HANDOFF_URL: `http://127.0.0.1:${(other.address() as AddressInfo).port}/hooks/cases` };
    const folder = fresh();
    let product = await started(folder, settings);
    await request(product.url);
    const metrics = async () => (await fetch(`${product.url}/metrics`)).text();
    await until(async () => Number(/^avr_outbox_oldest_seconds (\S+)$/m.exec(await metrics())?.[1]) > 0, 'the figure tells of the wait');
    const began = performance.now();
    expect(await product.end('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    hangs = false;
    product = await started(folder, settings);
    await until(async () => heard === 1, 'the event is delivered');
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
  });

  it('answers who is being answered before it ends', async () => {
    const folder = fresh();
    const product = await started(folder);
    const asked = Array.from({ length: 5 }, () => chat(product.url, {}));
    await Promise.race(asked);
    const [code] = await Promise.all([product.end('SIGTERM'), Promise.allSettled(asked)]);
    expect(code).toBe(0);
    expect((await Promise.allSettled(asked)).filter((one) => one.status === 'rejected')).toEqual([]);
  });

  it('is not ready when what must not be lost cannot be written', async () => {
    const folder = fresh();
    const product = await started(folder);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
    // Another program holds the file for good.
    const holder = new DatabaseSync(join(folder, 'keep.sqlite'));
    holder.exec('BEGIN IMMEDIATE');
    await until(async () => {
      const answer = await fetch(`${product.url}/readyz`);
      return answer.status === 503 && ((await answer.json()) as { checks: { sql: boolean } }).checks.sql === false;
    }, 'it says that it is not ready');
    holder.exec('ROLLBACK');
    holder.close();
    await until(async () => (await fetch(`${product.url}/readyz`)).status === 200, 'it is ready again');
  });
});
