// One's own account: a second factor that cannot be got round, and sessions that can be ended.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/desk/password.ts';
import { codeAt, stepAt } from '../../src/desk/totp.ts';
import { accountSeal, confirmFactor, offerFactor } from '../../src/store/factor.ts';
import { transact } from '../../src/store/transact.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

const password = 'correct horse battery';
const secret = Buffer.from('12345678901234567890');
const minute = 60_000;
let on: TestDesk;
let cookie = '';
let id = '';
beforeEach(async () => {
  on = await startDesk();
  ({ id, cookie } = await on.signedIn('Amina', ['caseworker']));
  await on.desk.keep
    .updateTable('accounts')
    .set({ password: await hashPassword(password), login: 'amina' })
    .execute();
});
afterEach(() => on.stop());

const code = (away = 0) => codeAt(secret, stepAt(on.clock.now) + away);
const signIn = (given: Record<string, string>) => on.post('/desk/sign-in', '', { login: 'amina', password, ...given });
const cookieOf = (answer: Response) => (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const actions = async () =>
  (await on.desk.keep.selectFrom('audit').select(['actor', 'action', 'subject']).orderBy('seq').execute()).map((row) =>
    Object.values(row).join(' '),
  );
async function guard() {
  const own = await accountSeal(on.desk.keep, on.desk.seal);
  await offerFactor(on.desk.keep, own, id, secret);
  await transact(on.desk.keep, (tx) => confirmFactor(tx, id, 0));
}

describe('a second factor', () => {
  it('is set up with a drawn code, counts from the first code that fits, and ends sessions elsewhere', async () => {
    const elsewhere = cookieOf(await signIn({}));
    const shown = await (await on.post('/desk/me/code/new', cookie)).text();
    const [, letters = ''] = /<bdi dir="ltr" class="phone">([A-Z2-7 ]+)</.exec(shown) ?? [];
    expect(letters.replaceAll(' ', '')).toMatch(/^[A-Z2-7]{32}$/);
    expect(shown).toMatch(/<svg class="code" role="img" aria-label="[^"]+" viewBox="0 0 \d+ \d+"><path d="M\d/);
    const bits = [...letters.replaceAll(' ', '')]
      .map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'))
      .join('');
    const given = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    // Not confirmed: the password alone still opens the account.
    expect((await signIn({})).status).toBe(303);
    const wrong = await on.post('/desk/me/code/confirm', cookie, { code: 'abcdef' });
    expect([wrong.status, (await wrong.text()).includes('does not fit')]).toEqual([422, true]);
    expect((await on.post('/desk/me/code/confirm', cookie, { code: codeAt(given, stepAt(on.clock.now)) })).status).toBe(303);
    expect((await on.get('/desk', elsewhere)).status).toBe(401);
    expect((await on.get('/desk', cookie)).status).toBe(200);
    expect((await signIn({})).status).toBe(401);
    expect(await actions()).toContain(`${id} factor.added ${id}`);
  });

  it('is asked for, and each code opens once', async () => {
    await guard();
    expect((await signIn({ code: code() })).status).toBe(303);
    expect((await signIn({ code: code() })).status).toBe(401);
    expect((await signIn({ code: code(-1) })).status, 'an older one').toBe(401);
    on.clock.now += minute / 2;
    const both = await Promise.all([signIn({ code: code() }), signIn({ code: code() })]);
    expect(both.map((one) => one.status).sort()).toEqual([303, 401]);
  });

  it('tells whoever guesses nothing: not whether there is one, nor which part was wrong', async () => {
    await guard();
    const page = async (given: Record<string, string>) => {
      const answer = await signIn(given);
      return `${answer.status} ${(await answer.text()).replace(/ value="[^"]*"/g, '')}`;
    };
    const pages = new Set([
      await page({ code: '' }),
      await page({ code: '000000' }),
      await page({ password: 'wrong password!', code: code() }),
      await page({ login: 'nobody' }),
      await page({ login: 'nobody', code: code() }),
    ]);
    expect(pages.size).toBe(1);
    // A wrong password used nobody's code up.
    expect((await signIn({ code: code() })).status).toBe(303);
  });

  it('lies in no column in a form that makes codes', async () => {
    await guard();
    const row = JSON.stringify(await on.desk.keep.selectFrom('accounts').selectAll().execute());
    expect(row).not.toContain(secret.toString('base64'));
    expect(row).not.toContain(secret.toString());
  });

  it('of somebody who lost their telephone is turned off by an administrator, who signs them out', async () => {
    await guard();
    const { id: chief, cookie: admin } = await on.signedIn('Chief', ['administrator']);
    expect(await (await on.get('/desk/people', admin)).text()).toContain(`/desk/people/${id}/code/drop`);
    expect((await on.post(`/desk/people/${id}/code/drop`, admin)).status).toBe(303);
    expect((await on.get('/desk', cookie)).status).toBe(401);
    expect((await signIn({})).status).toBe(303);
    expect(await actions()).toContain(`${chief} factor.removed ${id}`);
  });
});

