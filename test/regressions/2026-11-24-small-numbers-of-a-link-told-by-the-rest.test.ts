// The sum of openings stood beside the languages shown: two languages opened once each were "two openings in
// other languages". Whatever the sum and the rest tell must stay a choice among large numbers.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addPartner, countOpening } from '../../src/store/partners.ts';
import { transact } from '../../src/store/transact.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
  await transact(on.desk.keep, (tx) => addPartner(tx, 'bcdfghjk', 'Example partner', 'a_1', null, on.clock.now));
});
afterEach(() => on.stop());

it('nobody can work out from a link’s figures that a language was asked for once or twice', async () => {
  const opened = async (language: string, times: number) => {
    for (let at = 0; at < times; at += 1) await countOpening(on.desk.keep, 'bcdfghjk', language);
  };
  await opened('fr', 12);
  await opened('ar', 1);
  await opened('es', 1);
  const { cookie } = await on.signedIn('Sam', ['supervisor']);
  const page = async () => (await on.get('/desk/partners', cookie)).text();
  expect(await page()).not.toContain('French 12');
  await opened('en', 20);
  const shown = await page();
  expect(shown).toContain('English 20');
  expect(shown, 'the rest, 14, is a large number').not.toContain('French 12');
});
