// Killed after a caseworker's words were shown and before the session knew of it, the bot took what the person
// answered to them for a greeting, until the words were delivered again: on PostgreSQL for half a minute.
import { expect, it } from 'vitest';
import { transcriptOf } from '../../src/store/transcript.ts';
import { makeSandbox } from '../support/sandbox.ts';
import { caseworker, requestsOf, settle, someone } from '../support/someone.ts';
import { toGate } from '../support/ways.ts';

const [said, replied] = ['an answer to the words', 'words of a caseworker'];

/** Killed after the n-th lasting step of the delivery; whether that came, and what of the answer is at the desk. */
async function told(n: number) {
  const box = await makeSandbox();
  const me = someone(box, 'telegram', 'person-1');
  await me.starts();
  await me.taps(...toGate, 'me', 'adult', 'shelter', 'no', 'no', 'me', 'yes', 'yes');
  await settle(box);
  const [id = ''] = await requestsOf(box, me);
  await caseworker(box, id, 'claim', 'k1');
  await caseworker(box, id, { reply: replied }, 'k2');
  box.arm({ killAfter: n });
  await box
    .life()
    .look()
    .catch(() => {});
  const came = box.dead();
  box.faults.lines.messages = 'down';
  if (came) await box.again();
  const seen = me.screen().some((one) => one.text.includes(replied));
  if (seen) await me.says(said);
  box.faults.lines.messages = 'sound';
  box.clock.at += 60_000;
  await settle(box);
  const words = await box.look(({ world: { keep, seal } }) => transcriptOf(keep, seal, id));
  await box.end();
  return { came, seen, arrived: words.filter((one) => one.text === said).length };
}

it('an answer to words that were shown reaches the caseworker, wherever a kill came before it', async () => {
  let answered = 0;
  for (let n = 1, came = true; came; n += 1) {
    const one = await told(n);
    came = one.came;
    expect([n, one.arrived]).toEqual([n, one.seen ? 1 : 0]);
    if (one.came && one.seen) answered += 1;
  }
  expect(answered).toBeGreaterThan(0);
});
