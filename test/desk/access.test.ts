// Every page of the desk with every set of roles, and every way in that must stay shut.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../src/case/case.ts';
import { readers, workers } from '../../src/case/queue.ts';
import { table } from '../../src/desk/access.ts';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeAll(async () => {
  on = await startDesk();
});
afterAll(() => on.stop());

const ids = { return: 'c_return', talk: 'c_talk', protection: 'c_protection' };
const paths = (kind: keyof typeof ids) =>
  table.map((entry) => ({ ...entry, path: `/desk${entry.path.replace(':id', entry.path.startsWith('/cases') ? ids[kind] : 'a_nobody')}` }));
/** A form that every page takes, so that only the door can refuse. */
const form = () => ({
  text: 'words',
  once: randomBytes(8).toString('hex'),
  reason: 'danger',
  wishes: 'kept',
  confirmed: ['voluntary', 'identity', 'language'],
  q: '7K4-2PD',
  level: 'rules',
  seen: '0',
  name: 'UNHCR',
  date: '2026-11-22',
  time: '10:00',
  kept: 'safe',
  language: 'fr',
  interpreter: 'no',
  agreed: 'yes',
});
/** Where the same name means something else. */
const own: Record<string, Record<string, string>> = { close: { reason: 'other' }, heard: { seen: '0' } };
const call = (method: string, path: string, cookie: string, headers?: Record<string, string>) =>
  method === 'get' ? on.get(path, cookie) : on.post(path, cookie, own[path.split('/').at(-1) ?? ''] ?? form(), headers);
const subsets = Array.from({ length: 2 ** roles.length }, (_, bits) => roles.filter((_, at) => (bits >> at) % 2 === 1));

/** Acts for which seeing a request is not enough. */
const work = ['claim', 'reply', 'reveal', 'appoint', 'missed', 'heard', 'confirm', 'share', 'embassy', 'return'];

describe('before the first account', () => {
  it.for(table.map((entry) => entry.name))('%s is not there', async (name) => {
    const entry = paths('return').find((one) => one.name === name);
    expect((await call(entry?.method ?? 'get', entry?.path ?? '', '')).status).toBe(404);
  });
  it.for(['/desk/sign-in', '/desk/sign-out', '/desk/welcome/nothing', '/desk/anything'])('%s is not there', async (path) => {
    expect((await on.get(path)).status).toBe(404);
    expect((await on.post(path, '')).status).toBe(404);
  });
});

