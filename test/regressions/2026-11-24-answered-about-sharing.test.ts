// Once a person had answered whether their request may be shared, its page did not open any more: the
// history had no words for the answer.
import { expect, it } from 'vitest';
import { opened, startDesk, told } from '../support/desk.ts';

it.for(['en', 'fr'])('a request whose person answered about sharing can still be opened, read in %s', async (language) => {
  const on = await startDesk();
  await on.hook(opened('c_8f31'));
  const answer = { organisation: 'unhcr', version: 1, language: 'fr', hash: '04aa72fe9b1c' };
  await on.hook(told('consent.answered', 'c_8f31', 2, { ...answer, agreed: true }));
  await on.hook(told('consent.answered', 'c_8f31', 3, { ...answer, agreed: false }));
  const { cookie } = await on.signedIn('Amina', ['caseworker'], language);
  expect((await on.get('/desk/cases/c_8f31', cookie)).status).toBe(200);
  await on.stop();
});
