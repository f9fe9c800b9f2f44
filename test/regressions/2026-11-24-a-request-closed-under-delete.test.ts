// A request was closed while "delete everything?" stood on the person's screen, and a store failed as their tap
// erased the rest: the tap, coming again, met nobody it knew and began a new talk.
import { expect, it, onTestFinished } from 'vitest';
import { makeSandbox } from '../support/sandbox.ts';
import { caseworker, settle, withRequest } from '../support/someone.ts';

it.for([1, 2, 3])('killed after step %i of it, they hear that all is deleted, and no session is left', async (killAfter) => {
  const box = await makeSandbox();
  onTestFinished(() => box.end());
  const { me, id } = await withRequest(box);
  await me.starts();
  await me.says('DELETE');
  const tap = me.choiceOf('delete-all');
  await caseworker(box, id, 'close', 'k1');
  await settle(box);
  box.arm({ killAfter });
  await me.sends(tap);
  expect(me.redelivered()).toBe(1);
  expect(me.screen().at(-1)?.text).toContain('We delete everything about you');
  const { sessions, index } = box.life().world;
  expect(await sessions.load(index('person', 'telegram', 'person-1'))).toBeUndefined();
});
