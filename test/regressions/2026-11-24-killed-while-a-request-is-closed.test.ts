// Killed after a closing was noted and before the person was told, they never heard of it: the event came
// again, was known, and the way to them was forgotten. They are told first now.
import { expect, it, onTestFinished } from 'vitest';
import { makeSandbox } from '../support/sandbox.ts';
import { caseworker, requestsOf, settle, withRequest } from '../support/someone.ts';

it.for([1, 2, 3, 4, 5, 6])('killed after step %i of closing, the person hears of it', async (killAfter) => {
  const box = await makeSandbox();
  onTestFinished(() => box.end());
  const { me, id } = await withRequest(box);
  await caseworker(box, id, 'close', 'k1');
  const before = me.screen().length;
  box.arm({ killAfter });
  await settle(box);
  expect(me.screen().slice(before).length).toBeGreaterThan(0);
  expect(await requestsOf(box, me)).toEqual([]);
});
