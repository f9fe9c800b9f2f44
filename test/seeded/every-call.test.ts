// A store fails once, at its n-th call, for every n: a full disk, as the engine says it. Whoever wrote hears
// the one honest sentence or their message is not confirmed and comes again; then everything goes on.
import { expect, it } from 'vitest';
import { expectSame, stories, told } from '../support/stories.ts';
import { shippedContent } from '../support/talk.ts';

it.for([
  ['talk from the consent on', 200],
  ['talk on the page from the consent on', 200],
  ['return that is taken back', 100],
] as const)('a %s ends as without a fault, whichever call fails', { timeout: 300_000 }, async ([name, least]) => {
  const story = stories[name];
  const { catalog } = await shippedContent();
  const sound = await told(story, {});
  expect(sound.found).toEqual([]);
  let failed = 0;
  for (let came = true; came; ) {
    const faulty = await told(story, { failAt: failed + 1 });
    came = faulty.came;
    if (came) failed += 1;
    expectSame(`call ${failed} failed`, faulty, sound, catalog.text('en', 'common', 'notices.problem'));
  }
  expect(failed).toBeGreaterThan(least);
});
