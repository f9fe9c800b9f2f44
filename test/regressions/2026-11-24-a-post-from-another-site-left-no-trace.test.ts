// A post that another site made a browser send was refused, and nobody who watches the service could see it.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

it('a refused post from another site stands in the log of the service, without words', async () => {
  const { cookie } = await on.signedIn('Amina', ['caseworker']);
  const from = on.lines.length;
  const answer = await on.post('/desk/cases/c_8f31/reply', cookie, { text: 'quince lantern' }, { origin: 'https://evil.example' });
  expect(answer.status).toBe(403);
  const lines = on.lines.slice(from);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: 'warn', event: 'desk.cross-site', status: 403 }]);
  expect(lines.join()).not.toMatch(/quince|evil|c_8f31/);
});
