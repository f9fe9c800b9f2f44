// Receivers that misbehave in every way we could think of, and what their events look like afterwards.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSend, retryAfter, type Undelivered } from '../../src/handoff/send.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn, endpointNow, events, registered } from '../support/outside.ts';
import { type Behaviour, startReceiver } from '../support/receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'tls-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
execFileSync('openssl', [
  ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
  ...['-subj', '/CN=receiver.test', '-addext', 'subjectAltName=DNS:receiver.test'],
]);
const tls = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };

let on: TestDesk;
let end: (() => Promise<unknown>)[];
beforeEach(async () => {
  on = await startDesk();
  end = [];
});
afterEach(async () => {
  for (const one of end.reverse()) await one();
  await on.stop();
});

const patience = { connectMs: 700, totalMs: 1_500 };
const drip = (to: Writable) => {
  const timer = setInterval(() => to.write('.'), 100);
  to.once('close', () => clearInterval(timer));
};

describe('an event to a receiver', () => {
  const table: [what: string, behave: Behaviour, after: object][] = [
    ['that answers 200', 200, { state: 'delivered', status: 200, code: null }],
    ['that answers 204', 204, { state: 'delivered', status: 204, code: null }],
    ['that never answers', () => {}, { state: 'waiting', status: null, code: 'timeout' }],
    ['that cuts the connection', (request) => request.socket.destroy(), { state: 'waiting', status: null, code: 'reset' }],
    ['that speaks no HTTP', (request) => request.socket.end('hello\r\n\r\n'), { state: 'waiting', status: null, code: 'reset' }],
    [
      'that drips its headers',
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\nx-a: ');
        drip(request.socket);
      },
      { state: 'waiting', status: null, code: 'timeout' },
    ],
    ['that drips its body for ever', (_, response) => drip(response.writeHead(200)), { state: 'delivered', status: 200, code: null }],
    [
      'that answers 200 with ten megabytes',
      (_, response) => void response.writeHead(200).end(Buffer.alloc(10_000_000)),
      { state: 'delivered', status: 200, code: null },
    ],
    [
      'that answers 200 too late',
      (_, response) => void setTimeout(() => response.writeHead(200).end(), 2_500),
      { state: 'waiting', status: null, code: 'timeout' },
    ],
    ['that refuses the event', 422, { state: 'waiting', status: 422, code: null }],
    ['that is broken', 500, { state: 'waiting', status: 500, code: null }],
    ['whose proxy is broken', 502, { state: 'waiting', status: 502, code: null }],
    ['that has too much to do', 429, { state: 'waiting', status: 429, code: null }],
  ];
  it.for(table)('%s', async ([, behave, after]) => {
    const { id, receiver } = await registered(on);
    const healthy = await registered(on);
    end.push(receiver.stop, healthy.receiver.stop);
    receiver.state.behave = behave;
    await events(on, id, 1);
    await events(on, healthy.id, 5);
    const by = courierOn(on, patience);
    end.push(by.stop);
    await by.round();
    const row = await on.desk.keep.selectFrom('deliveries').selectAll().where('endpoint', '=', id).executeTakeFirstOrThrow();
    expect(row).toMatchObject(after);
    if (row.state === 'waiting') expect(row.due_at - on.clock.now).toBeGreaterThanOrEqual(4_000);
    expect(healthy.receiver.order(healthy.receiver.effects[0]?.caseId ?? '')).toEqual([1, 2, 3, 4, 5]);
  });

  it('that answers too late comes again under the same id, and has one effect', async () => {
    const { id, receiver } = await registered(on);
    end.push(receiver.stop);
    receiver.state.behave = (_, response) => void setTimeout(() => response.writeHead(200).end(), 2_500);
    await events(on, id, 1);
    const by = courierOn(on, patience);
    end.push(by.stop);
    await by.round();
    receiver.state.behave = 200;
    on.clock.now += 10_000;
    await by.round();
    expect([receiver.state.requests, receiver.effects.length]).toEqual([2, 1]);
    expect(new Set(receiver.state.timestamps).size).toBe(2);
  });

  it('that leads elsewhere is not followed', async () => {
    const other = await startReceiver({ now: () => on.clock.now });
    const { id, receiver } = await registered(on);
    end.push(receiver.stop, other.stop);
    receiver.state.behave = (_, response) => void response.writeHead(307, { location: other.url }).end();
    await events(on, id, 1);
    const by = courierOn(on);
    end.push(by.stop);
    await by.round();
    expect(other.state.requests).toBe(0);
    const row = await on.desk.keep.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({ state: 'waiting', status: 307 });
  });

  it('with a certificate nobody vouches for is not sent, and nobody else waits', async () => {
    const { id, receiver } = await registered(on, {}, tls);
    const healthy = await registered(on);
    end.push(receiver.stop, healthy.receiver.stop);
    await events(on, id, 1);
    await events(on, healthy.id, 1);
    const by = courierOn(on);
    end.push(by.stop);
    await by.round();
    const row = await on.desk.keep.selectFrom('deliveries').selectAll().where('endpoint', '=', id).executeTakeFirstOrThrow();
    expect([row.code, receiver.state.requests, healthy.receiver.effects.length]).toEqual(['tls', 0, 1]);
  });

  it('where nobody listens', async () => {
    const { id, receiver } = await registered(on);
    await receiver.stop();
    await events(on, id, 1);
    const by = courierOn(on);
    end.push(by.stop);
    await by.round();
    expect((await endpointNow(on, id)).failures).toBe(1);
    const row = await on.desk.keep.selectFrom('deliveries').selectAll().executeTakeFirstOrThrow();
    expect(row.code).toBe('refused');
  });
});

