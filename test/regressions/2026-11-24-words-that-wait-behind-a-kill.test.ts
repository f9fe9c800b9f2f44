// On the page: killed while somebody's message was answered, the same message came again and was answered, but
// a caseworker's words that had waited for the person to come back were not shown with it.
import { expect, it, onTestFinished } from 'vitest';
import { makeSandbox } from '../support/sandbox.ts';
import { caseworker, settle, withRequest } from '../support/someone.ts';

it.for([0, 1, 2, 3, 4])('killed after step %i of the answer, the words that waited are shown with it', async (killAfter) => {
  const box = await makeSandbox();
  onTestFinished(() => box.end());
  const { me, id } = await withRequest(box, 'web', `w_${'a'.repeat(43)}`);
  await caseworker(box, id, { reply: 'Good morning' }, 'k1');
  await settle(box);
  box.arm({ killAfter });
  await me.says('help');
  expect(me.redelivered()).toBe(killAfter === 0 ? 0 : 1);
  expect(me.screen().filter((one) => one.text.includes('Good morning'))).toHaveLength(1);
});
