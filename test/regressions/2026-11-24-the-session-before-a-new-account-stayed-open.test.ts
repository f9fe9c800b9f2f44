// Whoever opened a link for a new account in a browser that was signed in got a new session, and the old one
// stayed open on the server for half an hour: signing in ends the one before, and so must this.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeInvitation } from '../../src/store/people.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

it('a link for a new account ends the session this browser had', async () => {
  const { cookie } = await on.signedIn('Amina', ['administrator']);
  const token = await makeInvitation(on.desk.keep, ['caseworker'], on.clock.now);
  const password = 'correct horse battery';
  const form = { name: 'Boris', login: 'boris', password, again: password, language: 'en' };
  expect((await on.post(`/desk/welcome/${token}`, cookie, form)).status).toBe(303);
  expect((await on.get('/desk/people', cookie)).status).toBe(401);
});