describe('the connection', () => {
  const body = Buffer.from('{}');
  const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' };
  const code = (sending: Promise<unknown>) =>
    sending.then(
      () => 'sent',
      (error: Undelivered) => error.code,
    );

  it('is made to the address that was looked at, under the name of the certificate', async () => {
    const receiver = await startReceiver({ now: Date.now, tls });
    end.push(receiver.stop);
    const asked: string[] = [];
    const resolve = async (host: string) => {
      asked.push(host);
      return [{ address: '127.0.0.1', family: 4 }];
    };
    const { send, close } = makeSend({ hosts: null, loopback: true }, Date.now, { resolve, ca: tls.cert });
    end.push(async () => close());
    const sent = await send(`https://receiver.test:${receiver.port}/hook`, headers, body);
    // Reached over TLS; the signature of this test is no signature.
    expect(sent).toEqual({ status: 401, retryAfterMs: null });
    expect(asked).toEqual(['receiver.test']);
    expect(await code(send(`https://other.test:${receiver.port}/hook`, headers, body))).toBe('tls');
  });

  it('is not made when a name leads inside at the moment of sending, whatever it did before', async () => {
    const knocked: string[] = [];
    const inside = net.createServer((socket) => void knocked.push(String(socket.remoteAddress))).listen(0, '127.0.0.1');
    await new Promise((resolve) => inside.once('listening', resolve));
    end.push(async () => inside.close());
    const { port } = inside.address() as AddressInfo;
    let turn = 0;
    const answers = ['10.0.0.1', '::ffff:127.0.0.1', '127.0.0.1', 'fe80::1', '169.254.169.254'];
    const resolve = async () => [{ address: answers[turn++ % answers.length] ?? '', family: 4 }];
    const { send, close } = makeSend({ hosts: null, loopback: false }, Date.now, { resolve });
    end.push(async () => close());
    for (const _ of answers) expect(await code(send(`https://rebinding.test:${port}/`, headers, body))).toBe('address');
    expect([turn, knocked]).toEqual([5, []]);
  });

  it('is not made when only one of several addresses lies inside', async () => {
    const resolve = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '192.168.1.1', family: 4 },
    ];
    const { send, close } = makeSend({ hosts: null, loopback: false }, Date.now, { resolve });
    end.push(async () => close());
    expect(await code(send('https://mixed.test/', headers, body))).toBe('address');
  });

  it('that is accepted and then says nothing ends in time', async () => {
    const silent = net.createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    end.push(async () => silent.close());
    const { port } = silent.address() as AddressInfo;
    const limits = { connectMs: 300, totalMs: 10_000 };
    const { send, close } = makeSend({ hosts: null, loopback: true }, Date.now, { limits });
    end.push(async () => close());
    // The TLS handshake never comes: that counts as connecting.
    expect(await code(send(`https://127.0.0.1:${port}/`, headers, body))).toBe('timeout');
  });

  it('asks no proxy and keeps no answer', async () => {
    const server = http
      .createServer((_, response) => response.writeHead(200, { 'set-cookie': 'a=b' }).end('secret'))
      .listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    end.push(async () => server.close());
    const { port } = server.address() as AddressInfo;
    const { send, close } = makeSend({ hosts: null, loopback: true }, Date.now);
    end.push(async () => close());
    expect(await send(`http://127.0.0.1:${port}/`, headers, body)).toEqual({ status: 200, retryAfterMs: null });
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T01:20:00Z');
  it.for<[string | undefined, number | null]>([
    [undefined, null],
    ['120', 120_000],
    ['Sun, 22 Nov 2026 01:21:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 01:19:00 GMT', null],
    ['999999999', 86_400_000],
    ['soon', null],
    ['-5', null],
  ])('%s', ([given, wanted]) => {
    expect(retryAfter(given, now)).toBe(wanted);
  });
});
