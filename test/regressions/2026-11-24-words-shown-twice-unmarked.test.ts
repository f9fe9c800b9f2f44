// A caseworker's words that a kill, a fault or a busy platform had shown twice were reported as if once.
import { expect, it, onTestFinished } from 'vitest';
import { makeSandbox } from '../support/sandbox.ts';
import { caseworker, settle, withRequest } from '../support/someone.ts';

async function answered() {
  const box = await makeSandbox();
  onTestFinished(() => box.end());
  const { me, id } = await withRequest(box);
  await caseworker(box, id, { reply: 'Good morning' }, 'k1');
  const times = () => me.screen().filter((one) => one.text.includes('Good morning')).length;
  const marked = async () =>
    (await box.life().world.keep.selectFrom('messages').select(['state', 'possible_repeat']).execute()).map((row) => ({ ...row }));
  return { box, id, times, marked };
}

it('killed between showing and noting it, the words come again and the desk knows', async () => {
  const { box, times, marked } = await answered();
  // Leased, begun, shown.
  box.arm({ killAfter: 3 });
  await settle(box);
  expect(times()).toBe(2);
  expect(await marked()).toEqual([{ state: 'delivered', possible_repeat: 1 }]);
});

it('told "later" by the platform, they wait at the desk alone and are shown once', async () => {
  const { box, times, marked } = await answered();
  let busy = 2;
  box.faults.slow = () => {
    busy -= 1;
    return busy >= 0 ? { later: 1 } : null;
  };
  await settle(box);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(times()).toBe(1);
  expect(await marked()).toMatchObject([{ state: 'delivered' }]);
});
