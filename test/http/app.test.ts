// The server around everything: strict to strangers, silent about faults, honest about its health.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { makeApp } from '../../src/http/app.ts';
import { asset } from '../../src/http/assets.ts';
import { type Check, makeHealth, prometheus } from '../../src/http/health.ts';
import { makeLog } from '../../src/log.ts';

const servers: Server[] = [];
const lines: string[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  lines.length = 0;
});

async function serve(mount: (app: Express) => void, trustProxy = 0): Promise<string> {
  const log = makeLog(
    (line) => lines.push(line),
    () => new Date(0),
  );
  const app = makeApp({ trustProxy, log, mount });
  const server = await new Promise<Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => resolve(listening));
  });
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const page = { headers: { accept: 'text/html' } };

describe('a fault', () => {
  const faulty = (app: Express) => {
    app.get('/thrown', () => {
      throw new Error('canary of a person');
    });
    app.get('/api/rejected', async () => {
      throw Object.assign(new RangeError('canary of a person'), { code: 'E_CODE' });
    });
    app.post('/api/body', express.json({ limit: 100 }), (_, response) => void response.json({}));
  };

  it('ends in a page with a number, and the log has class and number only', async () => {
    const base = await serve(faulty);
    const answer = await fetch(`${base}/thrown?secret=canary`, page);
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    const id = /<b>([0-9a-f]{8})<\/b>/.exec(text)?.[1];
    expect(text + lines.join('')).not.toContain('canary');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: 'http.failed', code: `Error:${id}`, path: '/thrown' }]);
  });

  it('is JSON for programs', async () => {
    const base = await serve(faulty);
    const answer = await fetch(`${base}/api/rejected`, page);
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: { code: 'unavailable' } }]);
    expect(lines.join('')).toContain('RangeError:E_CODE');
    expect(lines.join('')).not.toContain('canary');
  });

  it.for<[string, string, number]>([
    ['{"broken": canary', 'bad_request', 400],
    [JSON.stringify({ text: 'x'.repeat(200) }), 'too_large', 413],
  ])('of the sender is the fault of the sender: %s', async ([body, code, status]) => {
    const base = await serve(faulty);
    const answer = await fetch(`${base}/api/body`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, await answer.json()]).toMatchObject([status, { error: { code } }]);
    expect(lines).toEqual([]);
  });

  it('in an address is a bad request', async () => {
    const base = await serve((app) => app.get('/:name', (_, response) => void response.send('x')));
    expect((await fetch(`${base}/%E0%A4%A`)).status).toBe(400);
  });
});

describe('what is not there', () => {
  it('is a page for people and JSON for programs', async () => {
    const base = await serve(() => {});
    expect((await fetch(`${base}/nothing`, page)).headers.get('content-type')).toContain('text/html');
    expect(await (await fetch(`${base}/nothing`)).json()).toMatchObject({ error: { code: 'not_found' } });
    expect(await (await fetch(`${base}/api/v1/nothing`, page)).json()).toMatchObject({ error: { code: 'not_found' } });
  });
});

describe('every answer', () => {
  it('has the strict headers, also a fault and what is not there', async () => {
    const base = await serve((app) => {
      app.get('/thrown', () => {
        throw new Error('x');
      });
      app.use(makeHealth({}, () => ''));
    });
    for (const path of ['/thrown', '/nothing', '/healthz', asset('desk.css')]) {
      const { headers } = await fetch(`${base}${path}`);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('takes the address of the sender from as many proxies as there are, and no more', async () => {
    const mount = (app: Express) => app.get('/ip', (request, response) => void response.send(request.ip));
    const forged = { headers: { 'x-forwarded-for': '9.9.9.9, 8.8.8.8' } };
    expect(await (await fetch(`${await serve(mount)}/ip`, forged)).text()).toBe('127.0.0.1');
    expect(await (await fetch(`${await serve(mount, 1)}/ip`, forged)).text()).toBe('8.8.8.8');
  });
});

describe('a style sheet', () => {
  it('is kept for ever under its own hash, and asked for again otherwise', async () => {
    const base = await serve(() => {});
    expect(asset('desk.css')).toMatch(/^\/assets\/desk\.css\?v=[0-9a-f]{12}$/);
    const kept = await fetch(`${base}${asset('desk.css')}`);
    expect([kept.headers.get('cache-control'), kept.headers.get('content-type')]).toEqual([
      'public, max-age=31536000, immutable',
      'text/css; charset=utf-8',
    ]);
    expect((await fetch(`${base}/assets/desk.css?v=old`)).headers.get('cache-control')).toBe('no-cache');
    for (const path of ['/assets/nothing.css', '/assets/..%2Fapp.ts', '/assets/app.ts'])
      expect((await fetch(`${base}${path}`)).status).toBe(404);
    expect(() => asset('nothing.css')).toThrow();
  });

  it('knows no left and right, so that it fits both directions', async () => {
    const css = await (await fetch(`${await serve(() => {})}${asset('desk.css')}`)).text();
    expect(css.replace(/\/\*[\s\S]*?\*\//g, '')).not.toMatch(/\b(left|right)\b|(margin|padding|border)-(top|bottom)/);
    expect(Buffer.byteLength(css)).toBeLessThan(20_000);
  });
});

describe('health', () => {
  const ask = async (checks: Record<string, Check>) => {
    const answer = await fetch(
      `${await serve((app) => app.use(makeHealth(checks, () => prometheus([{ name: 'a', help: 'A.', value: 1 }]))))}/readyz`,
    );
    return [answer.status, await answer.json()];
  };

  it('is ready when every check passes', async () => {
    expect(await ask({ store: () => true, chat: async () => true })).toEqual([200, { ready: true, checks: { store: true, chat: true } }]);
  });

  it('names the check that failed, threw or never answered', async () => {
    const checks: Record<string, Check> = {
      store: () => true,
      down: () => false,
      thrown: () => {
        throw new Error('x');
      },
      hung: () => new Promise(() => {}),
    };
    expect(await ask(checks)).toEqual([503, { ready: false, checks: { store: true, down: false, thrown: false, hung: false } }]);
  });

  it('is figures for those who watch', async () => {
    const base = await serve((app) =>
      app.use(
        makeHealth({}, () =>
          prometheus([
            { name: 'a', help: 'A.', value: 1, labels: { of: 'x"' } },
            { name: 'a', help: 'A.', value: 2 },
          ]),
        ),
      ),
    );
    const answer = await fetch(`${base}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await answer.text()).toBe('# HELP a A.\n# TYPE a gauge\na{of="x"} 1\na 2\n');
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ ok: true });
  });
});