describe('with accounts', () => {
  beforeAll(async () => {
    for (const kind of ['return', 'talk', 'protection'] as const) await on.hook(opened(ids[kind], { kind }));
  });

  it.for(subsets.map((held) => ({ held, name: held.join(' and ') || 'nothing' })))('$name reaches exactly what the table says', async ({
    held,
  }) => {
    const { id: who, cookie } = await on.signedIn(`P${held.map((role) => role.slice(0, 2)).join('')}0`, [...held]);
    for (const kind of ['return', 'talk', 'protection'] as const)
      for (const { name, method, path, roles: wanted } of paths(kind)) {
        const has = (list: readonly Role[]) => held.some((role) => list.includes(role));
        const about = path.includes('/cases/');
        const opens = !about || has((work.includes(name) ? workers : readers)[kind]);
        const answer = await call(method, path, cookie);
        expect(answer.status === 404, `${name} ${kind} as ${held.join(' ')}: ${answer.status}`).toBe(!(has(wanted) && opens));
        if (answer.status === 404)
          expect(JSON.parse(on.lines.at(-1) ?? ''), name).toMatchObject({ event: 'desk.refused', status: 404, who });
      }
  });

  it('whoever works for another office finds nothing of a request, on no page', async () => {
    await on.hook(opened('c_minsk', { ref: 'MNS-K22' }));
    const { id, cookie } = await on.signedIn('Eleni', [...roles]);
    await transact(on.desk.keep, (tx) => setOffices(tx, id, ['gr']));
    for (const { name, method, path } of paths('return').filter((one) => one.path.includes('/cases/')))
      expect((await call(method, path.replace(ids.return, 'c_minsk'), cookie)).status, name).toBe(404);
    for (const page of ['/desk', '/desk?view=mine', '/desk?office=minsk'])
      expect(await (await on.get(page, cookie)).text(), page).not.toContain('MNS-K22');
    expect(await (await on.post('/desk/find', cookie, { q: 'MNS-K22' })).text()).not.toContain('c_minsk');
    const { cookie: theirs } = await on.signedIn('Olga', [...roles]);
    expect(await (await on.get('/desk', theirs)).text()).toContain('MNS-K22');
  });

  it('what is not allowed stands in the log of the service, by account and without words', async () => {
    const { id, cookie } = await on.signedIn('Curious', ['caseworker']);
    const from = on.lines.length;
    await on.get('/desk/people', cookie);
    await on.get(`/desk/cases/${ids.protection}`, cookie);
    await on.post(`/desk/cases/${ids.protection}/claim`, cookie, form());
    const lines = on.lines.slice(from).map((line) => JSON.parse(line));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatchObject({ level: 'warn', event: 'desk.refused', status: 404, who: id });
  });

  it('an account without any role that works reads no request', async () => {
    const { cookie } = await on.signedIn('Root', ['administrator']);
    expect((await on.get('/desk', cookie)).headers.get('location')).toBe('/desk/people');
    for (const id of Object.values(ids)) expect((await on.get(`/desk/cases/${id}`, cookie)).status).toBe(404);
  });

  it('a supervisor sees of a protection request its reference and nothing else', async () => {
    await on.hook(opened('c_hidden', { kind: 'protection', ref: 'HID-DEN' }));
    const { cookie } = await on.signedIn('Chief', ['supervisor']);
    const page = await (await on.get('/desk', cookie)).text();
    expect(page).toContain('HID-DEN');
    expect(page).not.toContain('c_hidden');
    const { cookie: other } = await on.signedIn('Case', ['caseworker']);
    expect(await (await on.get('/desk', other)).text()).not.toContain('HID-DEN');
    const { cookie: shield } = await on.signedIn('Shield', ['protection']);
    expect(await (await on.get('/desk', shield)).text()).toContain('/desk/cases/c_hidden');
  });

  it.for(paths('return'))('$method $path needs a session', async ({ method, path }) => {
    const answer = await call(method, path, '');
    expect([answer.status, answer.headers.get('location')]).toEqual(method === 'get' ? [303, '/desk/sign-in'] : [401, null]);
    const stale = await call(method, path, `desk=${'x'.repeat(43)}`);
    expect(stale.status).toBe(401);
    expect(stale.headers.get('set-cookie')).toContain('desk=;');
  });

  const posts = [
    ...paths('return'),
    { name: 'sign-in', method: 'post', path: '/desk/sign-in' },
    { name: 'out', method: 'post', path: '/desk/sign-out' },
  ];
  it.for(posts.filter((one) => one.method === 'post'))('another site cannot make a browser send $path', async ({ path }) => {
    const { cookie } = await on.signedIn(`X${path.length}${path.slice(-4)}`, [...roles]);
    const refused: Record<string, string>[] = [
      { origin: '' },
      { origin: 'null' },
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of refused) {
      const answer = await on.post(path, cookie, {}, headers);
      expect(answer.status, JSON.stringify(headers)).toBe(403);
    }
    expect((await on.get('/desk', cookie)).status).toBe(200);
  });

  it('every answer has the strict headers and is kept by no cache', async () => {
    const { cookie } = await on.signedIn('Heads', [...roles]);
    const answers = [
      await on.get('/desk'),
      await on.get('/desk/sign-in'),
      await on.get('/desk', cookie),
      await on.get('/desk/nothing', cookie),
    ];
    for (const { name, method, path } of paths('return')) if (name !== 'disable') answers.push(await call(method, path, cookie));
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';font-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('whoever was closed out is out at once', async () => {
    const { cookie } = await on.signedIn('Admin', ['administrator']);
    const { id, cookie: theirs } = await on.signedIn('Gone', ['caseworker']);
    expect((await on.get('/desk', theirs)).status).toBe(200);
    expect((await on.post(`/desk/people/${id}/disable`, cookie)).status).toBe(303);
    expect((await on.get('/desk', theirs)).status).toBe(401);
  });
});
