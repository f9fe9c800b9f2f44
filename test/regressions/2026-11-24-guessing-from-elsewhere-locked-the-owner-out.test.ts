// Tries were counted by name alone: whoever knew the name of an account could keep it shut for its owner by
// trying one wrong password every half minute, from anywhere.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { knock } from '../../src/desk/door.ts';
import { hashPassword } from '../../src/desk/password.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';

const password = 'correct horse battery';
let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
  await on.signedIn('Amina', ['caseworker']);
  await on.desk.keep
    .updateTable('accounts')
    .set({ login: 'amina', password: await hashPassword(password) })
    .execute();
});
afterEach(() => on.stop());

const guess = (address: string, at: number) => knock(on.desk, 'amina', `guess number ${at}`, '', address);

it('whoever guesses from one address does not shut the door for the owner at another', async () => {
  const answers = [];
  for (let at = 0; at < 200; at += 1) answers.push(await guess('198.51.100.7', at));
  expect(answers.filter((one) => one === 'wrong')).toHaveLength(10);
  expect(await knock(on.desk, 'amina', password, '', '203.0.113.9')).toMatchObject({ id: 'a_amina' });
});

it('and from a hundred addresses together they still get no more than a few tries', async () => {
  let wrong = 0;
  for (let at = 0; at < 300; at += 1) if ((await guess(`198.51.100.${at % 100}`, at)) === 'wrong') wrong += 1;
  expect(wrong).toBe(60);
});
