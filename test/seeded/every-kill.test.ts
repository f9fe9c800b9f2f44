// The process is killed right after its n-th lasting step, for every n of whole stories, and starts again on
// the same stores; what was not confirmed comes again. In one process, so that every n has its turn; the
// real SIGKILL is in test/smoke/crash-at.test.ts.
import { expect, it } from 'vitest';
import { expectSame, stories, told } from '../support/stories.ts';
import { shippedContent } from '../support/talk.ts';

const problem = async () => (await shippedContent()).catalog.text('en', 'common', 'notices.problem');

it.for([
  ['talk', 80],
  ['talk on the page', 95],
  ['return that is closed', 30],
  ['return that is worked on elsewhere', 30],
  ['return that is taken back', 20],
] as const)('a %s ends as without a kill, wherever it comes', { timeout: 300_000 }, async ([name, least]) => {
  const story = stories[name];
  const sound = await told(story, {});
  expect(sound.found).toEqual([]);
  let kills = 0;
  for (let came = true; came; ) {
    const faulty = await told(story, { killAfter: kills + 1 });
    came = faulty.came;
    if (came) kills += 1;
    expectSame(`killed after ${kills}`, faulty, sound, await problem());
  }
  expect(kills).toBeGreaterThan(least);
});