describe('what needs a fresh sign-in', () => {
  beforeEach(() => {
    on.clock.now += 10 * minute;
  });

  it('asks for the password again, and takes it with the form', async () => {
    const refused = await on.post('/desk/me/code/new', cookie);
    expect([refused.status, (await refused.text()).includes('First give your password again')]).toEqual([403, true]);
    expect((await on.post('/desk/me/code/new', cookie, { password: 'wrong password!' })).status).toBe(403);
    expect((await on.post('/desk/me/code/new', cookie, { password })).status).toBe(200);
    on.clock.now += 9 * minute;
    expect((await on.post('/desk/me/code/new', cookie)).status, 'within ten minutes').toBe(200);
    on.clock.now += minute;
    expect((await on.post('/desk/me/code/new', cookie)).status, 'after ten minutes').toBe(403);
  });

  it('wants the code too where there is one', async () => {
    await guard();
    expect(await (await on.get('/desk/me', cookie)).text()).toContain('name="code"');
    expect((await on.post('/desk/me/code/drop', cookie, { password })).status).toBe(403);
    expect((await on.post('/desk/me/code/drop', cookie, { password, code: code() })).status).toBe(303);
    expect((await signIn({})).status).toBe(303);
  });

  it('cannot be guessed there either', async () => {
    const statuses = [];
    for (let at = 0; at < 11; at += 1)
      statuses.push(await (await on.post('/desk/me/code/new', cookie, { password: `guess number ${at}` })).text());
    expect(statuses.at(-1)).toContain('Too many attempts');
    expect((await signIn({})).status).toBe(429);
  });
});

describe('sessions', () => {
  it('are listed, and end singly and all but one', async () => {
    const others = [];
    for (let at = 0; at < 3; at += 1) {
      on.clock.now += minute;
      others.push(cookieOf(await signIn({})));
    }
    const page = await (await on.get('/desk/me', cookie)).text();
    const handles = [...page.matchAll(/\/desk\/me\/sessions\/([0-9a-f]+)/g)].map((match) => match[1]);
    expect(handles).toHaveLength(3);
    expect((await on.post(`/desk/me/sessions/${handles[0]}`, cookie)).status).toBe(303);
    expect(await Promise.all(others.map(async (one) => (await on.get('/desk', one)).status))).toEqual([200, 200, 401]);
    await on.post('/desk/me/sessions', cookie);
    expect(await Promise.all(others.map(async (one) => (await on.get('/desk', one)).status))).toEqual([401, 401, 401]);
    expect((await on.get('/desk', cookie)).status).toBe(200);
    expect((await actions()).filter((one) => one.includes('session.ended'))).toHaveLength(2);
  });

  it('of somebody else cannot be ended by their handle', async () => {
    const { cookie: other } = await on.signedIn('Boris', ['caseworker']);
    const mine = cookieOf(await signIn({}));
    const [handle] = [...(await (await on.get('/desk/me', cookie)).text()).matchAll(/\/desk\/me\/sessions\/([0-9a-f]+)/g)].map(
      (match) => match[1],
    );
    await on.post(`/desk/me/sessions/${handle}`, other);
    expect((await on.get('/desk', mine)).status).toBe(200);
  });

  it('of an account all end when an administrator says so', async () => {
    const { cookie: admin } = await on.signedIn('Chief', ['administrator']);
    const mine = cookieOf(await signIn({}));
    expect((await on.post(`/desk/people/${id}/sign-out`, admin)).status).toBe(303);
    expect([(await on.get('/desk', mine)).status, (await on.get('/desk', cookie)).status]).toEqual([401, 401]);
  });
});

describe('a thousand wrong passwords', () => {
  it('are slowed to a handful, and the owner gets in after waiting', async () => {
    const counts: Record<number, number> = {};
    for (let at = 0; at < 1000; at += 1) {
      const { status } = await signIn({ password: `guess number ${at}` });
      counts[status] = (counts[status] ?? 0) + 1;
    }
    expect(counts).toEqual({ 401: 10, 429: 990 });
    on.clock.now += minute;
    expect((await signIn({})).status).toBe(303);
  });
});
