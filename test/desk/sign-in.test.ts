// The way in: one link, one account, one password, and no hint for whoever guesses.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeSetUpLink } from '../../src/desk/sign-in.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { listAccounts, makeInvitation } from '../../src/store/people.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const password = 'correct horse battery';
const form = { name: 'Amina', login: 'Amina', password, again: password, language: 'fr' };
const link = async () => new URL((await makeSetUpLink(on.desk)) ?? '').pathname;
const cookieOf = (answer: Response) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const signIn = (login: string, given: string) => on.post('/desk/sign-in', '', { login, password: given });

describe('the set-up link', () => {
  it('makes the first account and signs it in', async () => {
    const path = await link();
    expect((await on.get(path)).status).toBe(200);
    const made = await on.post(path, '', { ...form, also: ['caseworker', 'protection'] });
    expect([made.status, made.headers.get('location')]).toEqual([303, '/desk']);
    expect(await listAccounts(on.desk.keep)).toMatchObject([
      { login: 'amina', language: 'fr', roles: ['administrator', 'caseworker', 'protection', 'supervisor'] },
    ]);
    expect(await (await on.get('/desk', cookieOf(made))).text()).toContain('Demandes');
    const actions = (await on.desk.keep.selectFrom('audit').select(['action', 'detail']).execute()).map((row) =>
      `${row.action} ${row.detail}`.trim(),
    );
    expect(actions).toEqual(['account.made administrator caseworker protection supervisor', 'protection.granted', 'session.started']);
    expect((await verifyAudit(on.desk.keep, on.desk.auditKey)).ok).toBe(true);
  });

  it('without ticks makes an administrator and supervisor only', async () => {
    await on.post(await link(), '', form);
    expect((await listAccounts(on.desk.keep))[0]?.roles).toEqual(['administrator', 'supervisor']);
  });

  it('works once, also for two at the same moment', async () => {
    const path = await link();
    const answers = await Promise.all([on.post(path, '', form), on.post(path, '', { ...form, login: 'boris' })]);
    expect(answers.map((one) => one.status).sort()).toEqual([303, 404]);
    expect(await listAccounts(on.desk.keep)).toHaveLength(1);
    expect((await on.get(path)).status).toBe(404);
  });

  it('is dead in minute 31', async () => {
    const path = await link();
    on.clock.now += 31 * 60_000;
    expect((await on.get(path)).status).toBe(404);
    expect((await on.post(path, '', form)).status).toBe(404);
  });

  it('is not printed again once there is an account', async () => {
    await on.post(await link(), '', form);
    expect(await makeSetUpLink(on.desk)).toBeNull();
  });

  it.for<[string, Record<string, string>, string]>([
    ['a short password', { password: 'elevensigns', again: 'elevensigns' }, 'too short'],
    ['two different passwords', { again: 'another horse battery' }, 'not the same'],
    ['no name', { name: ' ' }, 'Write your name'],
    ['a sign-in name with a space', { login: 'a b c' }, 'no spaces'],
    ['a role beyond those offered', { also: 'auditor' }, 'cannot be chosen'],
  ])('with %s says what is wrong, keeps what was typed, and stays good', async ([, change, says]) => {
    const path = await link();
    const refused = await on.post(path, '', { ...form, ...change });
    expect(refused.status).toBe(422);
    const page = await refused.text();
    expect(page).toContain(says);
    expect(page).not.toContain('elevensigns');
    expect((await on.post(path, '', form)).status).toBe(303);
  });
});

describe('a later invitation', () => {
  it('gives its own roles and offers no others', async () => {
    await on.signedIn('First', ['administrator']);
    const path = `/desk/welcome/${await makeInvitation(on.desk.keep, ['caseworker'], on.clock.now)}`;
    expect(await (await on.get(path)).text()).not.toContain('name="also"');
    await on.post(path, '', { ...form, also: 'protection' });
    expect((await listAccounts(on.desk.keep)).find((one) => one.login === 'amina')?.roles).toEqual(['caseworker']);
  });

  it('comes from an administrator and says that it is shown once', async () => {
    const { cookie } = await on.signedIn('First', ['administrator']);
    const page = await (await on.post('/desk/people/invite', cookie, { role: ['caseworker', 'protection'] })).text();
    const path = /\/desk\/welcome\/[\w-]+/.exec(page)?.[0] ?? '';
    expect((await on.get(path)).status).toBe(200);
    expect(await (await on.get('/desk/people', cookie)).text()).not.toContain('/welcome/');
  });
});

describe('a password', () => {
  beforeEach(async () => {
    await on.post(await link(), '', { ...form, language: 'en' });
  });

  it('opens a session with a cookie nothing else can read', async () => {
    const answer = await signIn('AMINA', password);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('set-cookie')).toMatch(/^desk=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await on.get('/desk', cookieOf(answer))).status).toBe(200);
  });

  it('opens a session under a name browsers guard, when the address has TLS', async () => {
    on.desk.publicUrl = 'https://desk.example';
    expect((await signIn('amina', password)).headers.get('set-cookie')).toMatch(
      /^__Host-desk=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('gives whoever guesses the same answer for a wrong name and a wrong password', async () => {
    const [wrongPassword, wrongName] = [await signIn('amina', 'wrong password!'), await signIn('nobody', 'wrong password!')];
    expect([wrongPassword.status, wrongName.status]).toEqual([401, 401]);
    const strip = async (answer: Response) => (await answer.text()).replace(/ value="[^"]*"/g, '');
    expect(await strip(wrongPassword)).toBe(await strip(wrongName));
  });

  it('of a closed account opens nothing', async () => {
    await on.desk.keep.updateTable('accounts').set({ disabled_at: 1 }).execute();
    expect((await signIn('amina', password)).status).toBe(401);
  });

  it('cannot be guessed quickly, and the owner gets in again after waiting', async () => {
    const statuses = [];
    for (let at = 0; at < 12; at += 1) statuses.push((await signIn('amina', `guess number ${at}`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    expect((await signIn('amina', password)).status).toBe(429);
    on.clock.now += 60_000;
    expect((await signIn('amina', password)).status).toBe(303);
  });

  it('is stored as argon2id and in no other form', async () => {
    const row = await on.desk.keep.selectFrom('accounts').selectAll().executeTakeFirstOrThrow();
    expect(row.password).toMatch(/^argon2id\$m=19456,t=2,p=1\$/);
    expect(JSON.stringify(row)).not.toContain('horse');
  });
});

describe('a session', () => {
  let cookie = '';
  beforeEach(async () => {
    cookie = cookieOf(await on.post(await link(), '', form));
  });

  it('ends on signing out, and the browser forgets what it saw', async () => {
    const out = await on.post('/desk/sign-out', cookie);
    expect([out.status, out.headers.get('location')]).toEqual([303, '/desk/sign-in']);
    expect(out.headers.get('clear-site-data')).toContain('"cache"');
    expect((await on.get('/desk', cookie)).status).toBe(401);
  });

  it('ends after half an hour of silence and after twelve hours', async () => {
    on.clock.now += 29 * 60_000;
    expect((await on.get('/desk', cookie)).status).toBe(200);
    on.clock.now += 30 * 60_000;
    expect((await on.get('/desk', cookie)).status).toBe(401);
  });

  it('is a new one after signing in again', async () => {
    const again = await on.post('/desk/sign-in', cookie, { login: 'amina', password });
    expect(cookieOf(again)).not.toBe(cookie);
    expect((await on.get('/desk', cookie)).status).toBe(401);
  });
});
