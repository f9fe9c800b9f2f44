// Killed after somebody's DELETE had destroyed the key and before they were told: the next start erased the
// rest, and the same tap, coming again, met nobody it knew. "Please choose your language", it said to a person
// who had just asked to be forgotten, and kept a new session of them.
import { expect, it, onTestFinished } from 'vitest';
import { makeSandbox } from '../support/sandbox.ts';
import { withRequest } from '../support/someone.ts';

it.for([1, 2, 3, 4, 5, 6])('killed after step %i of it, they hear that all is deleted, and no session is left', async (killAfter) => {
  const box = await makeSandbox();
  onTestFinished(() => box.end());
  const { me } = await withRequest(box);
  await me.says('DELETE');
  box.arm({ killAfter });
  await me.taps('delete-all');
  expect(me.redelivered()).toBe(1);
  expect(me.screen().at(-1)?.text).toContain('We delete everything about you');
  const { sessions, index } = box.life().world;
  expect(await sessions.load(index('person', 'telegram', 'person-1'))).toBeUndefined();
});
