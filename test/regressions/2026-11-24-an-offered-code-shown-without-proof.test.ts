// A second factor that was offered and not confirmed could be read again, and confirmed, by whoever held the
// session, long after the password had been given: a wrong code brought the secret back on the page.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hashPassword } from '../../src/desk/password.ts';
import { codeAt, stepAt } from '../../src/desk/totp.ts';
import { accountSeal, hasFactor, offerFactor } from '../../src/store/factor.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

const secret = Buffer.from('12345678901234567890');
const password = 'correct horse battery';
let on: TestDesk;
let me: { id: string; cookie: string };
beforeEach(async () => {
  on = await startDesk();
  me = await on.signedIn('Amina', ['caseworker']);
  await on.desk.keep
    .updateTable('accounts')
    .set({ login: 'amina', password: await hashPassword(password) })
    .execute();
  await offerFactor(on.desk.keep, await accountSeal(on.desk.keep, on.desk.seal), me.id, secret);
});
afterEach(() => on.stop());

const confirm = (form: Record<string, string>) => on.post('/desk/me/code/confirm', me.cookie, form);

it('the secret of a second factor is shown and confirmed only by somebody who has just given the password', async () => {
  on.clock.now += 11 * 60_000;
  for (const code of ['000000', codeAt(secret, stepAt(on.clock.now))]) {
    const answer = await confirm({ code });
    expect(answer.status).toBe(403);
    expect(await answer.text()).not.toMatch(/class="phone"/);
  }
  expect(await hasFactor(on.desk.keep, me.id)).toBe(false);
  expect((await confirm({ code: codeAt(secret, stepAt(on.clock.now)), password })).status).toBe(303);
  expect(await hasFactor(on.desk.keep, me.id)).toBe(true);
});
